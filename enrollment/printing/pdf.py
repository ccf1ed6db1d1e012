"""A page's HTML as a PDF."""

from django.contrib.staticfiles import finders

SHEET = "portal/paper.css"
# What browsers cannot do: the line of issue at the foot of every page.
FOOT = ".on-each-page { display: block; position: running(foot) } .at-end { display: none }"


class PrintingUnavailable(Exception):
    """WeasyPrint cannot load Pango: print the page from the browser instead."""


def as_pdf(html: str) -> bytes:
    """Lay out the page on A4; the style sheet comes from the static files, nothing else does.

    Raises PrintingUnavailable where the system's Pango is missing.
    """
    try:
        # Only here: the import itself loads Pango, which the HTML view does not need.
        import weasyprint
    except OSError as error:
        raise PrintingUnavailable(str(error)) from error
    sheet = finders.find(SHEET)
    if not isinstance(sheet, str):
        raise FileNotFoundError(SHEET)
    # Inline images (the QR code) are the only thing that may be read.
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    document = weasyprint.HTML(string=html, url_fetcher=nothing)
    sheets = [weasyprint.CSS(filename=sheet), weasyprint.CSS(string=FOOT)]
    pdf: bytes = document.write_pdf(stylesheets=sheets)
    return pdf
