"""A real worker on a real roll: progress from outside, SIGKILL in the middle, begun again."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from enrollment.coverage.models import Enrolment
from enrollment.jobs import services
from enrollment.jobs.models import ImportJob
from enrollment.jobs.selectors import job_progress
from enrollment.residents.models import Household, Person
from enrollment.roll.synthetic import synthetic_residents
from enrollment.tests.factories import TOWNSHIP, make_bureau, make_user
from enrollment.tests.roll_files import write_csv
from enrollment.tests.workers import Worker, database_url, own_queue, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 5000


def test_a_killed_worker_leaves_no_half_roll_and_the_job_is_begun_again(
    tmp_path: Path, settings: Any
) -> None:
    settings.IMPORT_FILES_DIR = tmp_path / "data"
    make_bureau()
    officer = make_user(["enrollment.import_roll", "enrollment.view_importjob"])
    rows = [
        {"id_number": one.id_number, "name": one.name, "division": TOWNSHIP}
        for one in synthetic_residents(ROWS, 9)
    ]
    content = write_csv(
        tmp_path / "r.csv", rows, keys=["id_number", "name", "division"]
    ).read_bytes()

    def progress() -> Any:
        return job_progress(ImportJob.objects.get(), timezone.now())

    with own_queue() as queue:
        job = services.hand_in_roll(
            [content],
            name="r.csv",
            size=len(content),
            year=2026,
            mode="good_rows",
            actor=officer,
            at=timezone.now(),
        )
        workers = []
        try:
            with psycopg.connect(database_url()) as other:
                # Rows are read and staged; entering them waits here.
                other.execute("LOCK TABLE enrollment_enrolment IN SHARE MODE")
                workers.append(Worker(queue, IMPORT_FILES_DIR=str(tmp_path / "data")))
                wait_until(lambda: progress().entering, what="all rows are read")
                assert (progress().job.read, progress().job.expected) == (ROWS, ROWS)
                workers[0].kill()
                other.rollback()
            wait_until(lambda: progress().interrupted, what="the job shows as interrupted")
            assert not Person.objects.exists()
            assert not Household.objects.exists()
            services.start_again(job, actor=officer)
            workers.append(Worker(queue, IMPORT_FILES_DIR=str(tmp_path / "data")))
            wait_until(lambda: not ImportJob.objects.get().is_open, what="the job has ended")
        finally:
            for worker in workers:
                worker.kill()
    done = ImportJob.objects.get()
    assert (done.state, done.created, done.rejected, done.starts) == ("done", ROWS, 0, 2)
    assert Enrolment.objects.count() == ROWS
