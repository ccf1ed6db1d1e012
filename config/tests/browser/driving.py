"""A member of staff at a browser, for the tests: logs in, types, looks, and counts keys."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from claims.benefit.loading import shipped_schemes
from enrollment.access.roles import Role

WIDTH, HEIGHT = 1366, 768
PATIENCE = 60_000  # milliseconds until a page that does not come is a failure
expect.set_options(timeout=30_000)

# Latin words that a Chinese page may show.
LATIN = {"English", "Ctrl", "Enter", "Esc", "Tab", "Shift", "SHA", "CSV", "XLSX", "PDF", "JSON"}
# Names that settings and files use.
CODES = {*Role.values, *shipped_schemes()}
_LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
# A number with letters, or the check code of a paper, which may have no digit.
_CODE = re.compile(r"[\w.@/=-]*\d[\w.@/=-]*|[A-Z2-9]{4}(-[A-Z2-9]{4})+")
# A file's digest, as the log of a batch names it: its letters are no words.
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

# Everything that a reader gets to see or hear, without what people have entered and without
# what is quoted in another language and says so.
_TEXTS = """() => {
  const own = document.documentElement.lang.toLowerCase();
  const quoted = [...document.querySelectorAll("main [lang]")]
    .filter(node => node.lang.toLowerCase() !== own && !node.closest("form"));
  for (const node of quoted) node.style.display = "none";
  const texts = [document.title, document.body.innerText];
  for (const node of quoted) node.style.display = "";
  for (const node of document.querySelectorAll("[placeholder], [aria-label], [title], [alt]"))
    for (const name of ["placeholder", "aria-label", "title", "alt"])
      if (node.getAttribute(name)) texts.push(node.getAttribute(name));
  for (const node of document.querySelectorAll("option")) texts.push(node.textContent);
  return texts.join("\\n");
}"""
# The page, and the areas at its top: whatever is cut off there is not found.
_WIDTHS = """() => ["html", ".areas"].map(name => document.querySelector(name)).filter(Boolean)
  .map(node => [node.scrollWidth, node.clientWidth])"""


@dataclass
class Keys:
    """How much was typed: keys pressed, and characters that were the papers' own."""

    pressed: int = 0
    data: int = 0


@dataclass
class Clerk:
    """One person at one browser window.

    `faults` collects what the browser complains about on any page: console errors and
    warnings, among them violations of the Content-Security-Policy, uncaught errors, responses
    of 500 and more.
    """

    page: Page
    address: str
    keys: Keys = field(default_factory=Keys)
    faults: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self._where()}: {error}"))
        self.page.on("response", self._response)

    # --- going ---------------------------------------------------------------------------

    def log_in(self, username: str, password: str) -> None:
        """Through the login page, with the keyboard."""
        self.open("/login/")
        self.page.locator("#id_username").fill(username)
        self.page.locator("#id_password").fill(password)
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator("#id_password").press("Enter")
        expect(self.page.locator(".usermenu")).to_be_visible()
        self.look()

    def log_out(self) -> None:
        """By the menu of one's own name."""
        self.page.locator(".usermenu summary").click()
        self.page.locator("#logout-form button").click()
        expect(self.page.locator(".usermenu")).to_have_count(0)

    def open(self, path: str) -> None:
        """Go to an address and look at the page."""
        self.page.goto(path if path.startswith("http") else self.address + path)
        self.look()

    def follow(self, selector: str) -> None:
        """Click the first link or button that fits and look at what comes."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(selector).first.click()
        self.look()

    def tour(
        self,
        look_closer: Callable[[], None] = lambda: None,
        opens: Callable[[str], bool] = lambda address: True,
    ) -> list[str]:
        """Look at every page of the menu and at the first record of each list; their addresses.

        `look_closer` is called on each of them; pages that `opens` does not want stay shut, but for
        the first of each area.
        """
        pages = []
        for area in self._addresses(".areas a"):
            self.open(area)
            pages += self._addresses(".pages a") or [area]
        records = []
        for page in dict.fromkeys(pages):
            if page != self.page.url:
                if not opens(page):
                    continue
                self.open(page)
            look_closer()
            records += filter(opens, self._addresses("#result_list tbody tr:first-child th a")[:1])
        for record in records:
            self.open(record)
            look_closer()
        return [*dict.fromkeys(pages), *records]

    def _addresses(self, links: str) -> list[str]:
        found = self.page.locator(links).evaluate_all("links => links.map(a => a.href)")
        return list(dict.fromkeys(found))

    def proven(self, seen: set[str]) -> None:
        """Let axe look at the page, once per kind of page: `seen` is shared by all clerks.

        What is serious or critical for people who read by keyboard or ear is a fault.
        """
        kind = kind_of_page(self._where())
        if kind in seen:
            return
        seen.add(kind)
        for found in Axe().run(self.page).response["violations"]:
            if found["impact"] in ("serious", "critical"):
                where = "; ".join(str(node["target"]) for node in found["nodes"][:3])
                self.faults.append(f"{self._where()}: axe {found['id']}: {found['help']}: {where}")

    def act(self, name: str, *args: Any, **typed: str) -> None:
        """Follow the page's link to a named view, fill in its form and send it.

        The link must be there and usable: nobody gets to a page by knowing its address.
        """
        with self.page.expect_navigation(wait_until="load"):
            self.link(name, *args).first.click()
        self.look()
        self.fill(**typed)
        self.send()

    def link(self, name: str, *args: Any) -> Locator:
        """The page's links to a named view; none when the person may not use it now."""
        return self.page.locator(f'main a[href^="{reverse(f"admin:{name}", args=args)}"]')

    def until(self, condition: Callable[[], object], log: Path) -> None:
        """Reload the page until the condition holds; fails after a minute with the log's end."""
        deadline = time.monotonic() + 60
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(log.read_text()[-3000:])
            self.page.reload()

    def fill(self, **typed: str) -> None:
        """Fill fields of the page's form by their names."""
        for name, text in typed.items():
            field = self.page.locator(f'main form [name="{name}"]')
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(text)
            else:
                field.fill(text)

    def send(self) -> None:
        """Press the page's primary button and look at what comes."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator("main [data-primary]").first.click()
        self.look()

    # --- looking -------------------------------------------------------------------------

    def look(self) -> None:
        """No sideways scrolling, no word of the other language, no complaint of the browser."""
        where = self._where()
        self.seen.append(where)
        for wide, room in self.page.evaluate(_WIDTHS):
            if wide > room:
                self.faults.append(f"{where}: {wide - room} px wider than its room")
        language = self.page.locator("html").get_attribute("lang") or ""
        if language.lower().startswith("zh"):
            self.faults.extend(
                f"{where}: not Chinese: {line}" for line in untranslated(self.texts())
            )

    def texts(self) -> str:
        """All that the page says."""
        return str(self.page.evaluate(_TEXTS))

    def shows(self, text: str) -> None:
        """Wait until the page shows the text somewhere."""
        expect(self.page.locator("body")).to_contain_text(text)

    # --- typing --------------------------------------------------------------------------

    def type(self, text: str) -> None:
        """Type the papers' data into the field that has the focus."""
        self.keys.pressed += len(text)
        self.keys.data += len(text)
        self.page.keyboard.type(text)

    def press(self, chord: str, times: int = 1) -> None:
        """Press a key; each key of a chord such as `Control+Enter` counts."""
        for _nth in range(times):
            self.keys.pressed += chord.count("+") + 1
            self.page.keyboard.press(chord)

    def press_and_go(self, chord: str) -> None:
        """Press a key that leads to another page, and look at it."""
        with self.page.expect_navigation(wait_until="load"):
            self.press(chord)
        self.look()

    def focused(self) -> str:
        """The name of the field that has the focus."""
        return str(self.page.evaluate("() => document.activeElement?.name || ''"))

    # --- listening -----------------------------------------------------------------------

    def _where(self) -> str:
        return self.page.url.removeprefix(self.address)

    def _console(self, message: ConsoleMessage) -> None:
        expected = "status of 404" in message.text or "status of 403" in message.text
        if message.type in ("error", "warning") and not expected:
            self.faults.append(f"{self._where()}: {message.type}: {message.text}")

    def _response(self, response: Any) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.url}: {response.status}")


def kind_of_page(address: str) -> str:
    """The address without what tells records of one kind apart.

    >>> kind_of_page("/claims/claim/17/change/?state=approved")
    '/claims/claim//change/'
    """
    return re.sub(r"[?#].*|[0-9]+", "", address)


def untranslated(text: str) -> list[str]:
    """Lines that hold Latin words but no Chinese ones; codes and login names may.

    >>> untranslated("参保人\\nTotal cost\\nclerk1\\nEnglish\\nTVPQ-TAAA-NCTX")
    ['Total cost']
    >>> untranslated(f"SHA-256 {'fade0' * 12}beef\\nTotal {'0' * 64}")[0][:6]
    'Total '
    """
    found = []
    for line in dict.fromkeys(line.strip() for line in text.splitlines()):
        words = [word for word in _LATIN_WORD.findall(_DIGEST.sub("", line)) if word not in LATIN]
        code = _CODE.fullmatch(line) or line in CODES
        if words and not code and not _CHINESE.search(line):
            found.append(line)
    return found


def sit_down(browser: Browser, address: str, **options: Any) -> Clerk:
    """A new window of one's own: nobody else's cookies."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN", **options
    )
    return Clerk(context.new_page(), address)
