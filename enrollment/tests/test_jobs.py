"""Rolls handed in by a page: what is stored, shown, refused, given back and forgotten."""

import html
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from kombu.exceptions import OperationalError
from python_calamine import CalamineWorkbook

from enrollment.access.models import User
from enrollment.coverage.models import Enrolment
from enrollment.history.entries import history_of
from enrollment.jobs import files, services
from enrollment.jobs.admin_forms import years_on
from enrollment.jobs.locks import working_on
from enrollment.jobs.models import ImportJob
from enrollment.jobs.services import JobRefused, forget_old_files, import_checked, run_job
from enrollment.jobs.tasks import import_roll_task
from enrollment.residents.models import Person
from enrollment.sheets import SheetRefused, count_rows
from enrollment.tests.factories import make_bureau, make_user
from enrollment.tests.roll_files import LI, ZH, ZHANG, write_csv, write_xlsx
from enrollment.transitions.table import NotPermitted

pytestmark = pytest.mark.django_db
HAND_IN = "/enrollment/importjob/hand-in/"
LIST = "/enrollment/importjob/"
RIGHTS = ["enrollment.import_roll", "enrollment.view_importjob"]
YEAR = 2026
BAD = {**LI, "sex": "男"}


@pytest.fixture(autouse=True)
def sent(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The jobs that were given to a worker."""
    make_bureau()
    settings.IMPORT_FILES_DIR = tmp_path / "data"
    jobs: list[int] = []

    def send(name: str, args: list[int]) -> None:
        assert name == services.TASK
        jobs.extend(args)

    monkeypatch.setattr(services.current_app, "send_task", send)
    return jobs


@pytest.fixture
def officer() -> User:
    return make_user(RIGHTS)


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    client.cookies["django_language"] = "en"
    return client


def roll(tmp_path: Path, *rows: dict[str, Any]) -> bytes:
    return write_csv(tmp_path / "r.csv", rows).read_bytes()


def hand_in(
    officer: User,
    content: bytes,
    *,
    mode: str = "good_rows",
    name: str = "灵溪镇 名册.csv",
    year: int = YEAR,
) -> ImportJob:
    return services.hand_in_roll(
        [content],
        name=name,
        size=len(content),
        year=year,
        mode=mode,
        actor=officer,
        at=timezone.now(),
    )


def work(job: ImportJob) -> ImportJob:
    run_job(job.pk, at=timezone.now())
    job.refresh_from_db()
    return job


def counts(job: ImportJob) -> tuple[int, ...]:
    return (job.read, job.created, job.updated, job.unchanged, job.rejected)


def page_of(job: ImportJob, name: str = "change") -> str:
    return reverse(f"admin:enrollment_importjob_{name}", args=[job.pk])


def stored(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "data").rglob("*") if path.is_file())


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_roll_is_uploaded_and_goes_to_a_worker(  # noqa: PLR0917
    desk: Client,
    officer: User,
    sent: list[int],
    tmp_path: Path,
    write: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    path = write(tmp_path / "名册.file", [ZHANG, BAD])
    upload = SimpleUploadedFile("名册.xlsx", path.read_bytes())
    year = years_on(timezone.localdate())[1]
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(HAND_IN, {"file": upload, "year": year, "mode": "good_rows"})
    job = ImportJob.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(job))
    assert sent == [job.pk]
    assert (job.state, job.year, job.mode, job.created_by) == (
        "waiting",
        year,
        "good_rows",
        officer,
    )
    lying = files.roll_of(job)
    assert lying.read_bytes() == path.read_bytes()
    assert (lying.stat().st_mode & 0o777, lying.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_good_rows_come_in_and_the_file_is_forgotten(
    officer: User, tmp_path: Path, desk: Client
) -> None:
    job = work(hand_in(officer, roll(tmp_path, ZHANG, BAD)))
    assert (job.state, counts(job)) == ("done", (2, 1, 0, 0, 1))
    assert [person.name for person in Person.objects.all()] == ["张三"]
    assert stored(tmp_path) == ["rejects.xlsx"]
    shown = desk.get(page_of(job)).content.decode()
    assert "性别" in shown
    assert LI["id_number"] not in shown
    assert page_of(job, "rejects") in shown


def test_the_workbook_goes_back_corrected(officer: User, tmp_path: Path, desk: Client) -> None:
    job = work(hand_in(officer, roll(tmp_path, ZHANG, BAD)))
    answer = desk.get(page_of(job, "rejects"))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment")
    content = answer.content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][4:] == list(write_titles())
    assert (rows[1][0], rows[1][1], rows[1][4:7]) == (3, "性别", [LI["id_number"], "李秀英", "男"])
    rows[1][6] = "女"
    corrected = write_rows(tmp_path / "again.xlsx", rows)
    again = work(hand_in(officer, corrected, name="again.xlsx"))
    assert (again.state, counts(again), again.message) == ("done", (1, 1, 0, 0, 0), "")
    assert Enrolment.objects.count() == 2


def write_titles() -> Any:
    return ZH.values()


def write_rows(path: Path, rows: list[list[Any]]) -> bytes:
    titles = [str(title) for title in rows[0]]
    lines = [dict(zip(titles, row, strict=True)) for row in rows[1:]]
    return write_xlsx(path, lines, keys=titles, headers={}).read_bytes()


def test_rows_enrolled_elsewhere_come_back_with_their_cells(officer: User, tmp_path: Path) -> None:
    work(hand_in(officer, roll(tmp_path, ZHANG)))
    job = work(hand_in(officer, roll(tmp_path, {**ZHANG, "division": "首车镇"})))
    assert counts(job) == (1, 0, 0, 0, 1)
    path = files.rejects_of(job)
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert (rows[1][0], rows[1][1], rows[1][5], rows[1][8]) == (2, "行政区划", "张三", "首车镇")


def test_all_or_nothing_writes_nothing_for_one_rejected_row(
    officer: User, tmp_path: Path, desk: Client
) -> None:
    job = work(hand_in(officer, roll(tmp_path, ZHANG, BAD), mode="all_or_nothing"))
    assert (job.state, counts(job)) == ("refused", (2, 0, 0, 0, 1))
    assert not Person.objects.exists()
    assert stored(tmp_path) == ["rejects.xlsx"]
    assert job.message
    assert job.message in html.unescape(desk.get(page_of(job)).content.decode())
    good = work(hand_in(officer, roll(tmp_path, ZHANG, LI), mode="all_or_nothing"))
    assert (good.state, counts(good)) == ("done", (2, 2, 0, 0, 0))


def test_a_check_writes_nothing_and_its_file_can_be_imported(
    officer: User, tmp_path: Path, desk: Client, sent: list[int]
) -> None:
    job = work(hand_in(officer, roll(tmp_path, ZHANG, LI), mode="check"))
    assert (job.state, counts(job)) == ("done", (2, 2, 0, 0, 0))
    assert not Person.objects.exists()
    assert page_of(job, "import") in desk.get(page_of(job)).content.decode()
    answer = desk.post(page_of(job, "import"), {"mode": "good_rows"})
    made = ImportJob.objects.exclude(pk=job.pk).get()
    assert answer["Location"] == page_of(made)
    assert counts(work(made)) == (2, 2, 0, 0, 0)
    assert stored(tmp_path) == []
    with pytest.raises(JobRefused):
        import_checked(job, mode="good_rows", actor=officer, at=timezone.now())


def test_a_job_that_has_ended_is_not_done_twice(officer: User, tmp_path: Path) -> None:
    job = work(hand_in(officer, roll(tmp_path, ZHANG)))
    finished = job.finished_at
    assert run_job(job.pk, at=timezone.now()) == "done"
    job.refresh_from_db()
    assert (job.starts, job.finished_at) == (1, finished)
    assert run_job(0, at=timezone.now()) == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("roll.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("roll.xlsx", b"PK\x03\x04not a workbook"),
        ("roll.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        ("roll.csv", "姓名,性别\n张三,男\n".encode()),
        ("roll.csv", b"\xff\xfe\x00\x00"),
        ("roll.csv", b"   \n"),
    ],
)
def test_what_is_no_roll_is_refused_at_once(
    desk: Client, tmp_path: Path, name: str, content: bytes
) -> None:
    year = years_on(timezone.localdate())[0]
    answer = desk.post(
        HAND_IN, {"file": SimpleUploadedFile(name, content), "year": year, "mode": "good_rows"}
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not ImportJob.objects.exists()
    assert stored(tmp_path) == []


def test_a_workbook_that_turns_out_unreadable_is_refused_by_the_worker(
    officer: User, tmp_path: Path
) -> None:
    path = write_xlsx(tmp_path / "r.xlsx", [ZHANG], keys=["name", "sex"])
    job = work(hand_in(officer, path.read_bytes(), name="r.xlsx"))
    assert job.state == "refused"
    assert "证件号码" in job.message
    assert "r.xlsx" in job.message
    assert str(tmp_path) not in job.message
    assert stored(tmp_path) == []


def test_a_file_that_is_too_large_is_refused(
    officer: User, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(JobRefused):
        services.hand_in_roll(
            [],
            name="a.csv",
            size=files.MAX_BYTES + 1,
            year=YEAR,
            mode="check",
            actor=officer,
            at=timezone.now(),
        )
    assert not ImportJob.objects.exists()


def test_the_same_file_is_not_imported_twice_at_once(officer: User, tmp_path: Path) -> None:
    first = hand_in(officer, roll(tmp_path, ZHANG))
    with pytest.raises(JobRefused):
        hand_in(officer, roll(tmp_path, ZHANG))
    assert hand_in(officer, roll(tmp_path, ZHANG), year=YEAR + 1).year == YEAR + 1
    work(first)
    assert counts(work(hand_in(officer, roll(tmp_path, ZHANG)))) == (1, 0, 0, 1, 0)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b\\c.csv", "张" * 150, "...", "\x00.csv"])
def test_no_file_name_leaves_the_folder(officer: User, tmp_path: Path, name: str) -> None:
    job = hand_in(officer, roll(tmp_path, ZHANG), name=name.replace("\x00", ""))
    folder = files.folder_of(job.pk).resolve()
    assert files.roll_of(job).resolve().parent.parent == folder
    assert counts(work(job)) == (1, 1, 0, 0, 0)


def test_the_progress_tells_of_waiting_running_and_interruption(
    desk: Client, officer: User, tmp_path: Path, sent: list[int]
) -> None:
    job = hand_in(officer, roll(tmp_path, ZHANG))

    def shown() -> str:
        return desk.get(page_of(job, "progress")).content.decode()

    assert "Waiting for a worker" in shown()
    ImportJob.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert "No worker has taken this import yet" in shown()
    ImportJob.objects.update(state="running", read=10, expected=40)
    assert "interrupted" in shown()
    with working_on(job.pk):
        assert "interrupted" not in shown()
        assert 'max="40"' in shown()
        for said, loads_anew in (("running", False), ("waiting", True)):
            answer = desk.get(page_of(job, "progress"), {"state": said})
            assert ("HX-Refresh" in answer) == loads_anew
        ImportJob.objects.update(read=40)
        assert "being entered" in shown()
        refused = desk.post(page_of(job, "start"))
        assert refused.context["form"].errors
    assert sent == []
    assert desk.post(page_of(job, "start"))["Location"] == page_of(job)
    assert sent == [job.pk]
    work(job)
    assert desk.get(page_of(job, "progress"))["HX-Refresh"] == "true"
    assert "hx-get" not in shown()
    assert desk.get(page_of(job, "start")).context["refusal"]
    with pytest.raises(JobRefused):
        services.start_again(job, actor=officer)


def test_only_one_worker_takes_a_job(officer: User, tmp_path: Path) -> None:
    job = hand_in(officer, roll(tmp_path, ZHANG))
    with working_on(job.pk) as mine, working_on(job.pk) as again:
        assert (mine, again) == (True, True)  # one session: the lock is the session's
    assert counts(work(job)) == (1, 1, 0, 0, 0)


def test_a_queue_that_does_not_answer_leaves_the_job_to_be_started(
    officer: User,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def down(name: str, args: list[int]) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(services.current_app, "send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        job = hand_in(officer, roll(tmp_path, ZHANG))
    assert ImportJob.objects.get().state == "waiting"
    with pytest.raises(JobRefused):
        services.start_again(job, actor=officer)


def test_the_desk_shows_own_jobs_until_their_result_was_seen(
    desk: Client, officer: User, tmp_path: Path
) -> None:
    def waiting() -> int:
        queues = desk.get("/").context["queues"]
        return next(queue.count for queue in queues if queue.key == "my_roll_imports")

    job = hand_in(officer, roll(tmp_path, ZHANG))
    hand_in(make_user(RIGHTS), roll(tmp_path, LI))
    assert waiting() == 1
    desk.get(page_of(job))
    assert waiting() == 1
    work(job)
    assert waiting() == 1
    desk.get(page_of(job))
    assert waiting() == 0


@pytest.mark.parametrize("name", ["progress", "start", "import", "rejects", "change"])
def test_who_may_not_import_gets_nothing(
    client: Client, officer: User, tmp_path: Path, name: str, sent: list[int]
) -> None:
    job = work(hand_in(officer, roll(tmp_path, ZHANG, BAD)))
    client.force_login(make_user())
    assert client.get(page_of(job, name)).status_code == 403
    assert client.get(HAND_IN).status_code == 403
    looker = make_user(["enrollment.view_importjob"])
    client.force_login(looker)
    expected = 200 if name in {"progress", "change"} else 403
    for answer in (client.get(page_of(job, name)), client.post(page_of(job, name))):
        assert answer.status_code == expected or name == "change"
    upload = SimpleUploadedFile("r.csv", roll(tmp_path, ZHANG))
    before = ImportJob.objects.count()
    assert client.post(HAND_IN, {"file": upload, "year": YEAR}).status_code == 403
    with pytest.raises(NotPermitted):
        hand_in(looker, roll(tmp_path, LI))
    with pytest.raises(NotPermitted):
        services.start_again(job, actor=looker)
    assert (ImportJob.objects.count(), sent) == (before, [])


def test_files_are_forgotten_when_their_time_is_over(
    officer: User, tmp_path: Path, desk: Client, settings: Any
) -> None:
    settings.IMPORT_FILES_DAYS = 3
    job = work(hand_in(officer, roll(tmp_path, ZHANG, BAD)))
    today = timezone.localdate()
    assert job.files_until == today + timedelta(days=3)
    assert forget_old_files(job.files_until) == 0
    assert desk.get(page_of(job, "rejects")).status_code == 200
    assert forget_old_files(job.files_until + timedelta(days=1)) == 1
    assert stored(tmp_path) == []
    assert desk.get(page_of(job, "rejects")).status_code == 404
    assert "no longer kept" in desk.get(page_of(job)).content.decode()
    assert forget_old_files(job.files_until + timedelta(days=1)) == 0


def test_the_empty_roll_has_every_column(desk: Client, officer: User) -> None:
    answer = desk.get("/enrollment/importjob/template.xlsx")
    content = answer.content
    job = work(hand_in(officer, content, name="roll.xlsx"))
    assert (job.state, counts(job)) == ("refused", (0, 0, 0, 0, 0))
    assert "no rows below" in job.message  # every column of the header was understood


@pytest.mark.parametrize("content", ["a\n1\n2\n3", "a\n1\n2\n3\n", "a\r\n1\r\n2\r\n3"])
def test_the_bar_expects_a_last_row_without_line_end_too(tmp_path: Path, content: str) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(content.encode())
    assert count_rows(path) == 3


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_list_and_the_pages_open(
    desk: Client, officer: User, tmp_path: Path, language: str
) -> None:
    desk.cookies["django_language"] = language
    assert desk.get(LIST).status_code == 200
    work(hand_in(officer, roll(tmp_path, ZHANG, BAD)))
    assert "灵溪镇 名册.csv" in desk.get(LIST).content.decode()
    assert desk.get(HAND_IN).status_code == 200


def test_reasons_are_in_the_language_of_who_handed_in(
    desk: Client, officer: User, tmp_path: Path
) -> None:
    with translation.override("en"):
        english = hand_in(officer, roll(tmp_path, BAD))
    chinese = hand_in(officer, roll(tmp_path, BAD, BAD))
    assert work(english).first_rejects[0][2] == "It contradicts the identity number."
    assert work(chinese).first_rejects[0][2] != "It contradicts the identity number."


def test_years_are_those_around_today() -> None:
    assert years_on(date(2026, 8, 31)) == [2026, 2027, 2025]
    assert years_on(date(2026, 9, 1)) == [2027, 2026, 2025]


def test_a_missing_file_is_told(officer: User, tmp_path: Path) -> None:
    job = hand_in(officer, roll(tmp_path, ZHANG))
    files.forget(job.pk)
    assert work(job).state == "refused"
    assert not Person.objects.exists()
    with pytest.raises(SheetRefused):
        files.check_content(write_csv(tmp_path / "x.csv", [ZHANG], keys=["name", "sex"]))


def test_the_history_names_the_task_and_who_handed_the_roll_in(
    officer: User, tmp_path: Path
) -> None:
    work(hand_in(officer, roll(tmp_path, ZHANG)))
    person = Person.objects.get()
    job = hand_in(officer, roll(tmp_path, {**ZHANG, "account_name": "张四"}))
    import_roll_task.apply(args=[job.pk])
    with translation.override("en"):
        entries = history_of(Person.objects.get(pk=person.pk))
    [entry] = [one for one in entries if any(c.after == "张四" for c in one.changes)]
    assert (entry.who, entry.how) == (str(officer), f"task {services.TASK}")
