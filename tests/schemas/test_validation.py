"""Shape checks: every kind fires at its cell, and both backends find the same rows."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import TABLES
from schemas.validation import SchemaProgramError, build, validate

BACKENDS = ("pandas", "polars")


def frame(table: str, *rows: dict[str, str]) -> pd.DataFrame:
    names = TABLES[table].names
    data = [{name: (7 if name == "row" else row.get(name, "")) for name in names} for row in rows]
    return pd.DataFrame(data, columns=names).astype({name: "str" for name in names if name != "row"})


COAL = {
    "plant_id": "P1",
    "sector": "power",
    "unit_id": "U1",
    "stream_id": "bituminous_coal",
    "month": "2025-03",
    "parameter": "fuel_consumption",
    "value": "100.00",
    "unit": "t",
    "method": "measured",
}


def found(table: str, rows: list[dict[str, str]], backend: str) -> list[tuple[int, str, str]]:
    failures = validate(table, frame(table, *rows), backend)
    return list(failures[["position", "column", "kind"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"value": "-0.5"}, [(0, "value", "parameter_range")]),
        ({"value": "20000000"}, []),  # the hard limit itself is inside
        ({"value": "20000000.01"}, [(0, "value", "parameter_range")]),
        ({"value": "1,234"}, [(0, "value", "decimal")]),
        ({"value": ""}, [(0, "value", "required")]),
        ({"value": "1e5"}, [(0, "value", "decimal")]),
        ({"month": "2025-13"}, [(0, "month", "month")]),
        ({"unit": "kg"}, [(0, "unit", "unit_of_measure")]),
        ({"method": "guessed"}, [(0, "method", "choice")]),
        ({"parameter": "coal_used"}, [(0, "parameter", "known")]),
        ({"parameter": "clinker_output", "stream_id": ""}, [(0, "parameter", "of_sector")]),
        ({"stream_id": "unobtainium"}, [(0, "stream_id", "stream")]),
        ({"stream_id": "bituminous_coal#2"}, []),
        ({"stream_id": "bituminous_coal#x"}, [(0, "stream_id", "stream")]),
        ({"stream_id": ""}, [(0, "stream_id", "level")]),
        ({"stream_id": "natural_gas"}, [(0, "unit", "unit_of_measure")]),
        ({"stream_id": "natural_gas", "unit": "1e4Nm3"}, []),
    ],
)
def test_each_kind_of_fault_at_its_cell(backend, change, expected):
    assert found("parameter", [{**COAL, **change}], backend) == expected


@pytest.mark.parametrize("backend", BACKENDS)
def test_null_keys_never_equal_each_other(backend):
    rows = [{**COAL, "plant_id": ""}, {**COAL, "plant_id": ""}]
    assert found("parameter", rows, backend) == [(0, "plant_id", "required"), (1, "plant_id", "required")]


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_second_row_of_a_key_is_the_duplicate(backend):
    assert found("parameter", [COAL, {**COAL, "value": "2"}], backend) == [(1, "parameter", "unique")]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("day", ["2025-02-29", "2025-2-28", "28.02.2025"])
def test_a_day_must_be_a_day(backend, day):
    row = {"plant_id": "P1", "unit_id": "U1", "stream_id": "lignite", "day": day, "fuel_consumption": "1"}
    assert (0, "day", "date") in found("daily_coal", [row], backend)


def test_a_frame_that_is_not_canonical_is_a_program_error():
    with pytest.raises(SchemaProgramError):
        validate("parameter", frame("parameter", COAL).drop(columns="cell"))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_column_of_the_wrong_type_is_a_program_error_never_a_finding(backend):
    wrong = frame("daily_coal", {"plant_id": "P1"}).assign(row=[1.5])
    with pytest.raises(SchemaProgramError):
        validate("daily_coal", wrong, backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_table_has_a_schema_on_every_backend(table, backend):
    assert build(table, backend) is not None


values = st.sampled_from(["", "1", "-1", "0.5", "99999999", "abc", "12.", "1e3", "2025-01", "中"])
cells = st.fixed_dictionaries(
    {
        "plant_id": st.sampled_from(["P1", "P2", ""]),
        "sector": st.sampled_from(["power", "steel", "mining"]),
        "unit_id": st.sampled_from(["U1", ""]),
        "stream_id": st.sampled_from(["", "lignite", "natural_gas", "limestone", "coal#", "x"]),
        "month": st.sampled_from(["2025-01", "2025-1", "2025-00", ""]),
        "parameter": st.sampled_from(["fuel_consumption", "power_generation", "oxidation_rate", "what", ""]),
        "value": values,
        "unit": st.sampled_from(["t", "1e4Nm3", "MWh", "%", "kWh", ""]),
        "method": st.sampled_from(["measured", "", "x"]),
        "file_sha256": st.sampled_from(["", "a" * 64, "A" * 64]),
    }
)


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(cells, min_size=1, max_size=12))
def test_backends_find_the_same_rows(rows):
    table = frame("parameter", *rows)
    pd.testing.assert_frame_equal(validate("parameter", table, "pandas"), validate("parameter", table, "polars"))
