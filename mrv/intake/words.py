"""Readers of the field's words: choices, parameters, streams, units, each by code or by label in either language."""

import re
from collections.abc import Callable, Iterable
from functools import cache

from mrv.intake.reading import Reading, folded
from schemas.column import Column
from schemas.vocabulary import FUELS, MATERIALS, PARAMETERS, canonical_unit

_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")


def without_brackets(text: str) -> str:
    """A label without what stands in brackets: `入炉煤量（t）` is `入炉煤量`."""
    return _BRACKETS.sub("", text).strip()


def _index(entries: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Folded code or label to code. Short forms count only where they are unambiguous."""
    entries = list(entries)
    exact: dict[str, str] = {}
    for names in zip(*entries, strict=True):  # all codes first, then all Chinese, then all English labels
        for (code, *_), name in zip(entries, names, strict=True):
            exact.setdefault(folded(name), code)
    short: dict[str, set[str]] = {}
    for code, zh, en in entries:
        for name in (without_brackets(zh), without_brackets(zh).removesuffix("值"), without_brackets(en)):
            short.setdefault(folded(name), set()).add(code)
    return {name: codes.pop() for name, codes in short.items() if len(codes) == 1} | exact


@cache
def _parameters() -> dict[str, str]:
    return _index((entry.parameter, entry.zh, entry.en) for entry in PARAMETERS.values())


@cache
def _streams() -> dict[str, str]:
    fuels = [(fuel.fuel, fuel.zh, fuel.en) for fuel in FUELS.values()]
    materials = {entry.material: (entry.material, entry.zh, entry.en) for entry in MATERIALS.values()}
    return _index([*fuels, *(entry for code, entry in materials.items() if code not in FUELS)])


@cache
def _choices(column: Column) -> dict[str, str]:
    return _index((code, zh, en) for code, (zh, en) in zip(column.choices, column.choice_labels, strict=True))


def read_parameter(written: str) -> Reading:
    """Code of a parameter; an unknown word stays as written for the schema check to refuse."""
    text = written.strip()
    return Reading(_parameters().get(folded(text), text))


def read_stream(written: str) -> Reading:
    """Code of a fuel or material with its `#n`; an unknown word stays as written."""
    text = written.strip()
    base, mark, number = text.replace("＃", "#").partition("#")
    code = _streams().get(folded(base))
    return Reading(text if code is None else f"{code}{mark}{folded(number)}")


def read_unit(written: str) -> Reading:
    """Canonical spelling of a unit; an unknown unit stays as written and is never converted."""
    text = written.strip()
    return Reading(canonical_unit(text) or text if text else "")


def choice_reader(column: Column) -> Callable[[str], Reading]:
    """Reader of one choice column; an unknown word stays as written."""
    known = _choices(column)

    def read(written: str) -> Reading:
        text = written.strip()
        return Reading(known.get(folded(text), text) if text else "")

    return read
