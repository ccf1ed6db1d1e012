"""The second step of a login: a code that changes every half minute, or a recovery code.

Whoever can release money, reviews or penalties gives one at each login; everybody else may
choose to. A demonstration only offers it, so that nobody is locked out of a county to try.
"""

import base64
from secrets import choice

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken

from enrollment.access.models import User
from enrollment.bureau.selectors import current_bureau
from enrollment.login.devices import Authenticator, RecoveryCodes

# Who holds one of these can release money or decide against somebody.
GUARDED = (
    "claims.review_second",
    "claims.run_settlement",
    "claims.approve_batch",
    "claims.approve_correction",
    "claims.approve_clearance",
    "claims.approve_policy",
    "claims.exchange_bank_files",
    "supervision.decide_penalty",
    "enrollment.change_user",
)
RECOVERY_CODES = 10
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another
_NAME = "portal"


def is_required(user: User) -> bool:
    """Whether the user may not log in by the password alone."""
    if not settings.SECOND_STEP_REQUIRED or current_bureau().is_demonstration:
        return False
    return any(user.has_perm(permission) for permission in GUARDED)


def has_second_step(user: User) -> bool:
    """Whether the user has set it up."""
    return bool(Authenticator.objects.devices_for_user(user, confirmed=True).exists())


def waiting_device(user: User) -> Authenticator:
    """The device that is being set up; its key stays until it is confirmed."""
    device: Authenticator
    device, _made = Authenticator.objects.get_or_create(user=user, confirmed=False, name=_NAME)
    return device


def manual_key(device: Authenticator) -> str:
    """The key for typing, in groups of four."""
    key = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def confirm_device(user: User, code: str) -> list[str] | None:
    """Set the second step up by the device's first code; the recovery codes, or None if wrong."""
    with transaction.atomic():
        device = Authenticator.objects.select_for_update().get(pk=waiting_device(user).pk)
        if not device.verify_token(code):
            return None
        Authenticator.objects.filter(user=user).exclude(pk=device.pk).delete()
        device.confirmed = True
        device.save()
        return new_recovery_codes(user)


def new_recovery_codes(user: User) -> list[str]:
    """Ten codes that are good once each; earlier ones are good no more."""
    with transaction.atomic():
        RecoveryCodes.objects.filter(user=user).delete()
        kept = RecoveryCodes.objects.create(user=user, name=_NAME)
        codes = ["".join(choice(_SIGNS) for _nth in range(8)) for _code in range(RECOVERY_CODES)]
        kept.keep(codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def recovery_codes_left(user: User) -> int:
    """How many recovery codes are still good."""
    return int(StaticToken.objects.filter(device__user=user).count())


def is_right(user: User, code: str) -> bool:
    """Whether the code is the device's present one, or a recovery code, which is then used up.

    Both are throttled by the library: after a wrong code the next must wait, longer each time.
    """
    plain = code.strip().replace(" ", "").replace("-", "").lower()
    kind = (
        Authenticator if plain.isascii() and plain.isdigit() and len(plain) == 6 else RecoveryCodes
    )
    with transaction.atomic():
        for device in kind.objects.select_for_update().filter(user=user, confirmed=True):
            if device.verify_is_allowed()[0] and device.verify_token(plain):
                return True
    return False


def waits_until(user: User) -> int:
    """Seconds until the next code is looked at; 0 when at once."""
    longest = 0
    for kind in (Authenticator, RecoveryCodes):
        for device in kind.objects.filter(user=user, confirmed=True):
            allowed, why = device.verify_is_allowed()
            if not allowed and why:
                until = (why["locked_until"] - timezone.now()).total_seconds()
                longest = max(longest, int(until) + 1)
    return longest


def reset_second_step(user: User) -> None:
    """The device is lost: the next login sets up another."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        RecoveryCodes.objects.filter(user=user).delete()
