"""Which papers are in and which are awaited."""

from collections import defaultdict
from collections.abc import Collection

from claims.papers.models import ClaimPaper


def awaited_papers(claim_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The kinds still to be supplied, by claim; one statement, none without claims."""
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    if claim_ids:
        rows = ClaimPaper.objects.filter(claim_id__in=claim_ids, handed_in_on__isnull=True)
        for pk, kind in rows.values_list("claim_id", "kind"):
            found[pk] += (kind,)
    return found
