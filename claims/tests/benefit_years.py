"""Random person-years that can be calculated, as Hypothesis strategies."""

import random

from hypothesis import strategies as st

from claims.benefit.adjudication import adjudicate_year
from claims.benefit.loading import shipped_schemes
from claims.benefit.types import ClaimRefused, Outcome
from claims.quoting.reading import Request, read_request
from claims.tests.benefit_lines import person_year

schemes = st.sampled_from(sorted(shipped_schemes()))
seeds = st.integers(0, 2**32)


def a_year(seed: int, scheme: str) -> tuple[Request, tuple[Outcome, ...]]:
    """A random person-year that can be calculated."""
    rng = random.Random(seed)
    while True:
        request = read_request(person_year(rng, scheme), shipped_schemes())
        try:
            return request, adjudicate_year(request.scheme, request.person, request.claims)
        except ClaimRefused:
            continue
