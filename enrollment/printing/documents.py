"""What a room hands over to be printed, and which kinds of paper there are.

    register_kind(
        "benefit_statement",
        _("Benefit statement"),
        permission="claims.view_claim",
        labels=("Paid in all",),
    )

    def statement_of(claim: Claim) -> Document:
        return Document(
            kind="benefit_statement", number=claim.number, title=gettext("Benefit statement"),
            template="claims/statement.html", context={"claim": claim},
            summary=((gettext("Paid in all"), format_yuan(paid)),),
        )

The template holds the paper's own part; bureau, title, number, check code, QR code and the
line of who issued it when are the frame's (`templates/printing/paper.html`). It must show
nothing that changes by itself, such as the present day: an unchanged document prints the paper
that was issued, byte for byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from enrollment.desk.tags import Label


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper.

    Attributes:
        code: its name in the register of papers.
        label: what the office calls it.
        permission: who may read a paper of this kind in full (`app.codename`).
        first_stays: whether the first version stays the only one, whatever changes later.
        labels: the English texts of its summary's labels, so that whoever checks a paper reads
            them in their own language; the values stay as the paper has them.
    """

    code: str
    label: Label
    permission: str
    first_stays: bool = False
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """One document in the reader's language, ready to be issued.

    Attributes:
        kind: code of a registered kind.
        number: the document's number in the bureau.
        title: the heading.
        template: template of the paper's own part.
        context: what the template shows.
        summary: label and value of the figures that somebody who checks a paper compares.
    """

    kind: str
    number: str
    title: str
    template: str
    context: Mapping[str, Any]
    summary: tuple[tuple[str, str], ...] = ()


_kinds: dict[str, PaperKind] = {}


def register_kind(
    code: str,
    label: Label,
    *,
    permission: str,
    first_stays: bool = False,
    labels: tuple[str, ...] = (),
) -> None:
    """Name a kind of paper; raises ImproperlyConfigured when the code is taken."""
    if code in _kinds:
        raise ImproperlyConfigured(f"{code} is registered twice")
    _kinds[code] = PaperKind(code, label, permission, first_stays, labels)


def kinds() -> list[PaperKind]:
    """All kinds, in the order in which the rooms name them."""
    return list(_kinds.values())


def kind_of(code: str) -> PaperKind:
    """The registered kind; raises KeyError for any other code."""
    return _kinds[code]
