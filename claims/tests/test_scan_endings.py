"""What stands behind the end of a scan is not kept, and its name is an ordinary one."""

import io

import pytest
from PIL import Image

from claims.attachments.content import ContentRefused, check_content
from claims.attachments.services import attach_scan, plain_name, read_scan
from claims.tests.factories import NOW, make_claim, make_clerk
from claims.tests.scans import packed_pdf, pdf, picture

BEHIND = (b"PK\x03\x04 an archive", b"<script>", picture(), picture("JPEG"), b"\xff\xd9", b"\0")


def drawn(**options):
    """A picture of many colours, so that its coded data hold every byte."""
    out = io.BytesIO()
    Image.effect_noise((120, 90), 90).convert("RGB").save(out, "JPEG", **options)
    return out.getvalue()


PICTURES = {
    "PNG": picture(),
    "JPEG": picture("JPEG"),
    "noise": drawn(quality=95),
    "progressive": drawn(progressive=True),
    "with a thumbnail": drawn(exif=b"Exif\0\0" + picture("JPEG", size=(8, 8))),
    "with restarts": drawn(restart_marker_rows=1),
}


@pytest.mark.parametrize("behind", BEHIND, ids=range(len(BEHIND)))
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_kept_as_far_as_it_goes(name, behind):
    whole = PICTURES[name]
    assert check_content(whole).content == whole
    assert check_content(whole + behind).content == whole


@pytest.mark.parametrize("name", PICTURES)
def test_one_that_breaks_off_is_refused(name):
    whole = PICTURES[name]
    for cut in (1, 2, 3, len(whole) // 2):
        with pytest.raises(ContentRefused) as refused:
            check_content(whole[:-cut])
        assert refused.value.code == "damaged"


@pytest.mark.parametrize("paper", [pdf(2), packed_pdf(b"1 0 << /Type /Page >>")])
def test_a_pdf_with_something_behind_its_end_is_refused(paper):
    for blank in (b"", b"\n", b"\r\n", b" \0\t\n"):
        assert check_content(paper.rstrip() + blank).content
    for behind in (b"PK\x03\x04", b"<script>", b"x"):
        with pytest.raises(ContentRefused) as refused:
            check_content(paper + behind)
        assert refused.value.code == "something_behind"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("发票.PNG", "发票.PNG"),
        ("C:\\扫描\\../发票\u202egnp.exe", "发票gnp.png"),
        ("/etc/passwd", "passwd.png"),
        ("a\0b\r\nc\t.png", "abc.png"),
        ("  .. .png", "scan.png"),
        ("", "scan.png"),
        ("发票.pdf", "发票.png"),
        ("2026.11.24 出院小结", "2026.11.24 出院小结.png"),
        ("长" * 300 + ".png", "长" * 116 + ".png"),
    ],
)
def test_the_name_is_an_ordinary_one(name, kept):
    assert plain_name(name, "image/png") == kept


def test_what_is_kept_and_shown_is_the_picture_alone(db):
    scan = attach_scan(
        make_claim(),
        kind="invoice",
        name="发票.exe",
        content=picture() + b"PK\x03\x04",
        actor=make_clerk(),
        at=NOW,
    )
    assert read_scan(scan) == picture()
    assert (scan.size, scan.original_name) == (len(picture()), "发票.png")
