"""What the shape of the code promises, beyond what linters see."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import find_commands
from django.db.models import Model

from enrollment.console.commands import PortalCommand

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ["enrollment", "claims", "supervision", "config"]
LONGEST_FILE = 350
LONGEST_TEST = 500

# Commands of docs/operations.md that write, so that each offers --dry-run.
WRITING = {
    "load_divisions",
    "import_roll",
    "import_claims",
    "import_institutions",
    "load_policies",
    "settle_day",
    "screen",
    "import_recoveries",
    "backup",
    "restore",
}
# Seconds of waiting and the chances of made-up people are no money.
MAY_USE_FLOATS = (
    "config/checks",
    "config/demo",
    "config/embedded",
    "config/management/commands/demo.py",
    "enrollment/roll/synthetic.py",
)
FORBIDDEN_NAMES = {"csrf_exempt", "mark_safe", "FloatField"}


def sources(*, tests: bool = True) -> Iterator[Path]:
    """The project's Python files, migrations left out."""
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob("*.py")):
            parts = path.relative_to(ROOT).parts
            if "migrations" not in parts and (tests or "tests" not in parts):
                yield path


def templates() -> Iterator[Path]:
    for folder in ("templates", *(f"{layer}/templates" for layer in LAYERS)):
        yield from sorted((ROOT / folder).rglob("*.html"))


def places(paths: Iterator[Path], wrong: type[ast.AST], test: object) -> list[str]:
    """File and line of each node of that type for which `test` is true."""
    assert callable(test)
    return [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, wrong) and test(node)
    ]


def our_models() -> list[type[Model]]:
    return [model for layer in LAYERS for model in apps.get_app_config(layer).get_models()]


def test_every_relation_points_to_its_own_or_a_lower_app() -> None:
    upward = []
    for model in our_models():
        for field in model._meta.get_fields():
            if field.auto_created or not field.is_relation or field.related_model is None:
                continue
            target = field.related_model._meta.app_label
            own = model._meta.app_label
            if target in LAYERS and LAYERS.index(target) > LAYERS.index(own):
                upward.append(f"{model._meta.label}.{field.name} → {target}")
    assert upward == []


def test_every_file_is_short() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in sources()
        if (count := len(path.read_text(encoding="utf-8").splitlines()))
        > (LONGEST_TEST if "tests" in path.parts else LONGEST_FILE)
    }
    assert long == {}


def test_no_floats_where_money_is() -> None:
    strict = [
        path
        for path in sources(tests=False)
        if not str(path.relative_to(ROOT)).startswith(MAY_USE_FLOATS)
    ]
    seconds = [
        *places(iter(strict), ast.Call, lambda call: _name(call.func) == "sleep"),
        *places(iter(strict), ast.Assign, lambda node: _name(node.targets[0]).endswith("_SECONDS")),
    ]
    literals = places(iter(strict), ast.Constant, lambda node: isinstance(node.value, float))
    calls = places(sources(), ast.Call, lambda call: _name(call.func) == "float")
    assert sorted({*literals, *calls} - set(seconds)) == []


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_nothing_forbidden_is_named() -> None:
    names = places(sources(), ast.Name, lambda node: node.id in FORBIDDEN_NAMES)
    attributes = places(sources(), ast.Attribute, lambda node: node.attr in FORBIDDEN_NAMES)
    catches = places(
        sources(),
        ast.ExceptHandler,
        lambda node: node.type is None or getattr(node.type, "id", "") == "Exception",
    )
    assert names + attributes + catches == []


def test_tests_do_not_sleep() -> None:
    tests = (path for path in sources() if "tests" in path.relative_to(ROOT).parts)
    assert places(tests, ast.Attribute, lambda node: node.attr == "sleep") == []


def test_templates_fit_the_content_security_policy() -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|\shx-on|javascript:", re.IGNORECASE
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in templates()
        for match in inline.finditer(path.read_text(encoding="utf-8"))
        if match.group() != "<script" or not _is_data(path, match.start())
    ]
    assert found == []


def _is_data(path: Path, start: int) -> bool:
    """A script element of JSON is not run."""
    return 'type="application/json"' in path.read_text(encoding="utf-8")[start : start + 120]


def commands() -> list[tuple[str, str]]:
    return [
        (layer, name)
        for layer in LAYERS
        for name in find_commands(str(ROOT / layer / "management"))
    ]


@pytest.mark.parametrize(("layer", "name"), commands())
def test_every_command_has_the_shape_of_the_portal(layer: str, name: str) -> None:
    command = import_module(f"{layer}.management.commands.{name}").Command
    assert issubclass(command, PortalCommand)
    assert command.help
    assert command.writes or name not in WRITING


def test_migrations_import_no_app() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {node.module}"
        for layer in LAYERS
        for path in (ROOT / layer / "migrations").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LAYERS
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_hashes(name: str) -> None:
    text = (ROOT / name).read_text()
    pinned = re.findall(
        r"^([a-z0-9._-]+)(?:\[[a-z0-9,-]+\])?==\S+", text, re.MULTILINE | re.IGNORECASE
    )
    entries = re.findall(r"^[a-z0-9]", text, re.MULTILINE | re.IGNORECASE)
    assert len(pinned) == len(entries) > 20
    assert len(re.findall(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$", text, re.MULTILINE)) >= len(
        pinned
    )


def test_nothing_names_a_machine() -> None:
    """No path of somebody's home, no address of a private package index."""
    private = re.compile(r"/(?:root|home/\w+|work)/|--(?:extra-)?index-url")
    suffixes = {".py", ".txt", ".in", ".toml", ".md", ".yaml", ".html", ".js", ".css", ".po"}
    listed = [ROOT / name for name in ("Makefile", ".env.example", ".ci/run")]
    listed += [path for path in ROOT.glob("*") if path.suffix in suffixes]
    for folder in (*LAYERS, "docs", "templates", "bench"):
        listed += [path for path in (ROOT / folder).rglob("*") if path.suffix in suffixes]
    found = [
        str(path.relative_to(ROOT))
        for path in listed
        if path != Path(__file__).resolve() and "vendor" not in path.parts
        if path.is_file() and private.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
