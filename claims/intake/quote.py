"""What a claim would pay if it were settled now, by the settlement's own calculator."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext

from claims.benefit.adjudication import adjudicate
from claims.benefit.explain import render, render_claim
from claims.benefit.messages import say as say_refused
from claims.benefit.scheme import Scheme
from claims.benefit.types import Accumulators, ClaimRefused, PersonFacts
from claims.intake.drafts import ClaimDraft
from claims.intake.models import Claim
from claims.intake.rules import is_excluded
from claims.outofarea.selectors import Filings
from claims.policies.language import reader_language
from claims.policies.selectors import current_scheme, scheme_of_version
from claims.settlement.models import AccumulatorMovement, SettledClaim
from enrollment.models import AssistanceIdentity, Person
from enrollment.values.money import ZERO


@dataclass(frozen=True)
class QuotedLayer:
    """One layer: what it pays in yuan, and its steps as sentences with their amounts."""

    code: str
    name: str
    paid: Decimal
    steps: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class Quote:
    """The breakdown of a claim in the reader's language; amounts in yuan.

    With a `refusal` the claim cannot be calculated as it stands, and there are no layers.
    """

    total: Decimal
    in_policy: Decimal
    already: Decimal = ZERO  # paid before by layers outside the scheme
    layers: tuple[QuotedLayer, ...] = ()
    refusal: str = ""
    # The correction that the result comes from, and whether it took the claim back.
    correction: str | None = None
    correction_id: int | None = None
    is_reversed: bool = False

    @property
    def paid(self) -> Decimal:
        """What all layers pay together."""
        return sum((layer.paid for layer in self.layers), ZERO)

    @property
    def personal(self) -> Decimal:
        """What is left to the resident."""
        return self.total - self.already - self.paid


def quote_claim(person_id: int, draft: ClaimDraft, scheme: Scheme | None = None) -> Quote:
    """Calculate the draft on the person's accumulators as they stand.

    Claims that are entered or approved but not settled have not moved the accumulators yet:
    the settlement may come to another result, and the page says so. A cause that the fund does
    not pay for is refused without a statement. Otherwise three, one fewer with the `scheme`,
    one more where it reads the age, two more for a stay outside the county, whose filing is
    that on record.
    """
    if is_excluded(draft.excluded_cause):
        refusal = gettext("The fund does not pay for this cause, so nothing is quoted.")
        return Quote(draft.total, draft.in_policy, refusal=refusal)
    scheme = scheme or current_scheme()
    if draft.depends_on_filing:
        filing = Filings([person_id]).effective(
            person_id, draft.institution, draft.discharged_on, draft.filing
        )
        draft = replace(draft, filing=filing)
    identities = frozenset(
        AssistanceIdentity.objects.filter(person_id=person_id, starts_on__lte=draft.discharged_on)
        .exclude(ends_on__lt=draft.discharged_on)
        .values_list("kind", flat=True)
    )
    born_on = None
    if scheme.reads_age:
        born_on = Person.objects.values_list("born_on", flat=True).get(pk=person_id)
    standing = Accumulators(
        draft.discharged_on.year, balances_of(person_id, draft.discharged_on.year)
    )
    return calculate(scheme, PersonFacts(identities, born_on), draft, standing)


def calculate(
    scheme: Scheme, person: PersonFacts, draft: ClaimDraft, standing: Accumulators
) -> Quote:
    """The quote from facts that are loaded already; no statement."""
    lang = reader_language()
    already = sum(draft.already_paid.values(), ZERO)
    try:
        outcome = adjudicate(scheme, person, draft.facts("draft"), standing)
    except ClaimRefused as refused:
        return Quote(draft.total, draft.in_policy, already, refusal=say_refused(refused, lang))
    return Quote(
        total=draft.total,
        in_policy=draft.in_policy,
        already=already,
        layers=tuple(
            QuotedLayer(
                code=layer.layer,
                name=scheme.layer(layer.layer).name.in_(lang),
                paid=layer.paid,
                steps=tuple(render(scheme, layer.layer, layer.steps, draft.discharged_on, lang)),
            )
            for layer in outcome.breakdown.layers
        ),
    )


def balances_of(person_id: int, year: int) -> dict[str, Decimal]:
    """The person's counters of a year: the sums of their movements, in yuan."""
    rows = AccumulatorMovement.objects.filter(person_id=person_id, year=year)
    return dict(rows.values_list("counter").annotate(Sum("amount")).order_by())


def settled_quote(claim: Claim) -> Quote:
    """The result that holds of a settled claim in the same form: its latest revision, if any.

    Raises SettledClaim.DoesNotExist for a claim that is not settled. Four statements.
    """
    settled = SettledClaim.objects.select_related("run").get(claim=claim)
    revision = settled.revisions.select_related("correction").order_by("number").last()
    if revision is None:
        code, version, steps = settled.run.scheme, settled.run.policy_version, settled.steps
        paid = dict(settled.layers.values_list("layer", "paid"))
    else:
        correction = revision.correction
        code, version, steps = correction.scheme, correction.policy_version, revision.steps
        paid = dict(revision.layers.values_list("layer", "after"))
    scheme = scheme_of_version(code, version)
    lang = reader_language()
    rendered = render_claim(scheme, steps, claim.discharged_on, lang) if steps else []
    return Quote(
        total=settled.total,
        in_policy=settled.in_policy,
        already=settled.already_paid,
        layers=tuple(
            QuotedLayer(
                layer, scheme.layer(layer).name.in_(lang), paid.get(layer, ZERO), tuple(told)
            )
            for layer, told in rendered
        ),
        correction=None if revision is None else str(revision.correction),
        correction_id=None if revision is None else revision.correction_id,
        is_reversed=bool(revision and revision.is_reversed),
    )
