"""Papers that the bureau has issued, their frozen bytes, and who printed them."""

from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.printing.documents import kind_of
from enrollment.transitions.models import append_only


class IssuedPaper(models.Model):
    """One paper as it was issued (出具), in one language; never changed afterwards.

    `html` is the whole paper with empty slots for check code and QR code; `digest` is its
    SHA-256 and `code` the keyed check code over kind, number, version, language and digest,
    so that neither the stored paper nor a printed figure can be changed unnoticed. A document
    whose content has changed since is issued again as the next version; where the law wants
    one text (a decision), the first version stays the only one.
    """

    kind = models.CharField(_("kind of paper"), max_length=30, db_collation="C")
    number = models.CharField(_("document number"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    language = models.CharField(_("language"), max_length=8, db_collation="C")
    title = models.CharField(_("title"), max_length=120)
    html = models.TextField(_("text"))
    digest = models.CharField("SHA-256", max_length=64, db_collation="C")
    content_digest = models.CharField(
        _("SHA-256 of the content"),
        max_length=64,
        db_collation="C",
        help_text=_("Without the issuer and the time: tells whether the document has changed."),
    )
    code = models.CharField(_("check code"), max_length=12, db_collation="C")
    summary = models.JSONField(_("key figures"), help_text=_("Pairs of label and value."))
    issued_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("issued by"),
        help_text=_("Empty when the portal itself issued it."),
    )
    issued_at = models.DateTimeField(_("issued at"))

    class Meta:
        verbose_name = _("issued paper")
        verbose_name_plural = _("issued papers")
        ordering = ["-id"]
        permissions = [("view_verification", _("Can verify a paper by its check code"))]
        # The papers of one kind, a page at a time.
        indexes = [models.Index(fields=["kind", "id"], name="paper_of_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "kind", "language", "version"], name="one_paper_per_version"
            ),
            models.UniqueConstraint(fields=["code"], name="one_paper_per_code"),
            models.CheckConstraint(condition=Q(version__gte=1), name="paper_version_from_one"),
        ]
        triggers = append_only("issued_paper")

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def figures(self) -> list[tuple[str, str]]:
        """The summary, its labels in the reader's language and its values as the paper has them.

        A label that its kind does not name stands as it was issued.
        """
        labels = kind_of(self.kind).labels
        with translation.override(self.language):
            english = {gettext(label): label for label in labels}
        return [(gettext(english.get(label, label)), value) for label, value in self.summary]

    @property
    def grouped_code(self) -> str:
        """The check code as it is printed: `ABCD-EFGH-JKLM`."""
        return "-".join(self.code[at : at + 4] for at in range(0, len(self.code), 4))


class PaperPdf(models.Model):
    """The PDF of a paper, made at its first PDF print; every later one gives these bytes."""

    paper = models.OneToOneField(
        IssuedPaper,
        models.PROTECT,
        primary_key=True,
        related_name="pdf",
        verbose_name=_("issued paper"),
    )
    content = models.BinaryField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64, db_collation="C")
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("PDF of a paper")
        verbose_name_plural = _("PDFs of papers")
        triggers = append_only("paper_pdf")

    def __str__(self) -> str:
        return self.sha256


class PaperPrint(models.Model):
    """That somebody opened the print view of a paper or took its PDF."""

    class Form(models.TextChoices):
        """What was taken."""

        PAGE = "page", _("print view")
        PDF = "pdf", "PDF"

    paper = models.ForeignKey(
        IssuedPaper, models.PROTECT, related_name="prints", verbose_name=_("issued paper")
    )
    form = models.CharField(_("form"), max_length=4, choices=Form)
    printed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("printed by")
    )
    printed_at = models.DateTimeField(_("printed at"))

    class Meta:
        verbose_name = _("print of a paper")
        verbose_name_plural = _("prints of papers")
        ordering = ["id"]
        triggers = append_only("paper_print")

    def __str__(self) -> str:
        return f"{self.paper_id} {self.form}"
