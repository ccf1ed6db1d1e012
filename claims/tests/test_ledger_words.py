"""What the entries of the books are called, in the reader's language."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from claims.ledger.descriptions import descriptions
from claims.ledger.models import Entry, Event
from claims.tests.night import approved_claim, covered_person, settle
from claims.tests.overpaid import reversed_claim
from enrollment.access.models import User
from enrollment.tests.factories import make_bureau

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client: Client) -> Client:
    make_bureau()
    client.force_login(User.objects.create_superuser("root", "", "p"))
    return client


def test_a_reader_of_english_reads_entries_in_english(root):
    approved_claim(covered_person())
    settle()
    (entry, *_more) = Entry.objects.all()
    run = entry.source_key.split(":")[0]
    said = {
        "en": f"Settlement run {run}, claims approved up to 2026-",
        "zh-hans": entry.description,
    }
    assert "结算批次" in entry.description
    for language, text in said.items():
        root.cookies["django_language"] = language
        for page in (
            root.get(reverse("admin:claims_entry_changelist")),
            root.get(reverse("admin:claims_entry_change", args=[entry.pk])),
        ):
            assert text in page.text
            assert ("结算批次" in page.text) == (language != "en")


def test_each_event_of_the_claims_is_named_and_the_book_keeps_its_own_text():
    reversed_claim()
    entries = list(Entry.objects.all())
    assert {entry.source for entry in entries} >= {Event.SETTLEMENT, Event.CORRECTION}
    with translation.override("zh-hans"):
        assert descriptions(entries) == {entry.pk: entry.description for entry in entries}
    with translation.override("en"):
        told = descriptions(entries)
        assert "".join(told.values()).isascii()


def test_what_has_no_record_to_name_stands_as_the_book_has_it():
    gone = Entry(pk=1, source=Event.CORRECTION, source_key="999:1:basic:fund", description="更正")
    fine = Entry(pk=2, source=Event.FINE, source_key="7", description="医保罚〔2026〕1号")
    with translation.override("en"):
        assert descriptions([gone, fine]) == {1: "更正", 2: "医保罚〔2026〕1号"}
