"""A real worker on a what-if run: progress from outside, SIGKILL in the middle, done once."""

from typing import Any

import psycopg
import pytest
from django.utils import timezone

from claims.models import WhatIfRun
from claims.tests.night import settle
from claims.tests.whatif_year import YEAR, draft_data, propose, three_residents
from claims.whatif.figures import figures_of
from claims.whatif.selectors import run_progress
from claims.whatif.services import RunRefused, ask_what_if, start_again
from enrollment.tests.factories import make_bureau, make_user
from enrollment.tests.workers import Worker, database_url, own_queue, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_killed_run_shows_as_interrupted_and_ends_once_when_begun_again() -> None:
    make_bureau()
    officer = make_user(["claims.run_whatif", "claims.view_whatifrun"])
    three_residents()
    settle()
    proposal = propose(draft_data(special_rate="0.80"))

    def progress() -> Any:
        return run_progress(WhatIfRun.objects.get(), timezone.now())

    with own_queue() as queue:
        run = ask_what_if(proposal, YEAR, actor=officer, at=timezone.now())
        workers = []
        try:
            with psycopg.connect(database_url()) as other:
                # The claims are streamed and added up; what was paid is read last and waits here.
                other.execute("LOCK TABLE claims_layerpayment IN ACCESS EXCLUSIVE MODE")
                workers.append(Worker(queue))
                wait_until(lambda: progress().run.done == 4, what="all claims are calculated")
                assert not progress().may_start
                with pytest.raises(RunRefused):
                    start_again(run, actor=officer)
                workers[0].kill()
                other.rollback()
            wait_until(lambda: progress().interrupted, what="the run shows as interrupted")
            assert WhatIfRun.objects.get().result is None
            start_again(run, actor=officer)
            workers.append(Worker(queue))
            wait_until(lambda: not WhatIfRun.objects.get().is_open, what="the run has ended")
        finally:
            for worker in workers:
                worker.kill()
    done = WhatIfRun.objects.get()
    assert (done.state, done.starts, done.done, done.expected) == ("done", 2, 4, 4)
    assert figures_of(done).whole.difference == 200
    with pytest.raises(RunRefused):
        start_again(run, actor=officer)
