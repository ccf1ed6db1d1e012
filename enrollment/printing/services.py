"""Issuing papers and printing them."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language

from enrollment.access.models import User
from enrollment.bureau.selectors import current_bureau
from enrollment.printing.codes import check_code, qr_data, read_code, sha256
from enrollment.printing.documents import Document, PaperKind, kind_of
from enrollment.printing.models import IssuedPaper, PaperPdf, PaperPrint
from enrollment.printing.pdf import as_pdf

# What the frame's template leaves open; no text of a document can hold a comment.
CODE_SLOT = "<!--check-code-->"
QR_SLOT = "<!--qr-code-->"


class AlteredPaper(Exception):
    """A stored paper no longer fits its check code: the database was changed by hand."""


def issue_paper(document: Document, *, actor: User | None, at: datetime) -> IssuedPaper:
    """The issued paper of a document in the reader's language; issues it when there is none.

    A changed document gives the next version, unless its kind keeps the first. Whoever issues
    at the same moment gets the same paper.
    """
    try:
        with transaction.atomic():
            return _issue(document, actor, at)
    except IntegrityError:
        with transaction.atomic():
            return _issue(document, actor, at)


def may_issue(kind: PaperKind, user: User) -> bool:
    """Whether the user issues papers of the kind: who acts in its app, not who only reads there."""
    app = kind.permission.partition(".")[0]
    held = (permission.partition(".") for permission in user.get_all_permissions())
    return any(label == app and not name.startswith("view_") for label, _dot, name in held)


def issued_paper(kind: str, number: str, language: str = "") -> IssuedPaper | None:
    """The latest version of a paper in a language (the reader's unless given), or None."""
    rows = IssuedPaper.objects.filter(
        kind=kind, number=number, language=language or _reader_language()
    )
    return rows.order_by("version").last()


def _issue(document: Document, actor: User | None, at: datetime) -> IssuedPaper:
    kind = kind_of(document.kind)
    language = _reader_language()
    latest = issued_paper(document.kind, document.number, language)
    if latest is not None and kind.first_stays:
        return latest
    bureau = current_bureau()
    body = render_to_string(document.template, {**document.context, "bureau": bureau})
    content = sha256(f"{bureau.name}\n{document.title}\n{body}")
    if latest is not None and latest.content_digest == content:
        return latest
    version = latest.version + 1 if latest is not None else 1
    html = render_to_string(
        "printing/paper.html",
        {
            "bureau": bureau,
            "document": document,
            "version": version,
            "body": body,
            "issuance": render_to_string(
                "printing/issuance.html", {"issued_by": actor, "issued_at": at}
            ),
            "language": language,
        },
    )
    digest = sha256(html)
    return IssuedPaper.objects.create(
        kind=document.kind,
        number=document.number,
        version=version,
        language=language,
        title=document.title,
        html=html,
        digest=digest,
        content_digest=content,
        code=check_code(document.kind, document.number, version, language, digest),
        summary=[list(pair) for pair in document.summary],
        issued_by=actor,
        issued_at=at,
    )


def paper_html(paper: IssuedPaper) -> str:
    """The paper as it was issued, its code and QR code in their places.

    Raises AlteredPaper when what is stored is not what was issued.
    """
    if not is_unaltered(paper):
        raise AlteredPaper(str(paper))
    qr = f'<img class="qr" src="{qr_data(f"{paper.number} {paper.grouped_code}")}" alt="">'
    return paper.html.replace(CODE_SLOT, escape(paper.grouped_code)).replace(QR_SLOT, qr)


def is_unaltered(paper: IssuedPaper) -> bool:
    """Whether the stored text still fits the keyed check code."""
    digest = sha256(paper.html)
    code = check_code(paper.kind, paper.number, paper.version, paper.language, digest)
    return hmac.compare_digest(code, paper.code) and hmac.compare_digest(digest, paper.digest)


def print_page(paper: IssuedPaper, *, actor: User, at: datetime) -> str:
    """The paper for the print view; the print is logged."""
    html = paper_html(paper)
    PaperPrint.objects.create(
        paper=paper, form=PaperPrint.Form.PAGE, printed_by=actor, printed_at=at
    )
    return html


def print_pdf(paper: IssuedPaper, *, actor: User, at: datetime) -> bytes:
    """The paper's PDF, made once and kept; the print is logged.

    Raises PrintingUnavailable where the machine has no Pango.
    """
    content = _pdf(paper, at)
    PaperPrint.objects.create(
        paper=paper, form=PaperPrint.Form.PDF, printed_by=actor, printed_at=at
    )
    return content


def _pdf(paper: IssuedPaper, at: datetime) -> bytes:
    kept = PaperPdf.objects.filter(paper=paper).first()
    if kept is None:
        page = render_to_string("printing/page.html", {"paper": paper, "html": paper_html(paper)})
        made = as_pdf(page)
        # Of two who make it at once, the first one's bytes stay.
        PaperPdf.objects.bulk_create(
            [
                PaperPdf(
                    paper=paper,
                    content=made,
                    sha256=hashlib.sha256(made).hexdigest(),
                    made_at=at,
                )
            ],
            ignore_conflicts=True,
        )
        kept = PaperPdf.objects.get(paper=paper)
    content = bytes(kept.content)
    if hashlib.sha256(content).hexdigest() != kept.sha256:
        raise AlteredPaper(str(paper))
    return content


@dataclass(frozen=True)
class Verification:
    """What the register says to a number and a check code.

    Attributes:
        paper: the issued paper that the code belongs to; None when there is none.
        fits: whether the number typed is the paper's.
        unaltered: whether the register's own copy still fits the code.
        newer: the version that has replaced the paper, if any.
    """

    paper: IssuedPaper | None = None
    fits: bool = False
    unaltered: bool = False
    newer: IssuedPaper | None = None

    @property
    def genuine(self) -> bool:
        """Whether the bureau issued this paper as it is registered."""
        return self.paper is not None and self.fits and self.unaltered


def verify_paper(number: str, code: str) -> Verification:
    """Look a paper up by its number and check code, or by a scanned line that holds both."""
    number = number.strip()
    if not code.strip() and number:
        number, _blank, code = number.rpartition(" ")
    paper = IssuedPaper.objects.select_related("issued_by").filter(code=read_code(code)).first()
    if paper is None:
        return Verification()
    newer = issued_paper(paper.kind, paper.number, paper.language)
    return Verification(
        paper=paper,
        fits=_same_number(number, paper.number),
        unaltered=is_unaltered(paper),
        newer=newer if newer is not None and newer.version > paper.version else None,
    )


def _same_number(typed: str, number: str) -> bool:
    """Whether they are one number; brackets and blanks are typed in many ways."""

    def plain(text: str) -> str:
        return "".join(mark for mark in text.casefold() if mark.isalnum())

    return plain(typed) == plain(number)


def _reader_language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh-hans"
