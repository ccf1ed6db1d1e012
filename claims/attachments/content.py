"""Whether a file is the PDF, JPEG or PNG that it claims to be, and of bounded size.

The name and the type that the browser sends are not believed. Pictures are decoded whole, so that
a damaged or padded one is found here and not by whoever opens it.
"""

import io
import re
import warnings
import zlib
from dataclasses import dataclass, field

from PIL import Image, UnidentifiedImageError

from claims.attachments.pictures import PictureDamaged, end_of_jpeg, end_of_png

LARGEST = 10 * 1024 * 1024  # bytes of one file
MOST_PIXELS = 40_000_000  # an A4 page at 600 dpi has 35 million
MOST_PAGES = 200
MOST_INFLATED = 32 * 1024 * 1024  # bytes of a PDF's object streams

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
_MAGIC = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
_PILLOW = {JPEG: "JPEG", PNG: "PNG"}
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_STREAM = re.compile(rb"<<([^\x00]{0,2000}?)>>\s*stream\r?\n", re.DOTALL)
# What acts, runs, embeds or hides when a reader opens the file.
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|SubmitForm|ImportData|XFA|Encrypt|AA"
    rb"|GoToR|GoToE)(?![A-Za-z])"
)
_END, _BLANK = b"%%EOF", b"\0\t\n\f\r "
# In names, any letter may stand as #xx.
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


class ContentRefused(ValueError):
    """The file is not taken; `code` says why (see `claims.attachments.messages`)."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Checked:
    """What a file is: its type, its pages (a picture is one), and what of it is kept.

    Of a picture that is as far as the picture goes: phones put other files behind it.
    """

    content_type: str
    pages: int
    content: bytes = field(default=b"", repr=False, compare=False)


def check_content(content: bytes) -> Checked:
    """Look at the bytes themselves; raises ContentRefused."""
    if not content:
        raise ContentRefused("empty")
    if len(content) > LARGEST:
        raise ContentRefused("too_large")
    for magic, content_type in _MAGIC:
        if content.startswith(magic):
            if content_type == PDF:
                return Checked(PDF, _pages_of_pdf(content), content)
            whole = content[: end_of_picture(content, content_type)]
            _check_picture(whole, content_type)
            return Checked(content_type, 1, whole)
    raise ContentRefused("unknown_type")


def end_of_picture(content: bytes, content_type: str) -> int:
    """Where the picture itself ends; raises ContentRefused when it does not."""
    try:
        return end_of_png(content) if content_type == PNG else end_of_jpeg(content)
    except PictureDamaged as error:
        raise ContentRefused("damaged") from error


def _check_picture(content: bytes, content_type: str) -> None:
    """Decode the whole picture once its size is known to be bounded."""
    formats = (_PILLOW[content_type],)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=formats) as picture:
                wide, high = picture.size
                if wide * high > MOST_PIXELS:
                    raise ContentRefused("too_many_pixels")
                picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ContentRefused("too_many_pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, zlib.error) as error:
        if isinstance(error, ContentRefused):
            raise
        raise ContentRefused("damaged") from error


def _pages_of_pdf(content: bytes) -> int:
    """The number of pages; damaged, encrypted, active and bloated files are refused."""
    tail = content[-2048:]
    start = re.search(rb"startxref\s+(\d{1,10})\s+%%EOF", tail)
    if start is None or int(start.group(1)) >= len(content):
        raise ContentRefused("damaged")
    if content[content.rindex(_END) + len(_END) :].strip(_BLANK):
        raise ContentRefused("something_behind")
    table = content[int(start.group(1)) :][:64].lstrip()
    if not (table.startswith(b"xref") or re.match(rb"\d+\s+\d+\s+obj", table)):
        raise ContentRefused("damaged")
    pages = 0
    for part in (content, *_object_streams(content)):
        plain = _ESCAPE.sub(lambda found: bytes([int(found.group(1), 16)]), part)
        if _ACTIVE.search(plain):
            raise ContentRefused("active")
        pages += len(_PAGE.findall(plain))
    if not pages:
        raise ContentRefused("damaged")
    if pages > MOST_PAGES:
        raise ContentRefused("too_many_pages")
    return pages


def _object_streams(content: bytes) -> list[bytes]:
    """The inflated object streams, in which newer files keep their pages."""
    found = []
    room = MOST_INFLATED
    for match in _STREAM.finditer(content):
        if b"/ObjStm" not in match.group(1):
            continue
        inflater = zlib.decompressobj()
        try:
            part = inflater.decompress(content[match.end() :], room)
        except zlib.error as error:
            raise ContentRefused("damaged") from error
        if inflater.unconsumed_tail and not inflater.eof and len(part) >= room:
            raise ContentRefused("too_large")
        room -= len(part)
        if room <= 0:
            raise ContentRefused("too_large")
        found.append(part)
    return found
