"""The statement's HTML as a PDF."""

from django.contrib.staticfiles import finders


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
    sheet = finders.find("portal/statement.css")
    if not isinstance(sheet, str):
        raise FileNotFoundError("portal/statement.css")
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=("none",))  # a statement fetches nothing
    document = weasyprint.HTML(string=html, url_fetcher=nothing)
    pdf: bytes = document.write_pdf(stylesheets=[weasyprint.CSS(filename=sheet)])
    return pdf
