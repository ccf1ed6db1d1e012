"""The catalogue: what is gathered, what is kept, what the check finds."""

from pathlib import Path

import pytest

from config.catalogue.extraction import extract_texts
from config.catalogue.merging import as_mo, as_po, disagreements, load, merge, problems

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
def f(n):
    return _("Paid"), ngettext("%(n)s claim", "%(n)s claims", n), pgettext_lazy("month", "May")
"""
TEMPLATE = """{% load i18n %}
  <p title="{% translate 'It is "late"' %}">{% translate "May" context "verb" %}</p>
{% if a %}
      {% blocktranslate count n=n trimmed %}
        One case of
        {{ name }}
      {% plural %}{{ n }} cases of {{ name }}{% endblocktranslate %}{{ x|default:_("none") }}
{% endif %}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one module, one template, and a test whose texts do not count."""
    files = {
        "claims/a.py": PYTHON,
        "templates/a.html": TEMPLATE,
        "claims/tests/test_a.py": '_("Only in a test")',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


COMPLETE = """
msgid "Paid"
msgstr "已支付"

msgid "%(n)s claim"
msgid_plural "%(n)s claims"
msgstr[0] "%(n)s 笔"

msgctxt "month"
msgid "May"
msgstr "五月"

msgctxt "verb"
msgid "May"
msgstr "可以"

msgid "It is \\"late\\""
msgstr "已逾期"

msgid "One case of %(name)s"
msgid_plural "%(n)s cases of %(name)s"
msgstr[0] "%(name)s %(n)s 件"

msgid "none"
msgstr "无"
"""


def test_texts_of_code_and_templates(project: Path) -> None:
    texts = extract_texts(project)
    assert {(message.id, message.context) for message in texts if message.id} == {
        ("Paid", None),
        (("%(n)s claim", "%(n)s claims"), None),
        ("May", "month"),
        ("May", "verb"),
        ('It is "late"', None),
        (("One case of %(name)s", "%(n)s cases of %(name)s"), None),
        ("none", None),
    }


def test_a_fragment_without_header_completes_the_catalogue(project: Path) -> None:
    texts = extract_texts(project)
    empty = load(project / "none.po")
    assert len(problems(texts, empty)) == 7
    fragment = load(write(project / "fragment.po", COMPLETE))
    merged = merge(texts, [fragment, empty])
    assert problems(texts, merged) == []
    kept = write(project / "django.po", as_po(merged).decode())
    again = merge(texts, [load(kept)])
    assert (as_po(again), as_mo(again)) == (as_po(merged), as_mo(merged))
    assert b"POT-Creation-Date" not in as_po(merged) + as_mo(merged)


def test_each_kind_of_gap_is_named(project: Path) -> None:
    texts = extract_texts(project)
    broken = (
        COMPLETE.replace('"已支付"', '""')
        .replace('msgctxt "month"', '#, fuzzy\nmsgctxt "month"')
        .replace('"%(n)s 笔"', '"%(m)s 笔"')
        .replace('msgid "none"', 'msgid "gone"')
    )
    found = problems(texts, load(write(project / "broken.po", broken)))
    assert sorted(found) == [
        "fuzzy: 'May' (context 'month')",
        "missing: 'none'",
        "placeholders differ: '%(n)s claim'",
        "untranslated: 'Paid'",
        "unused: 'gone'",
    ]


def test_sources_that_disagree_are_named_and_the_first_counts(project: Path) -> None:
    texts = extract_texts(project)
    first = load(write(project / "1.po", COMPLETE))
    second = load(write(project / "2.po", COMPLETE.replace("已支付", "支付")))
    assert disagreements([first, second]) == ["'Paid'"]
    message = merge(texts, [first, second]).get("Paid")
    assert message is not None
    assert message.string == "已支付"
