"""What is wrong with a control plan before it is taken in: shape, words of the vocabulary, the register, what is left open."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mrv.intake.plan_file import PlanFile
from mrv.reporting.plan_book import FREQUENCIES as OFTEN
from schemas import TABLES
from schemas.choices import SECTORS
from schemas.column import Column
from schemas.validation import validate
from schemas.vocabulary import ENTERPRISE_UNIT, FUELS, MATERIALS, PARAMETERS, PLAN_ITEMS, fuel_of
from schemas.vocabulary.parameters import unit_of
from schemas.vocabulary.units import UNIT_LABELS, canonical_unit

BLOCKS, MUST_ANSWER = "blocks", "must_answer"
# What a measured parameter cannot do without, and what only its meter needs.
OF_EVERY_LINE = ("description", "frequency", "department")
OF_MEASURED = ("missing_data_treatment", "recording_frequency")
OF_METERS = ("location", "accuracy_class", "calibration_frequency")
FREQUENCIES = ("frequency", "calibration_frequency", "recording_frequency")
# Any words that name an interval will do: 每两年一次, every shift, 24 h.
_INTERVAL = re.compile(
    r"[0-9每逐次年季月周旬日天批班]|小时|分钟|连续|实时|在线|each|every|per|continuous|hour|dai|day|week|month|quarter|year|annual|batch",
    re.I,
)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where, and how to mend it. `blocks` stops the version from being taken in."""

    code: str
    severity: str
    sheet: str
    cell: str
    value: str
    zh: str
    en: str


def check_plan(plan: PlanFile, register: Mapping[str, pd.DataFrame] | None = None) -> list[Problem]:
    """Everything wrong with a plan as read, blocking first, in the order of the file.

    register : canonical `plant`, `unit`, `facility`, `meter` frames; without one units and meters are not compared.
    """
    found = [*_head(plan), *_shape(plan), *_words(plan), *_left_open(plan)]
    told = {(one.sheet, one.cell) for one in found}
    found += [one for one in _unread(plan) if (one.sheet, one.cell) not in told]
    if register is not None:
        found += _registered(plan, register)
    return sorted(dict.fromkeys(found), key=lambda one: (one.severity != BLOCKS,))


def blocking(problems: list[Problem]) -> bool:
    return any(one.severity == BLOCKS for one in problems)


def _at(plan: PlanFile, code: str, severity: str, where: tuple[str, int, str], value: str, zh: str, en: str) -> Problem:
    sheet, cell = plan.places.get(where, ("", ""))
    return Problem(code, severity, sheet, cell, value, zh, en)


def _head(plan: PlanFile) -> list[Problem]:
    found = []
    columns = TABLES["control_plan"].by_name
    for name in ("plant_id", "sector", "version", "valid_from"):
        if not plan.head[name]:
            label = columns[name]
            zh, en = f"没有填写{label.zh}", f"not filled in: {label.en}"
            sheet, cell = plan.places.get(("head", 0, name), ("B.1", ""))
            found.append(Problem("empty", BLOCKS, sheet, cell, "", zh, en))
    if plan.head["sector"] and plan.head["sector"] not in SECTORS:
        zh, en = f"没有行业“{plan.head['sector']}”", f"No such sector: {plan.head['sector']}"
        found.append(_at(plan, "sector", BLOCKS, ("head", 0, "sector"), plan.head["sector"], zh, en))
    for name in ("valid_from", "valid_to"):
        day = plan.head[name]
        if day and not _is_day(day):
            zh, en = f"“{day}”不是日期，应为 2027-01-01 的形式", f"{day} is no day; write 2027-01-01"
            found.append(_at(plan, "not_a_date", BLOCKS, ("head", 0, name), day, zh, en))
    if plan.head["valid_to"] and plan.head["valid_to"] < plan.head["valid_from"]:
        zh, en = "失效日期早于生效日期", "The plan ends before it begins"
        found.append(_at(plan, "ends_first", BLOCKS, ("head", 0, "valid_to"), plan.head["valid_to"], zh, en))
    if plan.lines.empty:
        zh, en = "B.4 和 B.5 没有一个参数", "B.4 and B.5 name no parameter"
        found.append(Problem("no_lines", BLOCKS, "", "", "", zh, en))
    for part in plan.missing:
        zh, en = f"缺少工作表 {part}", f"There is no sheet {part}"
        found.append(Problem("missing_sheet", MUST_ANSWER, "", "", part, zh, en))
    return found


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _unread(plan: PlanFile) -> list[Problem]:
    return [
        Problem("unreadable", BLOCKS, sheet, cell, text, f"“{text}”无法识别", f"{text!r} cannot be read")
        for (sheet, cell), text in plan.unread
    ]


def _shape(plan: PlanFile) -> list[Problem]:
    found = []
    for table, frame in (("control_plan", plan.lines), ("plan_section", plan.sections)):
        definition = TABLES[table]
        for fault in validate(table, frame).to_dict("records"):
            column, name = definition.by_name[fault["column"]], str(fault["column"])
            if name in plan.head:
                continue  # said once, of B.1
            if name in ("parameter", "stream_id") and fault["kind"] not in ("required", "unique"):
                continue  # said by `_words`
            position = int(fault["position"])
            words = {
                "required": (f"没有填写{column.zh}", f"{column.en} is empty"),
                "choice": _not_a_choice(column, str(fault["value"])),
                "unique": ("同一机组、燃料和参数写了两行", "The same unit, stream and parameter stand on two lines"),
            }.get(fault["kind"], (f"{column.zh}不正确", f"{column.en} is not right"))
            if fault["kind"] == "unique":
                name = "parameter" if table == "control_plan" else "text"
            found.append(_at(plan, fault["kind"], BLOCKS, (table, position, name), str(fault["value"]), *words))
    return found


def _not_a_choice(column: Column, value: str) -> tuple[str, str]:
    zh, en = (
        "、".join(label for label, _ in column.choice_labels),
        ", ".join(label for _, label in column.choice_labels),
    )
    return f"“{value}”不是{column.zh}的选项，可填：{zh}", f"{value!r} is no {column.en}; choose from: {en}"


def _words(plan: PlanFile) -> list[Problem]:
    """Parameters and streams that are none, or not of this sector; another unit of measure; items of another sector's guide."""
    found = []
    sector = plan.head["sector"]
    streams = {*FUELS, *(material for _, material in MATERIALS)}
    for number, row in enumerate(plan.lines.to_dict("records")):
        name, stream = row["parameter"], row["stream_id"]
        entry = PARAMETERS.get(name)
        if name and (entry is None or sector not in entry.sectors):
            zh, en = f"“{name}”不是本行业的参数", f"{name!r} is no parameter of this sector"
            found.append(_at(plan, "parameter", BLOCKS, ("control_plan", number, "parameter"), name, zh, en))
        elif entry is not None and (entry.level == "stream") != bool(stream):
            zh = f"{entry.zh}须写明燃料或物料" if entry.level == "stream" else f"{entry.zh}不按燃料填写"
            en = f"{entry.en} needs a fuel or material" if entry.level == "stream" else f"{entry.en} has no fuel"
            found.append(_at(plan, "level", BLOCKS, ("control_plan", number, "stream_id"), stream, zh, en))
        written, unit = plan.units[number], unit_of(name, stream) if entry is not None else ""
        if written and unit and canonical_unit(written) != unit:
            label, zh_name, en_name = UNIT_LABELS[unit], PARAMETERS[name].zh, PARAMETERS[name].en
            zh, en = (
                f"{zh_name}的计量单位是 {label}，不是“{written}”",
                f"The unit of {en_name} is {label}, not {written!r}",
            )
            found.append(_at(plan, "unit", BLOCKS, ("control_plan", number, "unit"), written, zh, en))
        if stream and fuel_of(stream) not in streams:
            zh, en = f"没有燃料或物料“{stream}”", f"No such fuel or material: {stream}"
            found.append(_at(plan, "stream", BLOCKS, ("control_plan", number, "stream_id"), stream, zh, en))
    for number, row in enumerate(plan.sections.to_dict("records")):
        if sector in SECTORS and sector not in PLAN_ITEMS[row["item"]].sectors:
            zh, en = "本行业的方案没有这一项", "The guide of this sector has no such item"
            found.append(_at(plan, "item", BLOCKS, ("plan_section", number, "text"), row["item"], zh, en))
    return found


def _left_open(plan: PlanFile) -> list[Problem]:
    """Required texts that are missing, and what a parameter says too little of."""
    found = []
    said = set(plan.sections["item"])
    for entry in PLAN_ITEMS.values():
        if entry.required and plan.head["sector"] in entry.sectors and entry.item not in said:
            zh, en = f"没有填写“{entry.zh}”", f"not filled in: {entry.en}"
            sheet, cell = plan.places.get(("item", 0, entry.item), (entry.section, ""))
            found.append(Problem("text", MUST_ANSWER, sheet, cell, entry.item, zh, en))
    columns = TABLES["control_plan"].by_name
    for number, row in enumerate(plan.lines.to_dict("records")):
        names = [*OF_EVERY_LINE]
        names += OF_MEASURED if row["method"] == "measured" else ()
        names += OF_METERS if row["meter_id"] else ()
        for name in FREQUENCIES:
            if row[name] and not _INTERVAL.search(row[name]):
                zh = f"“{row[name]}”没有说明{columns[name].zh}，可填：{'、'.join(OFTEN)}"
                en = f"{row[name]!r} is no {columns[name].en}; for example: {', '.join(OFTEN)}"
                found.append(_at(plan, "frequency", MUST_ANSWER, ("control_plan", number, name), row[name], zh, en))
        label = PARAMETERS.get(row["parameter"], None)
        for name in names:
            if not row[name] and label is not None:
                zh = f"{row['unit_id']} {label.zh}没有写明{columns[name].zh}"
                en = f"{row['unit_id']}, {label.en}: {columns[name].en} is left open"
                found.append(_at(plan, "open", MUST_ANSWER, ("control_plan", number, name), "", zh, en))
    return found


def _registered(plan: PlanFile, register: Mapping[str, pd.DataFrame]) -> list[Problem]:
    plant_id = plan.head["plant_id"]
    own = {
        name: register[name][register[name]["plant_id"] == plant_id] for name in ("plant", "unit", "facility", "meter")
    }
    if own["plant"].empty:
        zh, en = f"没有企业 {plant_id} 的档案", f"No register of plant {plant_id}"
        return [_at(plan, "unknown_plant", BLOCKS, ("head", 0, "plant_id"), plant_id, zh, en)]
    units = {*own["unit"]["unit_id"], *own["unit"]["merged_with"], *own["facility"]["unit_id"], ENTERPRISE_UNIT}
    found = []
    for number, row in enumerate(plan.lines.to_dict("records")):
        if row["unit_id"] and row["unit_id"] not in units:
            zh, en = f"档案中没有机组或设施 {row['unit_id']}", f"The register has no unit {row['unit_id']}"
            where = ("control_plan", number, "unit_id")
            found.append(_at(plan, "unknown_unit", MUST_ANSWER, where, row["unit_id"], zh, en))
        if row["meter_id"] and row["meter_id"] not in set(own["meter"]["meter_id"]):
            zh, en = f"档案中没有计量器具 {row['meter_id']}", f"The register has no meter {row['meter_id']}"
            where = ("control_plan", number, "meter_id")
            found.append(_at(plan, "unknown_meter", MUST_ANSWER, where, row["meter_id"], zh, en))
    return found
