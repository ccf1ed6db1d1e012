"""Pictures for the README: the demonstration's screens as each role sees them.

    make demo                       # in one terminal
    python -m bench.screenshots     # in another

Logs in with the demonstration's accounts, goes the way a person would go, and writes PNGs of
at most 200 kB to `docs/images`.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.urls import reverse  # noqa: E402

from config.checks.system import chromium  # noqa: E402
from config.demo.county.accounts import demo_password  # noqa: E402

IMAGES = settings.BASE_DIR / "docs" / "images"
SIZE = {"width": 1366, "height": 768}
LARGEST = 200_000  # bytes


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--only", nargs="*", help="names of pictures")
    options = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (username, go) in PICTURES.items():
            if options.only and name not in options.only:
                continue
            page = log_in(browser, options.address, username)
            go(page)
            page.mouse.move(0, 0)
            page.evaluate("() => document.activeElement?.blur?.()")
            save(page, IMAGES / f"{name}.png")
            page.context.close()
        browser.close()


def log_in(browser: Browser, address: str, username: str) -> Page:
    """A window of 1366 × 768 with that person logged in."""
    page = browser.new_context(viewport=SIZE, locale="zh-CN", base_url=address).new_page()
    page.goto(reverse("admin:login"))
    page.fill("#id_username", username)
    page.fill("#id_password", demo_password(settings.PORTAL_DATA_DIR))
    with page.expect_navigation(wait_until="load"):
        page.press("#id_password", "Enter")
    return page


def save(page: Page, path: Path) -> None:
    """A picture of what is in view, with few enough colours to be small."""
    page.screenshot(path=path)
    for colours in (256, 128, 64, 32):
        with Image.open(path) as image:
            image.convert("RGB").quantize(colours).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            break
    print(f"{path.relative_to(settings.BASE_DIR)}  {path.stat().st_size // 1000} kB")


def desk(_page: Page) -> None:
    """The first page."""


def window(page: Page) -> None:
    """A claim being typed, with its quote."""
    page.goto(reverse("admin:claims_window"))
    page.fill("[data-find]", "彭")
    page.locator("#found [data-found]").first.click()
    page.wait_for_selector("#claim")
    year = page.evaluate("() => new Date().getFullYear()")
    month = page.evaluate("() => new Date().getMonth()")
    day = f"{year - (month == 0)}{month or 12:02d}"
    for field, text in {
        "institution": "H43310100001",
        "admitted_on": f"{day}03",
        "discharged_on": f"{day}15",
        "diagnosis": "I63.900 脑梗死",
        "invoice_no": "4307720915",
        "total": "18362.45",
        "excluded": "1240.30",
        "over_limit": "215.00",
        "first_self_pay": "1066.72",
    }.items():
        page.fill(f"#claim [name={field}]", text)
        page.press(f"#claim [name={field}]", "Tab")
    page.wait_for_selector("#claim [name=filing]:visible")
    page.select_option("#claim [name=filing]", "referred")
    page.wait_for_load_state("networkidle")


def first_of(name: str, query: str) -> Callable[[Page], None]:
    """The first record of a list."""

    def go(page: Page) -> None:
        page.goto(f"{reverse(f'admin:{name}_changelist')}?{query}")
        with page.expect_navigation(wait_until="load"):
            page.locator("#result_list tbody th a").first.click()

    return go


def page_of(name: str) -> Callable[[Page], None]:
    """A page of its own."""

    def go(page: Page) -> None:
        page.goto(reverse(f"admin:{name}"))

    return go


def resident(page: Page) -> None:
    """The whole story of somebody who was in hospital."""
    first_of("claims_claim", "kind__exact=inpatient&state__exact=settled")(page)
    with page.expect_navigation(wait_until="load"):
        page.locator("a[href*='/enrollment/person/'][href$='/change/']").first.click()


def machines(page: Page) -> None:
    """The operator's desk, once the machines have answered."""
    page.wait_for_selector("[aria-busy]", state="detached")


PICTURES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "window": ("clerk1", window),
    "review": ("reviewer2", first_of("claims_claim", "queue=second")),
    "run": ("finance1", first_of("claims_settlementrun", "")),
    "batch": ("finance2", first_of("claims_paymentbatch", "state__exact=draft")),
    "head": ("head1", desk),
    "roll": ("enrol1", page_of("enrollment_importjob_hand_in")),
    "institution": ("inst1", first_of("enrollment_institution", "q=H43312700001")),
    "policy": ("benefit1", page_of("claims_policybook")),
    "visit": ("supervisor1", first_of("supervision_visit", "state__exact=done")),
    "fund": ("leader1", desk),
    "resident": ("auditor1", resident),
    "machines": ("operator1", machines),
    "case": ("supervisor3", first_of("supervision_case", "state__exact=notified")),
}

if __name__ == "__main__":
    main()
