"""A claim that is being typed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.intake.models import Claim
from enrollment.models import Person, User


class WindowDraft(models.Model):
    """The window's form as one clerk left it: for a resident, or for a returned claim.

    `facts` are the fields as typed, valid or not. `mark` says which page saved it last and how
    often (`page.step`), so that a late or a second page does not write over what is newer. It goes
    when the claim is submitted or the clerk discards it; nobody else sees it.
    """

    clerk = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("clerk"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("resident"))
    claim = models.ForeignKey(
        Claim,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("returned claim"),
    )
    facts = models.JSONField(_("what was typed"))
    saved_at = models.DateTimeField(_("saved at"))
    mark = models.CharField(_("mark of the last save"), max_length=24, default="", db_default="")

    class Meta:
        verbose_name = _("draft of a claim")
        verbose_name_plural = _("drafts of claims")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["clerk", "person", "claim"],
                name="one_draft_per_clerk_and_person",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clerk_id} {self.person_id}"
