"""Uploaded claims: file in, claims awaiting first review out."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from claims.benefit.types import PRIOR_LAYERS
from claims.models import Claim, ClaimTransition
from claims.review.services import approve, pass_first
from claims.tests.factories import NOW, make_claim, make_clerk, make_resident, make_reviewer
from claims.uploads.columns import COLUMNS
from claims.uploads.services import import_claims
from enrollment.models import Suspension, User
from enrollment.sheets import SheetRefused
from enrollment.tests.factories import make_bureau, make_institution, make_person, make_user
from enrollment.transitions.table import NotPermitted

HEADER = [column.title for column in COLUMNS]


@pytest.fixture
def hospital(db):
    return make_institution(code="H43312700001")


@pytest.fixture
def person(db):
    return make_resident(sex="female", born_on=date(1990, 3, 8))


def row(person, hospital, **fields):
    """One good row: a stay of 1 to 8 September."""
    values = {
        "visit_no": "V1",
        "institution": hospital.code,
        "id_number": person.id_number,
        "kind": "住院",
        "admitted_on": "2026-09-01",
        "discharged_on": "2026-09-08",
        "diagnosis": "J18.9",
        "total": "10000.00",
        "excluded": "600",
        "over_limit": "",
        "first_self_pay": "200.5",
        "invoice_no": "",
    }
    return list({**values, **fields}.values())


@pytest.fixture
def upload(tmp_path):
    """Import rows; returns the counts and (line, column) of what was rejected."""

    def run(*rows, header=HEADER, encoding="utf-8-sig", **options):
        path, rejects = tmp_path / "claims.csv", tmp_path / "rejects.csv"
        with path.open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream).writerows([header, *rows])
        result = import_claims(path, at=NOW, rejects_to=rejects, **options)
        with rejects.open(encoding="utf-8-sig", newline="") as stream:
            found = [(int(line), column) for line, column, *_rest in list(csv.reader(stream))[1:]]
        counts = (result.created, result.updated, result.unchanged, result.rejected)
        assert sum(counts) == result.read == len(rows)
        return counts, found

    return run


def test_a_good_row_becomes_a_claim_that_awaits_first_review(upload, person, hospital):
    assert upload(row(person, hospital)) == ((1, 0, 0, 0), [])
    claim = Claim.objects.get()
    assert (claim.source, claim.state, claim.person, claim.institution) == (
        "upload", "submitted", person, hospital,
    )  # fmt: skip
    assert (claim.admitted_on, claim.discharged_on) == (date(2026, 9, 1), date(2026, 9, 8))
    assert (claim.total, claim.in_policy) == (Decimal("10000.00"), Decimal("9199.50"))
    assert claim.number.startswith("20261124")
    assert claim.entered_by.username == "upload"
    assert not claim.entered_by.is_active
    transition = claim.transitions.get()
    assert (transition.action, transition.to_state, transition.actor) == (
        "submit", "submitted", claim.entered_by,
    )  # fmt: skip


def test_an_upload_takes_both_reviews(upload, person, hospital):
    upload(row(person, hospital))
    claim = Claim.objects.get()
    pass_first(claim, actor=make_reviewer(), at=NOW)
    approve(claim, actor=make_reviewer(), at=NOW)
    assert claim.state == "approved"


def test_an_upload_from_outside_the_county_is_not_asked_for_a_filing(upload, person):
    away = make_institution(in_county=False, level="city")
    upload(row(person, away))
    claim = Claim.objects.get()
    pass_first(claim, actor=make_reviewer(), at=NOW)
    approve(claim, actor=make_reviewer(), at=NOW)
    assert claim.state == "approved"


def test_the_same_file_again_changes_nothing(upload, person, hospital):
    rows = [
        row(person, hospital),
        row(person, hospital, visit_no="V2", kind="普通门诊", invoice_no="F 1"),
    ]
    assert upload(*rows)[0] == (2, 0, 0, 0)
    before = list(Claim.objects.order_by("id").values())
    assert upload(*rows)[0] == (0, 0, 2, 0)
    assert list(Claim.objects.order_by("id").values()) == before
    assert ClaimTransition.objects.count() == 2


def test_a_rejected_claim_is_not_uploaded_anew_by_the_same_row(upload, person, hospital):
    upload(row(person, hospital))
    Claim.objects.update(state="rejected")
    assert upload(row(person, hospital))[0] == (0, 0, 1, 0)
    assert upload(row(person, hospital, total="9000"))[0] == (1, 0, 0, 0)


@pytest.mark.parametrize("state", ["submitted", "checked", "approved", "settled", "held"])
def test_other_facts_of_an_open_or_settled_visit_are_rejected(upload, person, hospital, state):
    upload(row(person, hospital))
    Claim.objects.update(state=state)
    assert upload(row(person, hospital, total="9000")) == ((0, 0, 0, 1), [(2, "就诊流水号")])
    assert Claim.objects.get().total == Decimal("10000.00")


def test_a_returned_visit_is_corrected_and_submitted_again(upload, person, hospital):
    upload(row(person, hospital))
    Claim.objects.update(state="returned")
    assert upload(row(person, hospital, total="9000"))[0] == (0, 1, 0, 0)
    claim = Claim.objects.get()
    assert (claim.state, claim.total) == ("submitted", Decimal("9000.00"))
    assert [row.action for row in claim.transitions.all()] == ["submit", "resubmit"]


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"visit_no": ""}, "就诊流水号"),
        ({"visit_no": "V" * 41}, "就诊流水号"),
        ({"institution": "H0"}, "机构编码"),
        ({"institution": ""}, "机构编码"),
        ({"id_number": "433127198005170019"}, "证件号码"),
        ({"id_number": "4.33127E+17"}, "证件号码"),
        ({"id_number": "11010519491231002X"}, "证件号码"),  # nobody on the roll
        ({"kind": "体检"}, "就诊类别"),
        ({"kind": ""}, "就诊类别"),
        ({"admitted_on": ""}, "入院日期"),
        ({"admitted_on": "2026-09-09"}, "入院日期"),
        ({"admitted_on": "2026-13-01"}, "入院日期"),
        ({"discharged_on": ""}, "出院日期"),
        ({"discharged_on": "2026-11-25"}, "出院日期"),
        ({"discharged_on": "九月八日"}, "出院日期"),
        ({"discharged_on": "2025-09-08", "admitted_on": "2025-09-01"}, "机构编码"),
        ({"diagnosis": "x" * 101}, "诊断编码"),
        ({"total": ""}, "总费用"),
        ({"total": "0"}, "总费用"),
        ({"total": "-1"}, "总费用"),
        ({"total": "1.005"}, "总费用"),
        ({"total": "NaN"}, "总费用"),
        ({"total": "=1+1"}, "总费用"),
        ({"total": "999999999"}, "总费用"),
        ({"total": "800.49"}, "总费用"),
        ({"excluded": "-1"}, "全自费"),
        ({"over_limit": "x"}, "超限价"),
        ({"first_self_pay": "0.001"}, "先行自付"),
        ({"invoice_no": "F" * 41}, "票据号"),
    ],
)
def test_a_bad_row_is_rejected_with_its_column(upload, person, hospital, fields, column):
    good = row(person, hospital, visit_no="V2", kind="general_outpatient", admitted_on="")
    assert upload(good, row(person, hospital, **fields)) == ((1, 0, 0, 1), [(3, column)])
    assert Claim.objects.get().visit_no == "V2"


def test_coverage_is_asked_on_the_day_of_discharge(upload, hospital):
    nobody, late = make_person(), make_person()
    late.enrolments.create(
        year=2026, category="ordinary", starts_on=date(2026, 9, 9), ends_on=date(2026, 12, 31)
    )
    rows = [row(nobody, hospital), row(late, hospital, visit_no="V2")]
    assert upload(*rows) == ((0, 0, 0, 2), [(2, "证件号码"), (3, "证件号码")])


def test_days_of_a_suspension_are_rejected(upload, person, hospital):
    Suspension.objects.create(
        agreement=hospital.agreements.get(), starts_on=date(2026, 9, 8),
        ends_on=date(2026, 9, 30), reason="x", document="y", ordered_by=make_clerk(),
        ordered_at=NOW,
    )  # fmt: skip
    before = row(person, hospital, visit_no="V2", discharged_on="2026-09-07")
    assert upload(row(person, hospital), before) == ((1, 0, 0, 1), [(2, "机构编码")])


def test_visits_and_invoices_stand_once_in_a_file(upload, person, hospital):
    other = make_institution()
    visit = {"kind": "普通门诊", "admitted_on": ""}
    rows = [
        row(person, hospital, invoice_no="f1", **visit),
        row(person, hospital, **visit),
        row(person, hospital, visit_no="V2", invoice_no="F1", **visit),
        row(person, other, invoice_no="F1", **visit),
    ]
    assert upload(*rows) == ((2, 0, 0, 2), [(3, "就诊流水号"), (4, "票据号")])


def test_an_invoice_claimed_at_the_window_is_rejected(upload, person, hospital):
    make_claim(institution=hospital, invoice_no="F1")
    assert upload(row(person, hospital, invoice_no="F1")) == ((0, 0, 0, 1), [(2, "票据号")])


def test_overlapping_stays_are_found_in_the_file_and_among_claims(upload, person, hospital):
    make_claim(person=person, admitted_on=date(2026, 8, 20), discharged_on=date(2026, 9, 1))
    rows = [
        row(person, hospital),  # from the day of that discharge: a transfer
        row(person, hospital, visit_no="V2", admitted_on="2026-09-05", discharged_on="2026-09-05"),
        row(person, hospital, visit_no="V3", admitted_on="2026-09-08", discharged_on="2026-09-10"),
        row(person, hospital, visit_no="V4", admitted_on="2026-08-25", discharged_on="2026-08-26"),
        row(person, hospital, visit_no="V5", kind="门诊慢特病", discharged_on="2026-09-05"),
    ]
    assert upload(*rows) == ((3, 0, 0, 2), [(3, "入院日期"), (5, "入院日期")])


def test_a_dry_run_says_the_same_and_writes_nothing(upload, person, hospital):
    assert upload(row(person, hospital), dry_run=True)[0] == (1, 0, 0, 0)
    assert Claim.objects.count() == ClaimTransition.objects.count() == 0
    assert not User.objects.filter(username="upload").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_english_headers_and_chinese_encodings(upload, person, hospital, encoding):
    header = [column.key for column in COLUMNS]
    counts, _rejected = upload(
        row(person, hospital, diagnosis="肺炎"), header=header, encoding=encoding
    )
    assert counts == (1, 0, 0, 0)
    assert Claim.objects.get().diagnosis == "肺炎"


def test_a_file_without_a_required_column_is_refused(upload, person, hospital):
    with pytest.raises(SheetRefused, match="总费用"):
        upload(row(person, hospital), header=[*HEADER[:7], "总额", *HEADER[8:]])
    assert Claim.objects.count() == 0


def test_a_named_actor_needs_the_permission(upload, person, hospital):
    with pytest.raises(NotPermitted):
        upload(row(person, hospital), actor=make_user())
    clerk = make_clerk()
    upload(row(person, hospital), actor=clerk)
    assert Claim.objects.get().entered_by == clerk


def test_the_command_prints_its_counts(tmp_path, person, hospital):
    path = tmp_path / "claims.csv"
    path.write_text(
        "\n".join(",".join(line) for line in (HEADER, row(person, hospital))), encoding="utf-8"
    )
    out = StringIO()
    call_command("import_claims", str(path), stdout=out)
    assert out.getvalue().startswith('{"read": 1, "created": 1, "updated": 0, "unchanged": 0, ')


def test_births_medicines_and_chronic_visits_come_in_with_their_details(upload, person, hospital):
    words = [
        ("两病门诊", {"diseases": "高血压"}, ("two_diseases", "hypertension")),
        ("两病", {"diseases": "both"}, ("two_diseases", "both")),
        ("生育", {"delivery": "剖宫产"}, ("maternity", "caesarean")),
        ("普通门诊", {"chronic": "是"}, ("general_outpatient", "chronic")),
        ("普通门诊", {"chronic": "否"}, ("general_outpatient", "")),
        ("门诊慢特病", {}, ("special_outpatient", "")),
        ("general_outpatient", {"diseases": "", "delivery": ""}, ("general_outpatient", "")),
    ]
    rows = [
        row(person, hospital, visit_no=f"V{nth}", kind=kind, **more(fields))
        for nth, (kind, fields, _stored) in enumerate(words)
    ]
    assert upload(*rows) == ((len(words), 0, 0, 0), [])
    stored = Claim.objects.order_by("visit_no").values_list("kind", "detail", "admitted_on")
    stays = (date(2026, 9, 1), None)
    assert list(stored) == [(*kind, stays[kind[0] != "maternity"]) for *_, kind in words]
    assert upload(*rows) == ((0, 0, len(words), 0), [])


def test_a_birth_under_a_mans_number_is_sent_back(upload, hospital):
    born = date(1990, 3, 8)
    man, woman = (make_resident(sex=sex, born_on=born) for sex in ("male", "female"))
    birth = {"kind": "生育", **more({"delivery": "顺产"})}
    counts, rejects = upload(
        row(man, hospital, visit_no="V1", **birth), row(woman, hospital, visit_no="V2", **birth)
    )
    assert counts == (1, 0, 0, 1)
    assert rejects == [(2, "证件号码")]
    assert Claim.objects.get().person == woman


def more(fields):
    """The cells behind the invoice, in the order of the file."""
    order = ("diseases", "delivery", "chronic", *(f"already_{layer}" for layer in PRIOR_LAYERS))
    return {name: fields.get(name, "") for name in order}


@pytest.mark.parametrize(
    "case",
    [
        ("两病", {}, "病种"),
        ("两病", {"diseases": "痛风"}, "病种"),
        ("两病", {"delivery": "顺产"}, "分娩方式"),
        ("生育", {}, "分娩方式"),
        ("生育", {"delivery": "双胎"}, "分娩方式"),
        ("生育", {"delivery": "顺产", "diseases": "糖尿病"}, "病种"),
        ("普通门诊", {"chronic": "也许"}, "慢性病门诊"),
        ("住院", {"chronic": "是"}, "慢性病门诊"),
        ("住院", {"diseases": "糖尿病"}, "病种"),
        ("住院", {"already_basic": "1"}, "基本医保已付"),  # the scheme calculates it itself
        ("住院", {"already_poverty": "10000.01"}, "扶贫已付"),
        ("住院", {"already_poverty": "-1"}, "扶贫已付"),
        ("住院", {"already_poverty": "1.005"}, "扶贫已付"),
    ],
)
def test_details_and_payments_that_do_not_fit_are_rejected_with_their_column(
    upload, person, hospital, case
):
    kind, fields, column = case
    bad = row(person, hospital, kind=kind, **more(fields))
    good = row(person, hospital, visit_no="V2", kind="special_outpatient", **more({}))
    assert upload(good, bad) == ((1, 0, 0, 1), [(3, column)])


def test_a_birth_without_admission_or_over_another_stay_is_rejected(upload, person, hospital):
    stay = row(person, hospital, **more({}))
    birth = row(person, hospital, visit_no="V2", kind="生育", **more({"delivery": "顺产"}))
    blank = row(
        person, hospital, visit_no="V3", kind="生育", admitted_on="", **more({"delivery": "顺产"})
    )
    assert upload(stay, birth, blank) == ((1, 0, 0, 2), [(4, "入院日期"), (3, "入院日期")])


def test_a_bureau_whose_scheme_starts_after_basic_insurance_reads_what_that_paid(
    upload, person, hospital
):
    make_bureau(scheme="tianjin-critical-illness")
    paid = more({"already_basic": "7000", "already_medical_aid": "12.50"})
    rows = [
        row(person, hospital, **paid),
        row(person, hospital, visit_no="V2", kind="生育", **more({"delivery": "顺产"})),
        row(person, hospital, visit_no="V3", **more({"already_basic": "9199.51"})),
    ]
    assert upload(*rows) == ((1, 0, 0, 2), [(3, "就诊类别"), (4, "基本医保已付")])
    claim = Claim.objects.get()
    assert (claim.already_basic, claim.already_medical_aid) == (
        Decimal("7000.00"),
        Decimal("12.50"),
    )
    Claim.objects.update(state="returned")
    assert upload(row(person, hospital, **paid | {"already_basic": "7001"}))[0] == (0, 1, 0, 0)
    assert Claim.objects.get().already_basic == Decimal("7001.00")


@pytest.mark.parametrize(
    "case",
    [
        (date(2026, 9, 2), "住院", {}, "入院日期"),
        (date(2026, 9, 1), "住院", {}, None),
        (date(2016, 9, 8), "生育", {"delivery": "顺产"}, None),
        (date(2016, 9, 9), "生育", {"delivery": "顺产"}, "证件号码"),
        (date(1965, 9, 8), "生育", {"delivery": "顺产"}, "证件号码"),
    ],
)
def test_no_stay_begins_before_the_birth_and_no_child_gives_birth(upload, hospital, case):
    born_on, kind, fields, column = case
    person = make_resident(sex="female", born_on=born_on)
    counts, rejects = upload(row(person, hospital, kind=kind, **more(fields)))
    assert counts == (int(column is None), 0, 0, int(column is not None))
    assert rejects == ([(2, column)] if column else [])


def test_an_invoice_spelled_otherwise_is_the_same_invoice(upload, person, hospital):
    earlier = make_claim(institution=hospital, invoice_no="0099001122")
    rows = [
        row(person, hospital, kind="普通门诊", visit_no=f"V{nth}", invoice_no=invoice, **more({}))
        for nth, invoice in enumerate(["№００９９-001122", "NO.77", "77。", "7-8"])
    ]
    counts, rejects = upload(*rows)
    assert (counts, sorted(rejects)) == ((2, 0, 0, 2), [(2, "票据号"), (4, "票据号")])
    stored = Claim.objects.exclude(pk=earlier.pk).values_list("invoice_no", flat=True)
    assert sorted(stored) == ["77", "78"]
    assert upload(rows[1])[0] == (0, 0, 1, 0)


def test_a_file_of_before_needs_no_new_columns(upload, person, hospital):
    assert upload(row(person, hospital), header=HEADER[:12]) == ((1, 0, 0, 0), [])
