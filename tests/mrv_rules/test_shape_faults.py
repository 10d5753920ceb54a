"""Failures of the schema check become faults that name a cell, a value and what was expected."""

import json

import pandas as pd
import pytest

from mrv.findings.build import build, from_faults
from mrv.findings.fault_kinds import FAULT_KINDS
from mrv.screening.catalogue import catalogue
from mrv.screening.shape_faults import CODES, COLUMNS, faults_of
from schemas.validation import validate
from tests.mrv_rules import honest_plant
from tests.mrv_rules.cases import COAL, MONTH


def faults(table: str, row: dict[str, str], **cells: str) -> pd.DataFrame:
    """Faults of an honest table in which the first row that matches was changed."""
    frame = honest_plant.tables()[table].copy()
    mask = pd.Series(True, index=frame.index)
    for name, value in row.items():
        mask &= frame[name] == value
    first = frame.index[mask][0]
    for name, value in cells.items():
        frame.loc[first, name] = value
    return faults_of(table, frame, validate(table, frame))


CONSUMPTION = {"month": MONTH, "unit_id": "U1", "stream_id": COAL, "parameter": "fuel_consumption"}
DAY = {"unit_id": "U1", "day": "2026-01-09"}


@pytest.mark.parametrize(
    ("table", "row", "cells", "code", "item", "value", "expected"),
    [
        ("parameter", CONSUMPTION, {"value": ""}, "CMP-03", "value", "", "消耗量"),
        ("parameter", CONSUMPTION, {"method": ""}, "CMP-03", "method", "", "消耗量（取值方式）"),
        ("parameter", CONSUMPTION, {"value": "abc"}, "SCH-10", "value", "abc", "123.45"),
        ("parameter", CONSUMPTION, {"method": "guess"}, "SCH-10", "method", "guess", "实测值、缺省值、计算值"),
        ("parameter", CONSUMPTION, {"value": "-1"}, "SCH-11", "value", "-1", "0–20000000 t"),
        ("parameter", CONSUMPTION, {"unit": "kg"}, "SCH-19", "unit", "kg", "t"),
        ("parameter", CONSUMPTION, {"stream_id": ""}, "SCH-18", "stream_id", "", "燃料或物料"),
        ("parameter", CONSUMPTION, {"stream_id": "bituminous_cole"}, "SCH-18", "stream_id", "bituminous_cole", "烟煤"),
        ("parameter", CONSUMPTION, {"parameter": "fuel_consumptoin"}, "SCH-18", "parameter", "fuel_consumptoin", "消耗量"),
        ("parameter", CONSUMPTION, {"sector": "aluminium", "parameter": "moisture_ad", "unit": "%"}, "SCH-18", "parameter", "moisture_ad", "发电"),
        ("parameter", CONSUMPTION, {"month": "2026-13"}, "SCH-13", "month", "2026-13", "YYYY-MM"),
        ("daily_coal", DAY, {"moisture_ar": "101"}, "SCH-11", "2026-01-09:moisture_ar", "101", "0–100 %"),
        ("daily_coal", DAY, {"day": "2026-02-30"}, "SCH-13", "2026-02-30:day", "2026-02-30", "YYYY-MM-DD"),
        ("coal_analysis", {"month": MONTH}, {"basis": "daf"}, "SCH-10", "MT202601U1:basis", "daf", "收到基、空气干燥基、干燥基"),
        ("coal_analysis", {"month": MONTH}, {"sample_mass": "-1"}, "SCH-11", "MT202601U1:sample_mass", "-1", "≥ 0 kg"),
        ("evidence", {"month": MONTH}, {"evidence_sha256": "xyz"}, "SCH-10", None, "xyz", "SHA-256（0-9a-f × 64）"),
    ],
)  # fmt: skip
def test_each_kind(
    table: str, row: dict[str, str], cells: dict[str, str], code: str, item: str | None, value: str, expected: str
) -> None:
    found = faults(table, row, **cells)
    assert found.columns.tolist() == COLUMNS
    one = found[found["code"] == code].iloc[0]
    assert (one["value"], one["expected"]) == (value, expected)
    assert item is None or one["item"] == item
    assert one["cell"] != "" and one["sheet"] != "" and one["month"][:7] in {MONTH, "2026-13", "2026-02"}


def test_a_wide_row_is_shown_at_its_column() -> None:
    """Column D of the daily table is the day, F the moisture (A plant, B unit, C stream, D day, E coal, F moisture)."""
    assert faults("daily_coal", DAY, moisture_ar="101")["cell"].iloc[0].startswith("F")


def test_a_column_that_is_not_in_the_file_is_shown_at_the_key() -> None:
    table = honest_plant.tables()["daily_coal"]
    columns = json.loads(table["column_map"].iloc[0])
    del columns["fuel_consumption"]
    found = faults("daily_coal", DAY, fuel_consumption="", column_map=json.dumps(columns))
    assert found["cell"].iloc[0].startswith("D")


def test_rows_that_contradict_each_other_are_all_named() -> None:
    frame = honest_plant.tables()["parameter"].head(2).copy()
    frame.loc[1] = frame.loc[0]
    frame.loc[1, ["value", "cell"]] = ["1.00", "G99"]
    failures = pd.DataFrame({"position": [0, 1], "column": "parameter", "kind": "unique", "value": "fuel_consumption"})
    found = faults_of("parameter", frame, failures)
    assert found["code"].tolist() == ["SCH-20", "SCH-20"]
    assert found["value"].tolist() == frame["value"].tolist()
    assert json.loads(found["params"].iloc[0])["others"] == f"G2 {frame.at[0, 'value']} t、G99 1.00 t"


def test_one_fault_per_failure_in_their_order() -> None:
    frame = honest_plant.tables()["parameter"].head(3).copy()
    frame["value"] = ["x", "", "y"]
    failures = validate("parameter", frame)
    found = faults_of("parameter", frame, failures)
    assert len(found) == len(failures)
    assert found["code"].tolist() == ["SCH-10", "CMP-03", "SCH-10"]


def test_no_failure_no_fault() -> None:
    frame = honest_plant.tables()["parameter"]
    assert faults_of("parameter", frame, validate("parameter", frame)).empty


def test_every_code_is_declared_and_every_kind_has_words() -> None:
    assert set(CODES.values()) <= set(catalogue())
    assert set(CODES) <= set(FAULT_KINDS)


@pytest.mark.parametrize("kind", sorted(FAULT_KINDS))
def test_words_of_kinds_are_in_both_languages(kind: str) -> None:
    text = FAULT_KINDS[kind]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh)
    assert text.en and text.en != text.zh


def test_a_fault_becomes_a_finding_without_gaps() -> None:
    found = faults("parameter", CONSUMPTION, unit="kg").assign(file_sha256="0" * 64)
    finding = build(from_faults(found, catalogue()), catalogue()).iloc[0]
    assert finding["message_zh"] == "机组U1烟煤消耗量的计量单位填写为“kg”，应为 t。"
    assert (
        finding["message_en"]
        == "The unit of Fuel consumption (FC) of Bituminous coal of unit U1 is “kg”; t is expected."
    )
    assert finding["severity"] == "blocks" and finding["cell"].startswith("G")


def told(table: str, row: dict[str, str], **cells: str) -> pd.Series:
    """The finding that a changed cell becomes."""
    found = faults(table, row, **cells).assign(file_sha256="0" * 64)
    return build(from_faults(found, catalogue()), catalogue()).iloc[0]


def test_advice_shows_the_number_that_can_be_seen_in_the_cell() -> None:
    finding = told("parameter", CONSUMPTION, value="103,579.28 吨")
    assert finding["message_zh"] == "机组U1烟煤的“消耗量”填写为“103,579.28 吨”：不是数字。"
    assert "如 103579.28" in finding["fix_zh"] and "e.g. 103579.28" in finding["fix_en"]
    assert "—" not in finding["fix_zh"] + finding["fix_en"]
    assert "123.45" in told("daily_coal", DAY, fuel_consumption="abc")["fix_zh"]


def test_the_english_text_names_choices_and_cells_in_english() -> None:
    finding = told("parameter", CONSUMPTION, method="guess")
    assert "实测值、缺省值、计算值" in finding["fix_zh"]
    for text in (finding["message_en"], finding["fix_en"]):
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in text), text
