"""Small files for the tests of scans: real pictures and PDFs, and such as pretend to be."""

import io
import zlib

from PIL import Image


def picture(form="PNG", size=(40, 30), color=(200, 10, 10)):
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, form)
    return out.getvalue()


def pdf(pages=1, extra=b""):
    """A plain PDF with a cross-reference table."""
    kids = b" ".join(b"%d 0 R" % (3 + nth) for nth in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + extra + b" >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * pages,
    ]
    out, places = b"%PDF-1.4\n", []
    for nth, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % nth + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return out + b"startxref\n%d\n%%%%EOF\n" % start


def packed_pdf(inside):
    """A PDF whose pages stand in a compressed object stream."""
    stream = zlib.compress(inside)
    out = b"%PDF-1.5\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length "
    out += b"%d >>\nstream\n" % len(stream) + stream + b"\nendstream\nendobj\n"
    return out + b"9 0 obj\n<< /Type /XRef >>\nendobj\nstartxref\n%d\n%%%%EOF" % (
        out.index(b"endobj") + 7
    )
