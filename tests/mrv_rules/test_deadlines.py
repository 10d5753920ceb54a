"""Deposits that are missing or late, by the calendar alone."""

import json
from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from emission_factors import deadline, rule_set
from mrv.findings.build import build, from_faults
from mrv.screening.catalogue import catalogue
from mrv.screening.deadlines import late_deposits, missing_deposits

PLANTS = pd.DataFrame({"plant_id": ["P2", "P1"], "sector": "power"})
NOTHING = pd.DataFrame({"plant_id": pd.Series(dtype="str"), "month": pd.Series(dtype="str")})


def due(month: str) -> date | None:
    """Power: 40 natural days, 2026-01 by 2026-03-12."""
    return deadline(rule_set("power", month), month)


def test_the_deadline_itself_is_in_time() -> None:
    assert missing_deposits(PLANTS, NOTHING, ["2026-01"], date(2026, 3, 12), due).empty
    found = missing_deposits(PLANTS, NOTHING, ["2026-01"], date(2026, 3, 13), due)
    assert found["plant_id"].tolist() == ["P1", "P2"]
    assert found["code"].unique().tolist() == ["CMP-01"]
    assert json.loads(found["params"].iloc[0]) == {"deadline": "2026-03-12", "days": "1"}


def test_a_deposit_settles_its_month_only() -> None:
    deposited = pd.DataFrame({"plant_id": ["P1"], "month": ["2026-01"]})
    found = missing_deposits(PLANTS, deposited, ["2026-02", "2026-01"], date(2026, 5, 1), due)
    assert found[["plant_id", "month"]].to_numpy().tolist() == [["P1", "2026-02"], ["P2", "2026-01"], ["P2", "2026-02"]]


def test_a_plant_of_two_sectors_owes_both() -> None:
    plants = pd.DataFrame({"plant_id": "P1", "sector": ["power", "steel"]})
    deposited = pd.DataFrame({"plant_id": ["P1"], "sector": ["power"], "month": ["2026-01"]})
    found = missing_deposits(plants, deposited, ["2026-01"], date(2026, 5, 1), due)
    assert found["sector"].tolist() == ["steel"]


def test_months_without_a_deadline_are_not_asked_for() -> None:
    assert missing_deposits(PLANTS, NOTHING, ["2026-01"], date(2030, 1, 1), lambda month: None).empty


def test_the_first_version_counts() -> None:
    deposits = pd.DataFrame(
        {
            "plant_id": ["P1", "P1", "P2"],
            "sector": "power",
            "month": "2026-01",
            "deposited_on": [date(2026, 4, 1), date(2026, 3, 12), date(2026, 3, 14)],
        }
    )
    found = late_deposits(deposits, due)
    assert found[["code", "plant_id", "value"]].to_numpy().tolist() == [["CMP-02", "P2", "2026-03-14"]]
    assert json.loads(found["params"].iloc[0])["days"] == "2"


def test_words_are_complete() -> None:
    found = missing_deposits(PLANTS.tail(1), NOTHING, ["2026-01"], date(2026, 3, 22), due).assign(file_sha256="")
    finding = build(from_faults(found, catalogue()), catalogue()).iloc[0]
    assert finding["message_zh"] == "2026-01的关键参数没有存证，已超过期限 2026-03-12 共 10 天。"


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_what_is_missing_stays_missing(one: date, other: date) -> None:
    """A later day of judgement never finds less."""
    months = ["2026-01", "2026-06", "2026-12"]
    early, late = sorted((one, other))
    before, after = (set(missing_deposits(PLANTS, NOTHING, months, day, due)["month"]) for day in (early, late))
    assert before <= after
