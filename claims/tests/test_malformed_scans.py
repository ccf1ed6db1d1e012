"""Two hundred files that are no scan: each refused with a code that has its words, none kept."""

from collections.abc import Iterator

import pytest

from claims.attachments.content import ContentRefused, check_content
from claims.attachments.messages import say_refused
from claims.tests.scans import packed_pdf, pdf, picture

PNG, JPEG, PAPER = picture(), picture("JPEG"), pdf(2)
PAGE = b"<< /Type /Page >>"
# What other programs write: by their first bytes.
OTHERS = {
    "program of Windows": b"MZ\x90\x00\x03",
    "program of Linux": b"\x7fELF\x02\x01\x01",
    "program of macOS": b"\xcf\xfa\xed\xfe",
    "class of Java": b"\xca\xfe\xba\xbe",
    "shell script": b"#!/bin/sh\n",
    "batch file": b"@echo off\r\n",
    "PHP": b"<?php echo 1;",
    "web page": b"<!DOCTYPE html><html>",
    "script in a page": b"<script>alert(1)</script>",
    "drawing": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "XML": b"<?xml version='1.0'?>",
    "JSON": b'{"a": 1}',
    "workbook": b"PK\x03\x04\x14\x00\x06\x00",
    "empty archive": b"PK\x05\x06" + bytes(18),
    "old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "RTF": b"{\\rtf1\\ansi}",
    "PostScript": b"%!PS-Adobe-3.0",
    "gzip": b"\x1f\x8b\x08",
    "bzip2": b"BZh91AY&SY",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "RAR": b"Rar!\x1a\x07\x01\x00",
    "tar": b"a.txt".ljust(257, b"\0") + b"ustar",
    "GIF": picture("GIF"),
    "BMP": picture("BMP"),
    "TIFF": picture("TIFF"),
    "WEBP": picture("WEBP"),
    "icon": picture("ICO"),
    "HEIC": b"\x00\x00\x00\x18ftypheic",
    "film": b"\x00\x00\x00\x18ftypmp42",
    "sound": b"ID3\x03\x00",
    "wave": b"RIFF\x24\x00\x00\x00WAVE",
    "DICOM": bytes(128) + b"DICM",
    "SQLite": b"SQLite format 3\x00",
    "text": "发票".encode(),
    "text in UTF-16": "发票".encode("utf-16"),
    "zeros": bytes(8),
    "a PDF after a blank": b" " + PAPER,
    "a PDF after a byte order mark": b"\xef\xbb\xbf" + PAPER,
    "a picture after a line end": b"\n" + PNG,
    "PDF in small letters": PAPER.replace(b"%PDF", b"%pdf"),
}
ACTIVE = (
    *(b"/JavaScript 1 0 R", b"/JS (app.alert(1))", b"/Launch << >>", b"/EmbeddedFile 1 0 R"),
    *(b"/RichMedia 1 0 R", b"/SubmitForm 1 0 R", b"/ImportData 1 0 R", b"/XFA 1 0 R"),
    *(b"/Encrypt 1 0 R", b"/AA << >>", b"/GoToR 1 0 R", b"/GoToE 1 0 R"),
)


def files() -> Iterator[tuple[str, bytes]]:
    """A name for the test's output, and the bytes."""
    yield "nothing", b""
    for title, head in OTHERS.items():
        yield title, head
        yield f"{title}, with a picture behind it", head + PNG
    for kind, whole in (("PNG", PNG), ("JPEG", JPEG), ("PDF", PAPER)):
        for tenth in range(1, 10):
            yield f"{kind} cut at {tenth}0 %", whole[: len(whole) * tenth // 10]
        for length in (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20):
            yield f"{kind} cut after {length} bytes", whole[:length]
        yield f"{kind} of zeros", whole[:8] + bytes(len(whole) - 8)
        yield f"{kind} backwards", whole[:8] + whole[:7:-1]
        yield f"{kind} twice halved", whole[: len(whole) // 2] * 2
    yield "the head of a PNG on a JPEG", PNG[:8] + JPEG
    yield "the head of a JPEG on a PNG", JPEG[:3] + PNG
    yield "the head of a PDF on a PNG", b"%PDF-1.4\n" + PNG
    yield "the head of a PDF on a page", b"%PDF-1.4\n<html></html>"
    for marks in ACTIVE:
        yield f"PDF with {marks!r}", pdf(extra=marks)
        yield f"PDF with {marks!r}, packed", packed_pdf(PAGE + marks)
        spelt = b"/" + b"".join(b"#%02x" % sign for sign in marks[1:3]) + marks[3:]
        yield f"PDF with {spelt!r}", pdf(extra=spelt)
    for count in (201, 1000):
        yield f"PDF of {count} pages", pdf(count)
    for word, other in ((b"/Type /Page ", b"/Type /Font "), (b"%%EOF", b"%%EOX")):
        yield f"PDF without {word!r}", PAPER.replace(word, other)
    for place in (b"0", b"5", b"9999999999", b"-1", b"x"):
        start = PAPER.rindex(b"startxref\n")
        yield (
            f"PDF whose table stands at {place!r}",
            PAPER[:start] + (b"startxref\n" + place + b"\n%%EOF"),
        )


FILES = list(files())


def test_there_are_two_hundred() -> None:
    assert len({content for _title, content in FILES}) >= 200


@pytest.mark.parametrize(("title", "content"), FILES, ids=[title for title, _content in FILES])
def test_what_is_no_scan_is_refused_in_words(title: str, content: bytes) -> None:
    with pytest.raises(ContentRefused) as refused:
        check_content(content)
    assert say_refused(refused.value.code)
