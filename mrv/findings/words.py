"""Renders a finding: labels instead of codes, units behind values, the same parameters in both languages."""

from collections import defaultdict
from functools import cache

from mrv.findings.fault_kinds import kind_label
from mrv.screening.rule import Rule, Text
from schemas import TABLES
from schemas.column import Column
from schemas.vocabulary import ENTERPRISE_UNIT, FUELS, MATERIALS, PARAMETERS, UNIT_LABELS, fuel_of
from schemas.vocabulary.parameters import unit_of

UNIT = Text("机组", "the unit")
ENTERPRISE = Text("企业", "the enterprise")
# Sector → what its units are; a power unit otherwise.
UNIT_WORDS = {
    "cement": Text("生产线", "the production line"),
    "aluminium": Text("工序", "the process"),
    "steel": Text("工序", "the process"),
}


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


def unit_word(sector: str, unit_id: str) -> Text:
    """What a quantity that belongs to no stream belongs to: the enterprise, or the kind of unit its sector has."""
    return ENTERPRISE if unit_id == ENTERPRISE_UNIT else UNIT_WORDS.get(sector, UNIT)


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


FORM = Text("填报表", "the form")


def render(rule: Rule, fields: dict[str, str], params: dict[str, str]) -> dict[str, Text]:
    """The three texts of a finding: `message`, `why`, `fix`.

    fields : plant_id, sector, unit_id, stream_id, parameter, period, item, value, expected (texts). params : what the rule's body added.
    """
    parameter = parameter_label(fields["parameter"])
    stream = stream_label(fields["stream_id"])
    subject = unit_word(fields.get("sector", ""), fields["unit_id"]) if fields["unit_id"] else FORM
    unit = unit_label(fields["parameter"], fields["stream_id"])
    texts = {}
    for name in ("message", "why", "fix"):
        template: Text = getattr(rule, name)
        halves = []
        for language, words in (("zh", template.zh), ("en", template.en)):
            values = _Missing(str)
            values.update({key: value for key, value in {**fields, **params}.items() if value != ""})
            values["parameter"] = getattr(parameter, language)
            values["stream"] = getattr(stream, language) or getattr(subject, language)
            values["unit"] = unit
            if "kind" in params:
                values["kind"] = getattr(kind_label(params["kind"]), language)
            halves.append(words.format_map(values))
        texts[name] = Text(*halves)
    return texts
