"""The institutions of the full county: as many as the report counts, none with a real name."""

from collections import Counter

from config.demo.county.places import apportion, full_institutions
from config.demo.county.sources import county, institutions

OWN = "433127"


def test_there_are_as_many_as_the_report_counts():
    own = [row for row in full_institutions() if row.division.startswith(OWN)]
    kinds = Counter(row.kind for row in own)
    assert kinds["hospital"] + kinds["outpatient_department"] == 55
    assert kinds["outpatient_department"] == 2
    assert kinds["pharmacy"] == 89
    assert kinds["village_clinic"] == 252
    public = [row for row in own if row.name.startswith("县") or "卫生院" in row.name]
    assert len(public) == 48


def test_codes_and_names_are_unique_and_parents_exist():
    rows = full_institutions()
    codes = {row.code for row in rows}
    assert len(codes) == len({row.name for row in rows}) == len(rows)
    assert {row.parent for row in rows} - {""} <= codes
    assert set(institutions()) <= set(rows)


def test_every_township_has_a_hospital_and_a_village_clinic():
    for kind in ("hospital", "village_clinic"):
        with_one = {row.division for row in full_institutions() if row.kind == kind}
        assert with_one >= set(county().townships)


def test_some_institutions_have_no_agreement_or_an_expired_one():
    agreements = Counter(row.agreement for row in full_institutions())
    assert agreements["expired"] >= 1
    assert agreements["none"] >= 2


def test_seats_go_to_whom_they_are_due_most():
    assert apportion(10, {"a": 6, "b": 3, "c": 1}, {}) == {"a": 6, "b": 3, "c": 1}
    assert apportion(3, {"a": 9, "b": 1}, {"b": 2}) == {"a": 1, "b": 2}
