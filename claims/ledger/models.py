"""Double entry: entries of balanced postings, never changed."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models import Institution
from enrollment.transitions.models import append_only


class Payer(models.TextChoices):
    """Whose money a layer pays with."""

    FUND = "fund", _("basic insurance fund")
    CRITICAL_INSURER = "critical_insurer", _("critical-illness insurer")
    MEDICAL_AID = "medical_aid", _("medical aid fund")
    COUNTY_TREASURY = "county_treasury", _("county treasury")
    HOSPITAL_WAIVER = "hospital_waiver", _("hospital waiver")


class Book(models.TextChoices):
    """A set of accounts that balances by itself and is never netted against another.

    Each payer keeps its own; fines belong to the state treasury (条例 §45).
    """

    FUND = Payer.FUND.value, Payer.FUND.label
    CRITICAL_INSURER = Payer.CRITICAL_INSURER.value, Payer.CRITICAL_INSURER.label
    MEDICAL_AID = Payer.MEDICAL_AID.value, Payer.MEDICAL_AID.label
    COUNTY_TREASURY = Payer.COUNTY_TREASURY.value, Payer.COUNTY_TREASURY.label
    HOSPITAL_WAIVER = Payer.HOSPITAL_WAIVER.value, Payer.HOSPITAL_WAIVER.label
    STATE_TREASURY = "state_treasury", _("state treasury (fines)")


class Account(models.TextChoices):
    """The chart of accounts; each exists once in each book that uses it."""

    BENEFIT_EXPENSE = "benefit_expense", _("benefit expense")
    BENEFITS_PAYABLE = "benefits_payable", _("benefits payable")
    EXPENDITURE_ACCOUNT = "expenditure_account", _("expenditure account (支出户)")
    RECOVERIES_RECEIVABLE = "recoveries_receivable", _("recoveries receivable")
    RECOVERY_INCOME = "recovery_income", _("recovery income")
    OVERPAYMENTS_RECEIVABLE = "overpayments_receivable", _("overpayments receivable")
    OVERPAYMENTS_WRITTEN_OFF = "overpayments_written_off", _("overpayments written off")
    FISCAL_ACCOUNT = "fiscal_account", _("fiscal special account (财政专户)")
    FINES_RECEIVABLE = "fines_receivable", _("fines receivable")
    FINES_DUE_TO_TREASURY = "fines_due_to_treasury", _("fines due to the treasury")
    TREASURY_ACCOUNT = "treasury_account", _("treasury account (国库)")


class Event(models.TextChoices):
    """What gives rise to an entry; rooms above this one post theirs by these names too."""

    SETTLEMENT = "settlement", _("settlement")
    BANK_RETURN = "bank_return", _("bank return")
    CORRECTION = "correction", _("correction of a settled year")
    CORRECTION_OFFSET = "correction_offset", _("correction set off for one payee")
    REPAYMENT = "repayment", _("overpayment paid back")
    OVERPAYMENT_SET_OFF = "overpayment_set_off", _("overpayment set off against a payment")
    OVERPAYMENT_WRITE_OFF = "overpayment_write_off", _("overpayment written off")
    RECOVERY = "recovery", _("recovery ordered")
    RECOVERY_RECEIPT = "recovery_receipt", _("recovery received")
    FINE = "fine", _("fine imposed")
    FINE_RECEIPT = "fine_receipt", _("fine received")


class Entry(models.Model):
    """One business event in the books.

    `source` names the kind of event and `source_key` its record, together unique: posting
    the same event twice is refused by the database.
    """

    number = models.BigAutoField(_("entry number"), primary_key=True)
    on = models.DateField(_("date"))
    source = models.CharField(_("event"), max_length=30, choices=Event)
    source_key = models.CharField(_("record"), max_length=80, db_collation="C")
    description = models.CharField(_("description"), max_length=200)
    created_at = models.DateTimeField(_("posted at"))

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        indexes = [models.Index(fields=["on", "number"], name="entry_day")]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="one_entry_per_event"),
        ]
        triggers = append_only("entry")

    def __str__(self) -> str:
        return f"{self.number}"


class Posting(models.Model):
    """One line of an entry: a debit or a credit in one account of one book, in yuan."""

    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="postings", verbose_name=_("entry")
    )
    book = models.CharField(_("book"), max_length=20, choices=Book)
    account = models.CharField(pgettext_lazy("ledger", "account"), max_length=30, choices=Account)
    layer = models.CharField(_("benefit layer"), max_length=30, blank=True)
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("institution"),
    )
    debit = models.DecimalField(_("debit"), max_digits=14, decimal_places=2, default=0)
    credit = models.DecimalField(_("credit"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        indexes = [models.Index(fields=["book", "account"], name="posting_account")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(debit__gt=0) & Q(credit=0)) | (Q(credit__gt=0) & Q(debit=0)),
                name="posting_one_side",
            ),
        ]
        triggers = [
            *append_only("posting"),
            # At commit, not at each row: an entry's postings come one after another.
            pgtrigger.Trigger(
                name="entry_balances",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("unbalanced", "RECORD")],
                func="""
                    SELECT p.book, sum(p.debit) AS debit, sum(p.credit) AS credit
                      INTO unbalanced
                      FROM claims_posting p WHERE p.entry_id = NEW.entry_id
                     GROUP BY p.book HAVING sum(p.debit) <> sum(p.credit) LIMIT 1;
                    IF FOUND THEN
                        RAISE EXCEPTION 'entry % does not balance in book %: debit %, credit %',
                            NEW.entry_id, unbalanced.book, unbalanced.debit, unbalanced.credit
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()} {self.debit - self.credit}"
