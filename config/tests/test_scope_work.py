"""Windows, many at once, the desk, the search and exports keep to one's own townships."""

import pytest
from django.urls import reverse

from claims.models import Claim, ClaimState
from config.tests.scoped_county import Ground, address, everything, staff
from enrollment.access.roles import Role
from enrollment.exports.models import Export
from enrollment.lists.bar import bar_of
from enrollment.models import Household
from enrollment.tests.factories import OTHER_TOWNSHIP, TOWNSHIP

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.WINDOW_CLERK, Role.WINDOW_HEAD])
def test_the_window_knows_one_township(ground: Ground, role: str) -> None:
    client = staff(role, TOWNSHIP)
    window, find = reverse("admin:claims_window"), reverse("admin:claims_window_find")
    own, other = ground.own["person"], ground.other["person"]
    assert client.get(window, {"person": own.pk}).context["card"].person == own
    shown = client.get(window, {"person": other.pk})
    assert "card" not in shown.context
    assert other.name not in shown.content.decode()
    for query in (other.name, other.id_number, other.id_number[-4:]):
        found = client.post(find, {"q": query}, headers={"HX-Request": "true"})
        assert other not in found.context["found"], query
    assert (
        own
        in client.post(find, {"q": own.id_number}, headers={"HX-Request": "true"}).context["found"]
    )
    before = everything()
    claim = ground.other["claim"]
    facts = {
        "kind": claim.kind,
        "institution": claim.institution.code,
        "admitted_on": "2026-08-01",
        "discharged_on": "2026-08-05",
        "total": "100.00",
        "excluded": "0",
        "over_limit": "0",
        "first_self_pay": "0",
        "invoice_no": "F-NEW",
        "filing": "none",
    }
    answer = client.post(window, {"person": other.pk, **facts})
    assert answer.status_code != 302
    quoted = client.post(reverse("admin:claims_window_quote"), {"person": other.pk, **facts})
    assert quoted.status_code == 404
    assert everything() == before
    like = client.get(window, {"person": own.pk, "like": claim.number})
    assert like.context["form"].initial == {}


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.WINDOW_HEAD])
def test_many_claims_at_once_are_those_of_one_township(ground: Ground, role: str) -> None:
    client = staff(role, TOWNSHIP)
    mine, theirs = ground.own["checked"], ground.other["checked"]
    client.post(
        reverse("admin:claims_claim_changelist"),
        {
            "action": "approve_selected",
            "_selected_action": [mine.pk, theirs.pk],
            "confirmed": "1",
            "select_across": "1",
        },
    )
    assert Claim.objects.get(pk=mine.pk).state == ClaimState.APPROVED
    assert Claim.objects.get(pk=theirs.pk).state == ClaimState.CHECKED


@pytest.mark.parametrize("role", Role.values)
def test_the_desk_counts_one_township(ground: Ground, role: str) -> None:
    """What waits is what the list behind the card shows."""
    client = staff(role, TOWNSHIP)
    for queue in client.get("/").context["queues"]:
        listed = client.get(queue.url, follow=True)  # a list of one record leads to it
        assert listed.status_code == 200, queue.key
        if "cl" in listed.context:
            assert listed.context["cl"].queryset.count() == queue.count, queue.key


def test_a_list_narrowed_to_somebody_elsewhere_does_not_name_them(ground: Ground) -> None:
    client = staff(Role.REVIEWER, TOWNSHIP)
    mine, theirs = ground.own["person"], ground.other["person"]
    for person, named in ((mine, True), (theirs, False)):
        narrowed = f"?person__id__exact={person.pk}"
        page = client.get(reverse("admin:claims_claim_changelist") + narrowed)
        chips = [chip.text for chip in bar_of(page.context["cl"]).chips]
        assert (person.name in chips) == named
    odd = client.get(reverse("admin:claims_claim_changelist") + "?person__in=x")
    assert odd.status_code in (200, 302)


def test_a_household_in_two_townships_shows_the_members_of_ones_own(ground: Ground) -> None:
    client = staff(Role.ENROLMENT_OFFICER, TOWNSHIP)
    mine, theirs = ground.own["person"], ground.other["person"]
    theirs.household = mine.household
    theirs.save()
    page = client.get(address(Household, "change", mine.household_id)).text
    assert mine.masked_id in page
    assert f"/enrollment/person/{theirs.pk}/" not in page


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SUPERVISOR, Role.LEADER])
def test_the_search_finds_one_township(ground: Ground, role: str) -> None:
    client = staff(role, TOWNSHIP)
    search = reverse("admin:portal_search")
    for what, number in (
        ("person", "id_number"),
        ("household", "number"),
        ("claim", "number"),
        ("case", "number"),
    ):
        theirs = client.post(search, {"q": getattr(ground.other[what], number)}, follow=True)
        page = theirs.context["groups"]
        assert page == [], what
    mine = client.post(search, {"q": ground.own["claim"].number})
    assert mine.headers["Location"] == address(Claim, "change", ground.own["claim"].pk)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SUPERVISOR, Role.LEADER])
def test_an_export_holds_one_township(ground: Ground, role: str) -> None:
    client = staff(role, TOWNSHIP)
    start = reverse("admin:enrollment_export_start", args=["enrollment.person", "csv"])
    answer = client.post(start)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert ground.own["person"].name in text
    assert ground.other["person"].name not in text


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.BENEFIT_OFFICER, Role.WINDOW_HEAD])
@pytest.mark.parametrize("what", ["enrollment.person", "claims.claim"])
def test_who_reads_for_an_office_exports_masked_and_logged(
    ground: Ground, role: str, what: str
) -> None:
    answer = staff(role).post(reverse("admin:enrollment_export_start", args=[what, "csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    person = ground.own["person"]
    assert person.name in text
    assert person.id_number not in text
    assert Export.objects.get().list == what


def test_a_window_clerk_takes_no_list_out_of_the_portal(ground: Ground) -> None:
    client = staff(Role.WINDOW_CLERK)
    start = reverse("admin:enrollment_export_start", args=["enrollment.person", "csv"])
    assert client.post(start).status_code == 403
    page = client.get(reverse("admin:enrollment_person_changelist")).content.decode()
    assert ground.own["person"].name in page
    assert start not in page
    assert not Export.objects.exists()


def test_the_filter_by_township_offers_ones_own(ground: Ground) -> None:
    client = staff(Role.REVIEWER, TOWNSHIP)
    page = client.get(reverse("admin:enrollment_person_changelist"))
    assert OTHER_TOWNSHIP not in page.content.decode()
    wrong = client.get(reverse("admin:enrollment_person_changelist"), {"township": OTHER_TOWNSHIP})
    assert ground.other["person"] not in wrong.context["cl"].queryset


def test_a_village_and_two_townships_are_limits_too(ground: Ground) -> None:
    both = staff(Role.REVIEWER, TOWNSHIP, OTHER_TOWNSHIP)
    shown = both.get(reverse("admin:enrollment_person_changelist")).context["cl"].queryset
    assert {ground.own["person"], ground.other["person"]} <= set(shown)
    village = staff(Role.REVIEWER, "433127116201")
    shown = village.get(reverse("admin:enrollment_person_changelist")).context["cl"].queryset
    assert ground.own["person"] not in set(shown)


def test_a_visit_is_recorded_in_ones_own_townships_only(ground: Ground) -> None:
    client = staff(Role.SUPERVISOR, TOWNSHIP)
    before = everything()
    institution = ground.other["institution"]
    answer = client.post(
        reverse("admin:supervision_visit_record"), {"institution": institution.code}
    )
    assert "institution" in answer.context["form"].errors
    assert everything() == before
