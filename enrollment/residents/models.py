"""Residents, households, assistance identities."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.divisions.expressions import township_of
from enrollment.history.tracking import keep_history
from enrollment.periods.expressions import no_overlap
from enrollment.privacy.crypto import digest
from enrollment.privacy.fields import SealedTextField
from enrollment.residents.readings import has_reading, reading
from enrollment.transitions.models import append_only
from enrollment.values.identifiers import mask_account, mask_id, mask_phone
from enrollment.values.initials import MAX_LENGTH, MAX_READINGS, initials_of


@keep_history(inserts=False)
class Household(models.Model):
    """A household (户): the unit that villages collect premiums by."""

    number = models.CharField(_("household number"), max_length=32, unique=True, db_collation="C")
    division = models.ForeignKey(
        "enrollment.Division", models.PROTECT, related_name="+", verbose_name=_("division")
    )

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        indexes = [
            models.Index(township_of("division"), "number", name="household_township_number")
        ]

    def __str__(self) -> str:
        return self.number


@keep_history(
    inserts=False,
    # Sealed anew with each save, the number shows a change in its digest alone.
    unwatched=("id_number", "initials"),
    left_out=("roll_phone_digest", "roll_account_digest"),
)
class Person(models.Model):
    """A resident (参保人), one row per identity number.

    The number, phone and account are sealed; `id_digest` finds the exact number and
    `last4_digest` the last four characters. The name stays clear: windows search by it, and by
    its `initials`, one word for each reading of the first character (see `PersonReading`).
    `roll_phone_digest` and `roll_account_digest` keep what a roll said last: sealed values
    differ each time, and a roll that says the same again must not undo a correction made
    at the window.
    """

    class Sex(models.TextChoices):
        """As derived from the identity number."""

        MALE = "male", _("male")
        FEMALE = "female", _("female")

    id_number = SealedTextField(_("identity number"))
    id_digest = models.BinaryField(_("digest of the identity number"), max_length=32, unique=True)
    last4_digest = models.BinaryField(_("digest of the last four"), max_length=32)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60, db_collation="C")
    initials = models.CharField(
        _("initials"),
        max_length=MAX_LENGTH,
        blank=True,
        default="",
        editable=False,
        db_collation="C",
    )
    sex = models.CharField(_("sex"), max_length=6, choices=Sex)
    born_on = models.DateField(_("date of birth"))
    division = models.ForeignKey(
        "enrollment.Division", models.PROTECT, related_name="+", verbose_name=_("division")
    )
    household = models.ForeignKey(
        Household,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("household"),
    )
    phone = SealedTextField(_("phone"), blank=True, default=str)
    account_no = SealedTextField(_("bank account"), blank=True, default=str)
    account_name = models.CharField(_("account holder"), max_length=60, blank=True)
    roll_phone_digest = models.BinaryField(max_length=16, blank=True, default=bytes)
    roll_account_digest = models.BinaryField(max_length=16, blank=True, default=bytes)

    class Meta:
        verbose_name = _("resident")
        verbose_name_plural = _("residents")
        indexes = [
            models.Index(fields=["last4_digest"], name="person_last4"),
            # With the key: the rows of a page far down are passed over in the index alone.
            models.Index(fields=["name", "id"], name="person_name_id"),
            # The same within a township: its list, by name and with any other filter. With the
            # division itself, or the index alone could not count them.
            models.Index(
                township_of("division"),
                "name",
                "id",
                include=["division"],
                name="person_township_name",
            ),
            *(
                models.Index(
                    reading(position),
                    "id",
                    name=f"person_reading_{position}",
                    condition=has_reading(position),
                )
                for position in range(1, MAX_READINGS + 1)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="person_name_not_empty"),
        ]
        permissions = [
            ("unmask_person", _("Can see full identity numbers and accounts")),
            ("correct_account", _("Can correct a resident's bank account")),
            ("move_person", _("Can change a resident's township or village")),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the digests in step with the number, the initials with the name."""
        self.id_digest = digest(self.id_number, "id")
        self.last4_digest = digest(self.id_number[-4:], "last4")
        self.initials = initials_of(self.name)
        fields = kwargs.get("update_fields")
        if fields is not None and "name" in fields:
            kwargs["update_fields"] = {*fields, "initials"}
        super().save(*args, **kwargs)

    @property
    def masked_id(self) -> str:
        """`433127********1234`."""
        return mask_id(self.id_number)

    @property
    def masked_phone(self) -> str:
        """`138****1234`."""
        return mask_phone(self.phone) if self.phone else ""

    @property
    def masked_account(self) -> str:
        """`**** 1234`."""
        return mask_account(self.account_no)


class AccountChange(models.Model):
    """A change of a resident's bank account: append-only, both accounts sealed.

    `actor` is empty when an enrolment roll brought the new account.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="account_changes", verbose_name=_("resident")
    )
    old_account_no = SealedTextField(_("old account"), blank=True, default=str)
    old_account_name = models.CharField(_("old account holder"), max_length=60, blank=True)
    new_account_no = SealedTextField(_("new account"))
    new_account_name = models.CharField(_("new account holder"), max_length=60)
    actor = models.ForeignKey(
        "enrollment.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("account change")
        verbose_name_plural = _("account changes")
        ordering = ["-id"]
        indexes = [models.Index(fields=["at", "id"], name="account_change_at")]
        triggers = append_only("account_change")

    def __str__(self) -> str:
        return f"{self.masked_old} → {self.masked_new}"

    @property
    def masked_old(self) -> str:
        """`**** 1234`."""
        return mask_account(self.old_account_no)

    @property
    def masked_new(self) -> str:
        """`**** 1234`."""
        return mask_account(self.new_account_no)


class IdentityKind(models.TextChoices):
    """Codes of the policies; the roll's 人员类别."""

    EXTREMELY_POOR = "extremely_poor", _("extremely poor (特困)")
    LOW_INCOME = "low_income", _("low income (低保)")
    AT_RISK = "at_risk", _("at risk of poverty (返贫致贫监测)")
    REGISTERED_POOR = "registered_poor", _("registered poor (建档立卡)")
    MEDICAL_AID = "medical_aid", _("medical aid (医疗救助对象)")
    PREFERENTIAL = "preferential", _("preferential treatment (优抚)")
    FIVE_GUARANTEE = "five_guarantee", _("five guarantees (五保)")


@keep_history(of="person", inserts=False)
class AssistanceIdentity(models.Model):
    """A dated assistance identity of a resident (困难身份), both ends inclusive.

    Which benefit it brings is the policy's business; here stands only that it holds.
    """

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="identities", verbose_name=_("resident")
    )
    kind = models.CharField(_("identity"), max_length=20, choices=IdentityKind)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("assistance identity")
        verbose_name_plural = _("assistance identities")
        indexes = [
            # Who holds an identity on a day: the index alone says it.
            models.Index(
                fields=["kind", "person"],
                include=["starts_on", "ends_on"],
                name="identity_kind_person",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="identity_ends_after_start",
            ),
            # One per kind: identities of different kinds may overlap, those of one may not.
            *(
                no_overlap(
                    f"identity_{kind}_overlap",
                    "person_id",
                    _("This resident already has this identity in that period."),
                    condition=models.Q(kind=kind),
                )
                for kind in IdentityKind.values
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class IdentityChange(models.Model):
    """An identity granted or ended by hand: append-only, with the paper it rests on.

    What a roll brings is not logged here: the roll itself is the paper.
    """

    class Action(models.TextChoices):
        """What was done."""

        GRANTED = "granted", _("granted")
        ENDED = "ended", _("ended early")

    identity = models.ForeignKey(
        AssistanceIdentity,
        models.PROTECT,
        related_name="changes",
        verbose_name=_("assistance identity"),
    )
    action = models.CharField(_("action"), max_length=10, choices=Action)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True)
    document = models.CharField(_("document"), max_length=120)
    actor = models.ForeignKey(
        "enrollment.User", models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("change of an identity")
        verbose_name_plural = _("changes of identities")
        ordering = ["id"]
        triggers = append_only("identity_change")

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.at:%Y-%m-%d}"


class Unmasking(models.Model):
    """Somebody looked at a resident's full numbers, and why: append-only."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="unmaskings", verbose_name=_("resident")
    )
    actor = models.ForeignKey(
        "enrollment.User", models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("look at full numbers")
        verbose_name_plural = _("looks at full numbers")
        ordering = ["-id"]
        indexes = [models.Index(fields=["at", "id"], name="unmasking_at")]
        triggers = append_only("unmasking")
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="unmasking_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.at:%Y-%m-%d}"
