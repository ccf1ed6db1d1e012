"""Schemes from YAML: one file per scheme, every value a list of dated rows with a source.

Errors are SchemeError: they name the file, the place in it and the remedy.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from claims.benefit.layers import LAYER_KINDS, Layer
from claims.benefit.parameters import (
    ALWAYS,
    Reader,
    Row,
    SchemeError,
    Series,
    Source,
    Text,
    fields,
    flag,
    mapping,
    shown,
)
from claims.benefit.scheme import Scheme
from claims.benefit.types import AGE_GROUPS, PAYERS

# What no text of the database can hold, and what nobody can read in one.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_CODE = re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
LONGEST_NUMBER = 40  # signs of a whole number
SHIPPED = Path(__file__).resolve().parent / "schemes"


class _Loader(yaml.SafeLoader):
    """Safe YAML that refuses a key given twice instead of keeping the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {key!r} is given twice (line {line}): keep one"
                )
            seen.add(key)
        return super().construct_mapping(node, deep)

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        """A number that no policy needs is refused before it is read."""
        if len(node.value) > LONGEST_NUMBER:
            raise yaml.constructor.ConstructorError(
                problem=f"a number is too long (line {node.start_mark.line + 1})"
            )
        number: int = super().construct_yaml_int(node)
        return number


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)


@cache
def shipped_schemes() -> Mapping[str, Scheme]:
    """The schemes that the project ships, by code."""
    return load_schemes(SHIPPED)


def load_schemes(path: Path) -> Mapping[str, Scheme]:
    """The schemes of a YAML file or of all YAML files of a directory, by code."""
    return {scheme.code: scheme for scheme, _data in load_schemes_with_data(path)}


def load_schemes_with_data(path: Path) -> list[tuple[Scheme, Mapping[str, Any]]]:
    """The same, each with the data of its file as YAML gave them."""
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.suffix in (".yaml", ".yml"))
    else:
        files = [path]
    if not files:
        raise SchemeError(
            "",
            "此处没有 .yaml 文件，请指定方案文件或其所在文件夹",
            "no .yaml file here: name a file or a folder of them",
            str(path),
        )
    found: list[tuple[Scheme, Mapping[str, Any]]] = []
    where: dict[str, Path] = {}
    for file in files:
        scheme, data = _load_file(file)
        if scheme.code in where:
            raise SchemeError(
                "code",
                f"方案 {scheme.code!r} 在 {where[scheme.code]} 中已有，请保留一个",
                f"the scheme {scheme.code!r} is also in {where[scheme.code]}: keep one",
                str(file),
            )
        found.append((scheme, data))
        where[scheme.code] = file
    return found


def _load_file(file: Path) -> tuple[Scheme, Mapping[str, Any]]:
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = error.strerror
        raise SchemeError(
            "",
            f"无法读取（{reason}），请检查路径",
            f"cannot be read ({reason}): check the path",
            str(file),
        ) from error
    try:
        return parse_file(data)
    except SchemeError as error:
        raise SchemeError(error.path, error.zh, error.en, str(file)) from error


def parse_file(content: bytes) -> tuple[Scheme, Mapping[str, Any]]:
    """The scheme in a YAML file's bytes, and its data; raises SchemeError."""
    try:
        # Bytes: the YAML reader itself knows its encodings and refuses control characters.
        data = yaml.load(content, _Loader)  # noqa: S506 - a SafeLoader
    except RecursionError as error:
        raise SchemeError(
            "",
            "列表或映射嵌套过深，请检查括号与缩进",
            "lists or mappings are nested too deeply: check brackets and indentation",
        ) from error
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        raise SchemeError(
            "", f"不是有效的 YAML，请改正：{error}", f"is not YAML, correct it: {error}"
        ) from error
    return parse_scheme(data), data


def parse_scheme(data: object) -> Scheme:
    """A scheme from its data, as YAML or the policy tables hold it."""
    top = fields(
        data,
        "scheme",
        {"code": _code, "name": _text, "sources": _sources, "layers": _list},
        {"note": _text},
    )
    sources: dict[str, Source] = top["sources"]
    layers: list[Layer] = []
    for index, item in enumerate(top["layers"]):
        layer = _layer(item, f"layers[{index}]", sources)
        if any(layer.code == other.code for other in layers):
            raise SchemeError(
                f"layers[{index}].code",
                f"{layer.code!r} 重复，请改名",
                f"{layer.code!r} is given twice: rename one",
            )
        layers.append(layer)
    return Scheme(top["code"], top["name"], tuple(layers), tuple(sources.values()))


def _layer(item: object, path: str, sources: Mapping[str, Source]) -> Layer:
    head = fields(
        item,
        path,
        {
            "code": _code,
            "kind": _one_of(tuple(LAYER_KINDS)),
            "payer": _one_of(PAYERS),
            "name": _text,
            "parameters": mapping,
        },
        {"settings": mapping},
    )
    kind = LAYER_KINDS[head["kind"]]
    place = f"{path}.parameters"
    readers: dict[str, Reader] = {**kind.REQUIRED, **kind.OPTIONAL}
    given = fields(
        head["parameters"],
        place,
        dict.fromkeys(kind.REQUIRED, _list),
        dict.fromkeys(readers, _list),
    )
    series = {
        name: _series(rows, f"{place}.{name}", readers[name], sources)
        for name, rows in given.items()
    }
    _check_groups(series, place)
    settings = fields(head.get("settings", {}), f"{path}.settings", kind.SETTINGS, {})
    return kind(head["code"], head["payer"], head["name"], series, settings)


def _check_groups(series: Mapping[str, Series], path: str) -> None:
    """A table that favours an age group needs the layer to say which ages that is."""
    told = series["age_groups"].keys() if "age_groups" in series else frozenset()
    for name, rows in series.items():
        for code in sorted(rows.keys() & set(AGE_GROUPS) - told):
            raise SchemeError(
                f"{path}.{name}",
                f"{code!r} 是年龄组，请在本层的 age_groups 中写明年龄",
                f"{code!r} is an age group: give its ages in the layer's age_groups",
            )


def _series(rows: list[object], path: str, reader: Reader, sources: Mapping[str, Source]) -> Series:
    def value(raw: Any, place: str) -> Any:
        return None if raw is None else reader(raw, place)

    read: list[Row] = []
    for index, item in enumerate(rows):
        place = f"{path}[{index}]"
        got = fields(
            item,
            place,
            {"value": value, "source": _one_of(tuple(sources))},
            {"starts_on": _day, "confirmed": flag},
        )
        starts_on = got.get("starts_on", ALWAYS)
        if read and starts_on <= read[-1].starts_on:
            raise SchemeError(
                f"{place}.starts_on",
                "各行须按生效日由早到晚排列，同一天只能一行",
                "rows go from the oldest to the newest, each day once",
            )
        read.append(
            Row(got["value"], sources[got["source"]], starts_on, got.get("confirmed", False))
        )
    return Series(tuple(read))


def _list(value: object, path: str) -> list[object]:
    if not isinstance(value, list) or not value:
        raise SchemeError(
            path, "此处应为至少一项的列表", "a list with at least one entry is expected here"
        )
    return value


def _code(value: object, path: str) -> str:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise SchemeError(
            path,
            f"{shown(value)} 不是代码，只能用字母、数字、'-' 和 '_'",
            f"{shown(value)} is not a code: letters, digits, '-' and '_' only",
        )
    return value


def _text(value: object, path: str) -> Text:
    def words(raw: object, place: str) -> str:
        if not isinstance(raw, str) or not raw.strip():
            raise SchemeError(place, "此处应为文字", "a text is expected here")
        if _UNWRITABLE.search(raw):
            raise SchemeError(
                place,
                "文字中有控制字符，请删除",
                "there is a control character in the text: delete it",
            )
        return raw.strip()

    return Text(**fields(value, path, {"zh": words, "en": words}, {}))


def _day(value: object, path: str) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            value = str(value)
    if type(value) is not date:
        raise SchemeError(
            path,
            f"{shown(value)} 不是日期，请写成 2022-03-01",
            f"{shown(value)} is not a date like 2022-03-01",
        )
    return value


def _sources(value: object, path: str) -> dict[str, Source]:
    return {
        key: Source(**fields(item, f"{path}.{key}", {"document": _text, "article": _text}, {}))
        for key, item in mapping(value, path).items()
    }


def _one_of(known: tuple[str, ...]) -> Reader:
    def read(value: object, path: str) -> str:
        if not isinstance(value, str) or value not in known:
            raise SchemeError(
                path,
                f"没有 {shown(value)}，可用：{', '.join(known)}",
                f"{shown(value)} is unknown; known: {', '.join(known)}",
            )
        return value

    return read
