"""The register keeps every version of a row and knows which held on a day."""

from collections.abc import Callable
from datetime import date, datetime

import pandas as pd
import pytest
from sqlalchemy import text

from mrv.storage.control import Control
from mrv.storage.register import factors, put_factors, put_register, register, retire_register

Frame = Callable[..., pd.DataFrame]


def unit(unit_id: str, capacity: str) -> dict[str, str]:
    return {"plant_id": "P1", "unit_id": unit_id, "capacity": capacity}


def capacities(control: Control, as_of: date | None = None) -> dict[str, str]:
    with control.read() as session:
        known = register(session, "unit", as_of)
    return dict(zip(known["unit_id"], known["capacity"], strict=True))


def test_a_register_comes_back_as_it_went_in(control: Control, frame: Frame) -> None:
    plants = frame(
        "plant",
        {"plant_id": "P2", "sector": "cement", "name": "乙水泥厂", "longitude": "110.50"},
        {"plant_id": "P1", "sector": "power", "name": "甲电厂 'A' \"B\""},
    )
    with control.write() as session:
        assert put_register(session, "plant", plants, date(2026, 1, 1)) == 2
        back = register(session, "plant")
    pd.testing.assert_frame_equal(back, plants.sort_values("plant_id", ignore_index=True))


def test_versions_by_the_day_they_hold_from(control: Control, frame: Frame) -> None:
    with control.write() as session:
        put_register(session, "unit", frame("unit", unit("1", "300"), unit("2", "600")), date(2025, 1, 1))
        assert put_register(session, "unit", frame("unit", unit("1", "330"), unit("2", "600")), date(2026, 1, 1)) == 1
    assert capacities(control, date(2024, 12, 31)) == {}
    assert capacities(control, date(2025, 12, 31)) == {"1": "300", "2": "600"}
    assert capacities(control) == {"1": "330", "2": "600"}


def test_the_same_import_again_adds_nothing(control: Control, frame: Frame) -> None:
    for expected in (1, 0, 0):
        with control.write() as session:
            assert put_register(session, "unit", frame("unit", unit("1", "300")), date(2025, 1, 1)) == expected


def test_a_correction_for_the_same_day_holds_and_the_first_stays_on_record(control: Control, frame: Frame) -> None:
    for capacity in ("300", "350", "300"):
        with control.write() as session:
            put_register(session, "unit", frame("unit", unit("1", capacity)), date(2025, 1, 1), "import.xlsx")
    assert capacities(control) == {"1": "300"}
    with control.read() as session:
        assert session.scalar(text("SELECT count(*) FROM register_row")) == 3


def test_a_late_import_for_an_early_day_does_not_hide_the_later_version(control: Control, frame: Frame) -> None:
    with control.write() as session:
        put_register(session, "unit", frame("unit", unit("1", "330")), date(2026, 1, 1))
        put_register(session, "unit", frame("unit", unit("1", "300")), date(2025, 1, 1))
    assert capacities(control, date(2025, 6, 1)) == {"1": "300"}
    assert capacities(control) == {"1": "330"}


def test_a_retired_row_is_gone_from_that_day_and_may_return(control: Control, frame: Frame) -> None:
    with control.write() as session:
        put_register(session, "unit", frame("unit", unit("1", "300"), unit("2", "600")), date(2025, 1, 1))
        assert retire_register(session, "unit", [{"plant_id": "P1", "unit_id": "2"}], date(2026, 1, 1)) == 1
    assert capacities(control, date(2025, 12, 31)) == {"1": "300", "2": "600"}
    assert capacities(control) == {"1": "300"}
    with control.write() as session:
        with pytest.raises(ValueError, match="not in force"):
            retire_register(session, "unit", [{"plant_id": "P1", "unit_id": "2"}], date(2026, 2, 1))
        put_register(session, "unit", frame("unit", unit("2", "600")), date(2026, 3, 1))
    assert capacities(control) == {"1": "300", "2": "600"}


def test_wrong_frames_are_faults_of_the_program(control: Control, frame: Frame) -> None:
    with control.write() as session:
        with pytest.raises(ValueError, match="not a register table"):
            put_register(session, "emission", frame("emission"), date(2026, 1, 1))
        with pytest.raises(ValueError, match="canonical columns"):
            put_register(session, "unit", frame("unit").drop(columns="capacity"), date(2026, 1, 1))
        with pytest.raises(ValueError, match="twice"):
            put_register(session, "unit", frame("unit", unit("1", "3"), unit("1", "4")), date(2026, 1, 1))


def test_an_empty_register_has_the_canonical_columns(control: Control, frame: Frame) -> None:
    with control.read() as session:
        pd.testing.assert_frame_equal(register(session, "meter"), frame("meter"))


def test_imported_factors_come_back_in_order_with_the_file_they_came_from(control: Control, noon: datetime) -> None:
    rows = [{"id": "of.cfb", "value": "98.5", "boiler_type": "cfb"}, {"id": "of.other", "value": "97"}]
    file = {"sha256": "e" * 64, "file_name": "碳氧化率.csv", "received_at": noon, "uploader": "operator"}
    with control.write() as session:
        assert factors(session, "oxidation").empty
        assert put_factors(session, "oxidation", rows, **file)
        assert not put_factors(session, "oxidation", rows, **file)
        kept = factors(session, "oxidation")
    assert kept["value"].tolist() == ["98.5", "97"]
    assert kept["boiler_type"].tolist() == ["cfb", ""]
    assert set(kept["file_sha256"]) == {"e" * 64}
