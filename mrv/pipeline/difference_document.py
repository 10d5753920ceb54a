"""A difference for people and for JSON: labels and units in both languages, decimals as strings."""

from decimal import Decimal
from typing import Any

from mrv.pipeline.difference import Difference, Effect
from mrv.pipeline.documents import plain
from mrv.pipeline.row_changes import Change
from schemas import TABLES
from schemas.choices import SECTORS
from schemas.location import sheet_and_cell
from schemas.vocabulary import PARAMETERS, UNIT_LABELS
from schemas.vocabulary.fuels import stream_label

EFFECTS = {
    "month": ("本月排放量", "Emission of the month"),
    "year": ("全年排放量（已存证月份合计）", "Emission of the year (months deposited)"),
    "allowance": ("配额", "Allowances"),
    "gap": ("配额缺口（应清缴量−配额）", "Gap (surrender − allowances)"),
    "allowance_low": ("配额下限", "Allowances, lower bound"),
    "allowance_high": ("配额上限", "Allowances, upper bound"),
}
EMPTY = ("（空）", "(empty)")
KINDS = {"changed": ("改", "changed"), "added": ("增行", "row added"), "removed": ("删行", "row removed")}


def difference_document(found: Difference) -> dict[str, Any]:
    """The whole difference as `mrv diff --json` prints it."""
    return {
        "plant_id": found.plant_id,
        "sector": found.sector,
        "period": found.month,
        "from": _version(found.versions[0]),
        "to": _version(found.versions[1]),
        "changes": [_change(one) for one in found.changes],
        "effects": [_effect(one) for one in found.effects],
    }


def _version(row: dict[str, Any]) -> dict[str, Any]:
    names = ("version", "id", "file_name", "sha256", "received_at", "uploader", "reason", "return_reference")
    return {("deposit_id" if name == "id" else name): row[name] for name in names}


def _change(one: Change) -> dict[str, Any]:
    table = TABLES[one.table]
    return {
        "kind": one.kind,
        "table": one.table,
        "table_label": {"zh": table.zh, "en": table.en},
        "key": one.key,
        "field": one.field or None,
        "label": {"zh": one.label[0], "en": one.label[1]},
        "unit": one.unit or None,
        "from": _side(one.before, one.from_place),
        "to": _side(one.after, one.to_place),
        "difference": plain(one.difference),
    }


def _side(value: str, place: tuple[str, str]) -> dict[str, str | None]:
    return {"value": value or None, "sheet": place[0] or None, "cell": place[1] or None}


def _effect(one: Effect) -> dict[str, Any]:
    zh, en = EFFECTS[one.name]
    return {
        "name": one.name,
        "period": one.period,
        "label": {"zh": zh, "en": en},
        "unit": "t",
        "from": plain(one.before),
        "to": plain(one.after),
        "difference": plain(one.difference),
    }


def difference_lines(found: Difference, lang: str) -> list[str]:
    """The difference for a person: one line per change, then the tonnes."""
    at = 0 if lang == "zh" else 1
    first, second = found.versions
    lines = [f"{found.plant_id} {found.month} {SECTORS[found.sector][at]}: v{first['version']} → v{second['version']}"]
    if not found.changes:
        lines.append(("两版内容相同。", "The two versions say the same.")[at])
    for one in found.changes:
        label = TABLES[one.table].zh if lang == "zh" else TABLES[one.table].en
        who = " ".join(
            value_words(one.table, name, text, at)
            for name, text in one.key.items()
            if text and name not in ("plant_id", "sector", "month", "parameter")
        )
        where = f"{_cell(one.from_place)} → {_cell(one.to_place)}"
        words = _row_words(one, at) if one.fields else _field_words(one, at)
        lines.append(f"  [{KINDS[one.kind][at]}] {label} {who} {one.label[at]}: {words}  ({where})")
    lines += [f"  {EFFECTS[one.name][at]} {one.period}: {_tonnes(one)}" for one in found.effects]
    return lines


def value_words(table: str, name: str, text: str, at: int) -> str:
    """A value as a person reads it: the label of a choice or a stream (`at` 0 Chinese, 1 English), the text of anything else."""
    column = TABLES[table].by_name[name]
    if name == "stream_id":
        return stream_label(text)[at]
    if name == "parameter" and text in PARAMETERS:
        return (PARAMETERS[text].zh, PARAMETERS[text].en)[at]
    labels = dict(zip(column.choices, column.choice_labels, strict=False))
    return labels[text][at] if text in labels else text


def _field_words(one: Change, at: int) -> str:
    unit = f" {UNIT_LABELS.get(one.unit, one.unit)}" if one.unit else ""
    sides = [value_words(one.table, one.field, text, at) if text else EMPTY[at] for text in (one.before, one.after)]
    return f"{sides[0]} → {sides[1]}{unit}"


def _row_words(one: Change, at: int) -> str:
    """What a whole row says: its value with the unit, then its other columns by label."""
    own = TABLES[one.table].by_name
    parts: list[str] = []
    for name, text in one.fields.items():
        unit = one.fields.get("unit", "") if name == "value" else own[name].unit
        amount = f"{value_words(one.table, name, text, at)} {UNIT_LABELS.get(unit, unit)}".strip()
        if name == "value":
            parts.insert(0, amount)
        elif name != "unit" or "value" not in one.fields:
            parts.append(f"{(own[name].zh, own[name].en)[at]} {amount}")
    return ("，" if at == 0 else ", ").join(parts)


def short(found: Difference, lang: str) -> str:
    """One line for a receipt: how many fields and rows changed, and by how many tonnes month and year moved."""
    counts = {kind: sum(one.kind == kind for one in found.changes) for kind in KINDS}
    moved = {one.name: _signed(one.difference) for one in found.effects}
    if lang == "zh":
        return (
            f"与第 {found.versions[0]['version']} 版相比：{counts['changed']} 个字段有改动，增加 {counts['added']} 行，"
            f"删除 {counts['removed']} 行；本月排放量 {moved['month']} t，全年 {moved['year']} t"
        )
    rows = "row" if counts["added"] == 1 else "rows"
    fields = "field" if counts["changed"] == 1 else "fields"
    return (
        f"Against version {found.versions[0]['version']}: {counts['changed']} {fields} changed, {counts['added']} {rows} added, "
        f"{counts['removed']} removed; month {moved['month']} t, year {moved['year']} t"
    )


def short_document(found: Difference) -> dict[str, Any]:
    """The short form for a receipt in JSON."""
    return {
        "from_version": found.versions[0]["version"],
        "changed": sum(one.kind == "changed" for one in found.changes),
        "added": sum(one.kind == "added" for one in found.changes),
        "removed": sum(one.kind == "removed" for one in found.changes),
        "effects": [_effect(one) for one in found.effects],
    }


def _cell(place: tuple[str, str]) -> str:
    return sheet_and_cell(*place) or "–"


def _tonnes(one: Effect) -> str:
    return f"{plain(one.before) or '–'} → {plain(one.after) or '–'} t ({_signed(one.difference)} t)"


def _signed(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:+f}"
