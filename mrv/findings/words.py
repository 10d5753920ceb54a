"""Renders a finding: labels instead of codes, units behind values, the same parameters in both languages."""

import re
from collections import defaultdict
from functools import cache

from mrv.findings.fault_kinds import advice, kind_label
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


# One of a thing has no plural; the Chinese has none anyway.
_ONE = re.compile(r"(?<![\d.,])1 (day|row|place|time|reading|month|measured parameter|measured value|report)s\b")


def _bare(value: str) -> bool:
    """Whether a text is a list of codes, dates or names, which the English text separates by commas."""
    return "、" in value and not any("\u4e00" <= letter <= "\u9fff" for letter in value)


FORM = Text("填报表", "the form")


def subject_label(sector: str, unit_id: str, stream_id: str) -> Text:
    """What a finding is about, so that no reader has to guess which unit: 机组U1烟煤, bituminous coal of unit U1."""
    if not unit_id:
        return stream_label(stream_id) if stream_id else FORM
    word = unit_word(sector, unit_id)
    unit = (
        word if unit_id == ENTERPRISE_UNIT else Text(f"{word.zh}{unit_id}", f"{word.en.removeprefix('the ')} {unit_id}")
    )
    if not stream_id:
        return unit
    stream = stream_label(stream_id)
    return Text(f"{unit.zh}{stream.zh}", f"{stream.en} of {unit.en}")


def cell_label(parameter: str, column: str, written: str) -> Text:
    """What a person calls a cell: the quantity where a table holds one quantity per row, else the column (`written` in the file)."""
    entry = columns().get(column)
    if parameter in PARAMETERS and column in TABLES["parameter"].by_name:
        quantity = parameter_label(parameter)
        own = TABLES["parameter"].by_name[column]
        return quantity if column == "value" else Text(f"{quantity.zh}（{own.zh}）", f"{quantity.en} ({own.en})")
    return Text(written or (entry.zh if entry else column), entry.en if entry else written or column)


def render(rule: Rule, fields: dict[str, str], params: dict[str, str]) -> dict[str, Text]:
    """The three texts of a finding: `message`, `why`, `fix`.

    fields : plant_id, sector, unit_id, stream_id, parameter, period, item, value, expected (texts). params : what the rule's body
    added; `<name>_en` stands for `<name>` in the English text. Of the subject the texts know `stream` (the stream, or the kind of
    unit), `subject` (unit and stream by name) and `whose` (the subject as an attribute, nothing where a fault has none).
    """
    parameter = parameter_label(fields["parameter"])
    stream = stream_label(fields["stream_id"])
    subject = unit_word(fields.get("sector", ""), fields["unit_id"]) if fields["unit_id"] else FORM
    about = subject_label(fields.get("sector", ""), fields["unit_id"], fields["stream_id"])
    whose = Text("", "") if about is FORM else Text(f"{about.zh}的", f" of {about.en}")
    unit = unit_label(fields["parameter"], fields["stream_id"])
    known = {key: value for key, value in {**fields, **params}.items() if value != ""}
    label = cell_label(fields["parameter"], params.get("column", ""), params.get("label", ""))
    texts = {}
    for name in ("message", "why", "fix"):
        template: Text = getattr(rule, name)
        halves = []
        for language, words in (("zh", template.zh), ("en", template.en)):
            values = _Missing(str)
            values.update(known)
            if language == "en":
                values.update({key: value.replace("、", ", ") for key, value in known.items() if _bare(value)})
                values.update({key.removesuffix("_en"): value for key, value in known.items() if key.endswith("_en")})
            values["parameter"] = getattr(parameter, language)
            values["stream"] = getattr(stream, language) or getattr(subject, language)
            values["subject"] = getattr(about, language)
            values["whose"] = getattr(whose, language)
            values["unit"] = unit
            if params.get("column") and "label" in params and "label_en" not in params:
                values["label"] = getattr(label, language)
            if "kind" in params:
                values["kind"] = getattr(kind_label(params["kind"]), language)
                values["advice"] = getattr(advice(params["kind"], known), language)
            told = words.format_map(values)
            if language == "en":
                told = _ONE.sub(r"1 \1", told)
            halves.append(told[:1].upper() + told[1:] if language == "en" and words.startswith("{") else told)
        texts[name] = Text(*halves)
    return texts
