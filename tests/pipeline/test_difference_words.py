"""What `mrv diff` and the acts on drafts print: labels and units, never codes."""

import pandas as pd

from mrv.cli.platform import _apart
from mrv.pipeline.difference import Difference
from mrv.pipeline.difference_document import difference_lines
from mrv.pipeline.drafts import _said
from mrv.pipeline.platform import Compared
from mrv.pipeline.policy import _department
from mrv.pipeline.row_changes import changes
from schemas import empty

ROW = {"plant_id": "P1", "sector": "power", "unit_id": "U1", "stream_id": "bituminous_coal", "month": "2026-01"}
COAL = ROW | {
    "parameter": "net_calorific_value",
    "value": "22.4",
    "unit": "GJ/t",
    "method": "measured",
    "state": "delivered",
}
RATE = ROW | {"parameter": "oxidation_rate", "value": "98.9", "unit": "%", "method": "default"}


def frame(*rows: dict[str, str]) -> pd.DataFrame:
    return (
        empty("parameter")
        .reindex(range(len(rows)))
        .fillna("")
        .astype("str")
        .assign(
            **{name: [row.get(name, "") for row in rows] for name in sorted({name for row in rows for name in row})}
        )
    )


def lines(lang: str) -> str:
    old, new = frame(COAL), frame(COAL | {"state": "as_fired"}, RATE)
    versions = ({"version": 1}, {"version": 2})
    return "\n".join(
        difference_lines(Difference("P1", "power", "2026-01", versions, changes("parameter", old, new), []), lang)
    )


def test_choices_streams_and_whole_rows_are_told_by_label_and_unit() -> None:
    text = lines("zh")
    assert "U1 烟煤 煤样状态: 入厂 → 入炉" in text
    assert "U1 烟煤 碳氧化率: 98.9 %，取值方式 缺省值" in text
    english = lines("en")
    assert "Delivered → As fired" in english and "98.9 %, Method Default" in english
    for code in ("bituminous_coal", "as_fired", "value=", "∅"):
        assert code not in text + english


def test_departments_are_told_by_label() -> None:
    assert _said({"laboratory": 1, "fuel": 2}, 0) == "燃料 v2、化验 v1"
    assert _said({"laboratory": 1, "fuel": 2}, 1) == "Fuel v2, Laboratory v1"
    assert (_department("fuel", 0), _department("", 1)) == ("燃料", "no department")


def test_a_platform_difference_has_its_unit() -> None:
    pair = (("100.000", "MWh"), ("92.000", "MWh"))
    one = Compared("differs", {"parameter": "power_generation"}, *pair)
    assert _apart(one, "zh").startswith("，相差 ") and _apart(one, "zh").endswith(" MWh")
    assert "8.000 MWh apart" in _apart(one, "en")
