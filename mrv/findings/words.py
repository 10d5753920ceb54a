"""Renders a finding: labels instead of codes, units behind values, the same parameters in both languages."""

from collections import defaultdict
from functools import cache

from mrv.findings.fault_kinds import kind_label
from mrv.screening.rule import Rule, Text
from schemas import TABLES
from schemas.column import Column
from schemas.vocabulary import FUELS, MATERIALS, PARAMETERS, UNIT_LABELS, fuel_of
from schemas.vocabulary.parameters import unit_of


@cache
def columns() -> dict[str, Column]:
    """Every column of the dictionary by name; the first table that has it wins (labels agree, a test holds them to it)."""
    found: dict[str, Column] = {}
    for table in TABLES.values():
        for column in table.columns:
            found.setdefault(column.name, column)
    return found


def parameter_label(name: str) -> Text:
    """Label of a parameter or column; the name itself when neither knows it."""
    if name in PARAMETERS:
        return Text(PARAMETERS[name].zh, PARAMETERS[name].en)
    if name in columns():
        return Text(columns()[name].zh, columns()[name].en)
    return Text(name, name)


def stream_label(stream_id: str) -> Text:
    """Label of a stream: 烟煤#2 for `bituminous_coal#2`."""
    base = fuel_of(stream_id)
    suffix = stream_id[len(base) :]
    if base in FUELS:
        return Text(FUELS[base].zh + suffix, FUELS[base].en + suffix)
    for (_, material), entry in MATERIALS.items():
        if material == base:
            return Text(entry.zh + suffix, entry.en + suffix)
    return Text(stream_id, stream_id)


def unit_label(parameter: str, stream_id: str) -> str:
    """The unit that belongs behind a value of this parameter or column, empty when it has none."""
    if parameter in PARAMETERS:
        unit = unit_of(parameter, stream_id)
    else:
        unit = columns()[parameter].unit if parameter in columns() else ""
    return UNIT_LABELS.get(unit, unit)


class _Missing(defaultdict[str, str]):
    """A placeholder without a value shows a dash: a word for the reader, never a crash in front of an officer."""

    def __missing__(self, key: str) -> str:
        return "—"


def _subject(unit_id: str, language: str) -> str:
    """What a finding without a stream is about: the unit, line or process as the filing calls it, else the form itself."""
    if unit_id:
        return f"“{unit_id}”"
    return "填报表" if language == "zh" else "the form"


def render(rule: Rule, fields: dict[str, str], params: dict[str, str]) -> dict[str, Text]:
    """The three texts of a finding: `message`, `why`, `fix`.

    fields : plant_id, unit_id, stream_id, parameter, period, item, value, expected (texts). params : what the rule's body added.
    """
    parameter = parameter_label(fields["parameter"])
    stream = stream_label(fields["stream_id"])
    unit = unit_label(fields["parameter"], fields["stream_id"])
    texts = {}
    for name in ("message", "why", "fix"):
        template: Text = getattr(rule, name)
        halves = []
        for language, words in (("zh", template.zh), ("en", template.en)):
            values = _Missing(str)
            values.update({key: value for key, value in {**fields, **params}.items() if value != ""})
            values["parameter"] = getattr(parameter, language)
            values["stream"] = getattr(stream, language) or _subject(fields["unit_id"], language)
            values["unit"] = unit
            if "kind" in params:
                values["kind"] = getattr(kind_label(params["kind"]), language)
            halves.append(words.format_map(values))
        texts[name] = Text(*halves)
    return texts
