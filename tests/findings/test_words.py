"""Words of a finding: whose it is, labels instead of codes, the order of reading."""

import pandas as pd
import pytest

from mrv.findings.build import ordered
from mrv.findings.words import render, subject_label
from mrv.screening.catalogue import catalogue
from mrv.screening.rule import Text
from schemas import TABLES
from tests.mrv_rules.cases import COAL, clean_case, found, with_value, without

FIELDS = dict.fromkeys(
    ("plant_id", "sector", "unit_id", "stream_id", "parameter", "period", "item", "value", "expected"), ""
)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("power", "U2", COAL), Text("机组U2烟煤", "Bituminous coal of unit U2")),
        (("power", "U2", ""), Text("机组U2", "unit U2")),
        (("cement", "L1", ""), Text("生产线L1", "production line L1")),
        (("steel", "ENT", ""), Text("企业", "the enterprise")),
        (("power", "", ""), Text("填报表", "the form")),
    ],
)
def test_a_subject_names_its_unit(place: tuple[str, str, str], words: Text) -> None:
    assert subject_label(*place) == words


@pytest.mark.parametrize("code", ["CMP-03", "SCH-08", "SCH-19", "XRC-19", "SCH-03", "PLN-02", "CMP-04", "XRC-01"])
def test_rules_of_units_name_the_unit(code: str) -> None:
    fields = FIELDS | {"sector": "power", "unit_id": "U7", "stream_id": COAL, "parameter": "fuel_consumption"}
    message = render(catalogue()[code], fields, {})["message"]
    assert "U7" in message.zh and "U7" in message.en


def test_the_state_of_a_coal_is_told_by_its_label() -> None:
    case = with_value(clean_case(), "carbon_content_ad", "0.6", state="delivered")
    case = with_value(case, "fuel_consumption", "100000", state="as_fired")
    row = found(case, "V12").iloc[0]
    fields = {name: str(row.get(name, "")) for name in FIELDS}
    message = render(catalogue()["V12"], fields, row["params"])["message"]
    assert "“入厂”" in message.zh and "“入炉”" in message.zh and "delivered" not in message.zh
    assert "delivered, not as fired" in message.en


def test_findings_stand_as_they_do_in_the_file() -> None:
    cells = ["C10", "AA3", "R10C2", "B3", "R2C11", "A10", "R2C9", ""]
    frame = pd.DataFrame("", index=range(len(cells)), columns=TABLES["finding"].names)
    frame = frame.assign(cell=cells, severity="note", rule="SCH-20", id=[str(9 - n) for n in range(len(cells))])
    assert ordered(frame)["cell"].tolist() == ["", "R2C9", "R2C11", "B3", "AA3", "A10", "R10C2", "C10"]


def test_no_efficiency_is_told_of_a_unit_whose_coal_is_not_known() -> None:
    where = {"unit_id": "U1", "month": "2026-01", "stream_id": COAL, "parameter": "fuel_consumption"}
    assert found(without(clean_case(), "parameter", **where), "PHY-11").empty


def test_english_counts_one_and_lists_with_commas() -> None:
    fields = FIELDS | {"unit_id": "U1", "expected": "31", "value": "1"}
    message = render(catalogue()["CMP-04"], fields, {"days": "2026-10-06、2026-10-07"})["message"]
    assert "2026-10-06, 2026-10-07" in message.en and "2026-10-06、2026-10-07" in message.zh
    late = render(catalogue()["FOR-11"], FIELDS | {"item": "E1"}, {"days": "1"})["message"].en
    assert "for 1 day of the month" in late
