"""Scans: what is taken, what is refused, who sees and who removes them."""

import hashlib
import struct
import zlib

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from claims.attachments import content as rules
from claims.attachments import storage
from claims.attachments.content import Checked, ContentRefused, check_content
from claims.attachments.messages import _SENTENCES, say_refused
from claims.attachments.services import AlteredScan, attach_scan, read_scan, remove_scan
from claims.models import ClaimAttachment
from claims.tests.factories import NOW, make_claim, make_clerk, make_reviewer
from claims.tests.scans import packed_pdf, pdf, picture
from enrollment.tests.factories import make_bureau, make_user
from enrollment.transitions.table import (
    NotPermitted,
    ReasonMissing,
    StateConflict,
    TransitionRefused,
)

PAGE = b"<< /Type /Page >>"


@pytest.fixture(autouse=True)
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    return tmp_path


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def attach(claim=None, content=None, *, actor=None, name="发票.png"):
    return attach_scan(
        claim or make_claim(),
        kind="invoice",
        name=name,
        content=picture() if content is None else content,
        actor=actor or make_clerk(),
        at=NOW,
    )


def png_of(wide, high):
    """The head of a picture that claims to be that large."""
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    crc = struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + crc + picture()[33:]


@pytest.mark.parametrize(
    ("content", "checked"),
    [
        (picture("PNG"), Checked("image/png", 1)),
        (picture("JPEG"), Checked("image/jpeg", 1)),
        (pdf(), Checked("application/pdf", 1)),
        (pdf(7), Checked("application/pdf", 7)),
        (packed_pdf(PAGE * 3), Checked("application/pdf", 3)),
    ],
)
def test_what_scanners_make_is_taken(content, checked):
    assert check_content(content) == checked


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00", "unknown_type"),
        (b"<html><script>", "unknown_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown_type"),
        (b"PK\x03\x04 a workbook", "unknown_type"),
        (b" %PDF-1.4", "unknown_type"),
        (picture("GIF"), "unknown_type"),
        (picture("PNG")[:60], "damaged"),
        (picture("JPEG")[:200], "damaged"),
        (b"\xff\xd8\xff" + b"x" * 500, "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (png_of(40_000, 40_000), "too_many_pixels"),
        (png_of(7_000, 7_000), "too_many_pixels"),
        (b"%PDF-1.4", "damaged"),
        (pdf()[:-30], "damaged"),
        (pdf().replace(b"/Type /Page ", b"/Type /Font "), "damaged"),
        (pdf().replace(b"startxref\n", b"startxref\n9999"), "damaged"),
        (pdf(201), "too_many_pages"),
        (pdf(extra=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "active"),
        (pdf(extra=b"/OpenAction << /S /J#61vaScript >>"), "active"),
        (pdf(extra=b"/OpenAction << /S /Launch >>"), "active"),
        (pdf(extra=b"/Names << /EmbeddedFiles 1 0 R >> /EmbeddedFile"), "active"),
        (pdf(extra=b"/Encrypt 5 0 R"), "active"),
        (packed_pdf(PAGE + b"/JavaScript"), "active"),
        (packed_pdf(b"\0" * (rules.MOST_INFLATED + 1)), "too_large"),
        (packed_pdf(PAGE).replace(zlib.compress(PAGE), b"no zlib data"), "damaged"),
    ],
)
def test_what_is_no_scan_is_refused(content, code):
    with pytest.raises(ContentRefused) as refused:
        check_content(content)
    assert refused.value.code == code


def test_a_file_beyond_the_bound_is_refused_unread(monkeypatch):
    monkeypatch.setattr(rules, "LARGEST", 100)
    with pytest.raises(ContentRefused, match="too_large"):
        check_content(b"\x89PNG\r\n\x1a\n" + b"x" * 93)


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    start=st.sampled_from([picture(), picture("JPEG"), pdf(2), packed_pdf(PAGE)]),
    at=st.integers(0, 600),
    noise=st.binary(max_size=40),
)
def test_no_damage_gives_anything_but_a_verdict(start, at, noise):
    try:
        check_content(start[:at] + noise + start[at + len(noise) :])
    except ContentRefused as refused:
        assert say_refused(refused.code)


def test_every_refusal_has_its_words():
    assert all(say_refused(code) for code in _SENTENCES)


def test_a_scan_is_kept_under_a_random_name_with_its_checksum(db, data_dir):
    clerk, content = make_clerk(), picture()
    scan = attach(content=content, actor=clerk, name="C:\\扫描\\../发票\u202e.png")
    assert scan.original_name == "发票.png"
    assert (scan.sha256, scan.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (scan.attached_by, scan.attached_at) == (clerk, NOW)
    (path,) = files_in(data_dir)
    assert path.name == scan.stored_as
    assert "发票" not in str(path)
    assert path.stat().st_mode & 0o077 == 0
    assert read_scan(scan) == content
    logged = scan.claim.transitions.last()
    assert (logged.action, logged.to_state, logged.actor) == ("attach", "submitted", clerk)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 32, "0" * 31, "0" * 33])
def test_no_path_comes_from_outside(name):
    with pytest.raises(ValueError, match="stored file"):
        storage.fetch(name)


def test_the_same_file_twice_and_one_too_many_are_refused(db, data_dir, monkeypatch):
    claim = make_claim()
    attach(claim)
    with pytest.raises(TransitionRefused):
        attach(claim)
    monkeypatch.setattr("claims.attachments.services.MOST_SCANS", 1)
    with pytest.raises(TransitionRefused):
        attach(claim, pdf())
    assert (ClaimAttachment.objects.count(), len(files_in(data_dir))) == (1, 1)


@pytest.mark.parametrize("state", ["approved", "settled", "rejected"])
def test_a_decided_claim_keeps_its_scans(db, data_dir, state):
    claim = make_claim()
    scan = attach(claim)
    claim.__class__.objects.filter(pk=claim.pk).update(state=state)
    with pytest.raises(StateConflict):
        attach(claim, pdf())
    with pytest.raises(StateConflict):
        remove_scan(scan, actor=make_clerk(), at=NOW, reason="错")
    assert len(files_in(data_dir)) == 1


def test_only_the_window_attaches_and_removes(db, data_dir):
    scan = attach()
    with pytest.raises(NotPermitted):
        attach(actor=make_reviewer())
    with pytest.raises(NotPermitted):
        remove_scan(scan, actor=make_reviewer(), at=NOW, reason="错")
    with pytest.raises(ReasonMissing):
        remove_scan(scan, actor=make_clerk(), at=NOW, reason=" ")
    assert (ClaimAttachment.objects.count(), len(files_in(data_dir))) == (1, 1)


def test_a_removed_scan_is_destroyed_and_the_row_says_why(
    db, data_dir, django_capture_on_commit_callbacks
):
    scan, clerk = attach(), make_clerk()
    with django_capture_on_commit_callbacks(execute=True):
        remove_scan(scan, actor=clerk, at=NOW, reason="扫错人")
    scan.refresh_from_db()
    assert (scan.removed_by, scan.removed_because) == (clerk, "扫错人")
    assert files_in(data_dir) == []
    with pytest.raises(StateConflict):
        remove_scan(scan, actor=clerk, at=NOW, reason="again")
    assert "扫错人" in scan.claim.transitions.last().note
    attach(scan.claim)  # the same file may come again


def test_an_altered_file_is_not_shown(client, db, data_dir):
    scan = attach()
    (path,) = files_in(data_dir)
    path.write_bytes(pdf())
    with pytest.raises(AlteredScan):
        read_scan(scan)
    client.force_login(make_user(["claims.view_claimattachment"]))
    url = reverse("admin:claims_claim_scan", args=[scan.pk])
    assert client.get(url).status_code == 410
    path.unlink()
    assert client.get(url).status_code == 410


@pytest.mark.parametrize(("content", "sandboxed"), [(picture(), True), (pdf(), False)])
def test_a_scan_is_shown_with_safe_headers_to_those_who_may(client, db, content, sandboxed):
    scan = attach(content=content)
    url = reverse("admin:claims_claim_scan", args=[scan.pk])
    assert client.get(url).status_code == 302  # to the login
    client.force_login(make_user(["claims.view_claim"]))
    assert client.get(url).status_code == 403
    client.force_login(make_user(["claims.view_claimattachment"]))
    answer = client.get(url)
    assert answer.content == content
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"] == scan.content_type
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=utf-8''")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert ("sandbox" in policy) is sandboxed
    assert client.post(url).status_code == 405


def test_several_files_at_once_are_all_looked_at_before_one_is_kept(client, db, data_dir):
    make_bureau()
    claim = make_claim()
    client.force_login(make_clerk())
    client.cookies["django_language"] = "en"
    url = reverse("admin:claims_claim_scans", args=[claim.pk])
    here = reverse("admin:claims_claim_change", args=[claim.pk])

    def post(*files):
        given = [SimpleUploadedFile(name, content) for name, content in files]
        return client.post(url, {"kind": "invoice", "scans": given})

    page = post(("a.png", picture()), ("b.pdf", b"MZ")).content.decode()
    assert "b.pdf: The file is no PDF, JPEG or PNG" in page
    assert post().status_code == 200
    assert files_in(data_dir) == []
    assert post(("a.png", picture()), ("b.pdf", pdf(2))).headers["Location"] == here
    page = client.get(here).content.decode()
    assert "2 pages" in page
    assert claim.attachments.count() == 2
    scan = claim.attachments.first()
    remove = reverse("admin:claims_claim_scan_remove", args=[scan.pk])
    assert client.post(remove, {"reason": ""}).status_code == 200
    client.post(remove, {"reason": "重复"})
    assert claim.attachments.filter(removed_at=None).count() == 1
    assert client.get(remove).status_code == 404
    client.force_login(make_reviewer())
    assert client.post(url, {"kind": "invoice"}).status_code == 403
