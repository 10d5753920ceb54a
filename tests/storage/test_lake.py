"""The lake: what goes in comes out, the same rows are the same bytes, a partition is old or new."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mrv.storage import durable
from mrv.storage.arrow import decimals
from mrv.storage.lake import Lake

Frame = Callable[..., pd.DataFrame]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def row(plant_id: str, month: str, value: str, **rest: str) -> dict[str, str]:
    return {
        "plant_id": plant_id,
        "unit_id": "1",
        "month": month,
        "parameter": "fuel_consumption",
        "value": value,
        **rest,
    }


def reading(plant_id: str, timestamp: str, value: str) -> dict[str, str]:
    return {"plant_id": plant_id, "meter_id": "M", "timestamp": timestamp, "value": value, "unit": "MWh"}


def test_a_canonical_frame_comes_back_in_the_order_of_its_key(lake: Lake, frame: Frame) -> None:
    rows = frame(
        "parameter",
        row("P2", "2025-02", "0.5200", source_document="化验单\n第2页"),
        row("P1", "2025-12", "123456789012345678901234567890.5", stream_id="coking_coal"),
        row("P1", "2025-01", "-3"),
    )
    path = lake.write("parameter", rows, 2025)
    assert path == lake.root / "parameter" / "year=2025" / "data.parquet"
    back = lake.read("parameter")
    pd.testing.assert_frame_equal(back, rows.iloc[[2, 1, 0]].reset_index(drop=True))


def test_integers_stay_integers(lake: Lake, frame: Frame) -> None:
    rows = frame("daily_coal", {"plant_id": "P1", "day": "2025-03-01", "row": 17, "fuel_consumption": "10.5"})  # type: ignore[dict-item]
    lake.write("daily_coal", rows, 2025)
    pd.testing.assert_frame_equal(lake.read("daily_coal"), rows)


def test_years_plants_and_months_can_be_chosen(lake: Lake, frame: Frame) -> None:
    for year in (2024, 2025):
        rows = [row(plant, f"{year}-{month}", "1") for plant in ("P1", "P2") for month in ("01", "02")]
        lake.write("parameter", frame("parameter", *rows), year)
    assert lake.years("parameter") == [2024, 2025]
    assert len(lake.read("parameter")) == 8
    chosen = lake.read("parameter", years=[2025], plants=["P2", "P7"])
    assert chosen[["plant_id", "month"]].to_numpy().tolist() == [["P2", "2025-01"], ["P2", "2025-02"]]
    assert set(lake.read("parameter", months=["2024-02"])["month"]) == {"2024-02"}
    for nothing in (lake.read("parameter", years=[]), lake.read("parameter", plants=[]), lake.read("emission")):
        assert nothing.empty
    pd.testing.assert_frame_equal(lake.read("emission"), frame("emission"))


def test_readings_are_cut_by_month_of_utc(lake: Lake, frame: Frame) -> None:
    # 2026-01-01 00:00 in Beijing is 2025-12-31 16:00 UTC
    rows = frame(
        "meter_reading", reading("P1", "2025-12-31T16:00:00Z", "1"), reading("P1", "2025-12-01T00:00:00Z", "2")
    )
    path = lake.write("meter_reading", rows, 2025, "2025-12")
    assert path.relative_to(lake.root).as_posix() == "meter_reading/year=2025/month=2025-12/data.parquet"
    lake.write("meter_reading", frame("meter_reading", reading("P1", "2026-01-01T00:00:00Z", "3")), 2026, "2026-01")
    assert lake.read("meter_reading", months=["2025-12"])["value"].tolist() == ["2", "1"]
    assert lake.files("meter_reading", years=[2025]) == [path]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(order=st.permutations(range(12)))
def test_the_same_rows_in_any_order_are_the_same_bytes(lake: Lake, frame: Frame, order: list[int]) -> None:
    rows = [row(f"P{number % 5}", f"2025-{number + 1:02d}", f"{number}.50", remark="x") for number in range(12)]
    expected = lake.write("parameter", frame("parameter", *rows), 2025).read_bytes()
    shuffled = frame("parameter", *(rows[position] for position in order))
    assert lake.write("parameter", shuffled, 2025).read_bytes() == expected


def test_bytes_do_not_depend_on_how_a_frame_was_put_together(lake: Lake, frame: Frame) -> None:
    rows = [row(f"P{number:04d}", "2025-01", str(number)) for number in range(3000)]
    whole = lake.write("parameter", frame("parameter", *rows), 2025).read_bytes()
    pieces = pd.concat([frame("parameter", *rows[start : start + 700]) for start in range(0, 3000, 700)])
    assert lake.write("parameter", pieces, 2025).read_bytes() == whole
    assert lake.write("parameter", pieces.astype(object), 2025).read_bytes() == whole


def test_a_number_stands_as_text_and_as_exact_decimal(lake: Lake, frame: Frame) -> None:
    lake.write("parameter", frame("parameter", row("P1", "2025-01", "0.5200"), row("P1", "2025-02", "")), 2025)
    emission = {"plant_id": "P1", "month": "2025-01", "tonnes": "0.1", "tco2e": "454.33"}
    lake.write("emission", frame("emission", emission, {**emission, "month": "2025-02", "tonnes": "0.2"}), 2025)
    kept = pq.read_table(lake.files("parameter")[0], partitioning=None)
    assert kept["value"].to_pylist() == ["0.5200", ""]
    assert kept["value_decimal"].to_pylist() == [Decimal("0.52"), None]
    assert kept.schema.field("value_decimal").type == pa.decimal128(38, 12)
    query = f"SELECT sum(tonnes_decimal), sum(tco2e_decimal) FROM '{lake.files('emission')[0]}'"
    assert duckdb.sql(query).fetchall() == [(Decimal("0.3"), Decimal("908.66"))]  # 0.1 + 0.2, exactly


def test_numbers_that_do_not_fit_the_decimal() -> None:
    texts = ["0.1234567890125", "-0.0000000000005", "9" * 26 + ".5", "9" * 27, "", "1"]
    found = decimals(pa.chunked_array([texts])).to_pylist()
    assert found == [
        Decimal("0.123456789013"),  # 13 decimals, rounded half-up at the 12th
        Decimal("-0.000000000001"),
        Decimal("9" * 26 + ".5"),
        None,  # 27 digits before the point
        None,
        Decimal(1),
    ]
    with pytest.raises(ValueError, match="not a number"):
        decimals(pa.chunked_array([["12,5"]]))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=14)))
def test_decimals_agree_with_python(numbers: list[Decimal]) -> None:
    texts = [f"{number:f}" for number in numbers]
    found = decimals(pa.chunked_array([pa.array(texts, pa.string())])).to_pylist()
    wide = Context(prec=60)
    assert found == [Decimal(text).quantize(Decimal("1e-12"), ROUND_HALF_UP, wide) for text in texts]


def test_replacing_some_plants_keeps_the_others(lake: Lake, frame: Frame) -> None:
    lake.write("parameter", frame("parameter", *(row(plant, "2025-01", "1") for plant in ("P1", "P2", "P3"))), 2025)
    lake.replace_plants("parameter", frame("parameter", row("P2", "2025-05", "7")), ["P2", "P3"], 2025)
    kept = lake.read("parameter")
    assert kept[["plant_id", "month", "value"]].to_numpy().tolist() == [["P1", "2025-01", "1"], ["P2", "2025-05", "7"]]
    with pytest.raises(ValueError, match="not to be replaced"):
        lake.replace_plants("parameter", frame("parameter", row("P1", "2025-05", "7")), ["P2"], 2025)


def test_replaced_by_parts_or_as_a_whole_gives_the_same_bytes(lake: Lake, frame: Frame) -> None:
    rows = [row(plant, "2025-01", value) for plant, value in (("P1", "1"), ("P2", "2"), ("P3", "3"))]
    whole = lake.write("parameter", frame("parameter", *rows), 2025).read_bytes()
    lake.write("parameter", frame("parameter"), 2025)
    assert lake.files("parameter") == []
    for part in reversed(rows):
        path = lake.replace_plants("parameter", frame("parameter", part), [part["plant_id"]], 2025)
    assert path.read_bytes() == whole


def test_a_failure_while_writing_leaves_the_old_partition(
    lake: Lake, frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lake.write("parameter", frame("parameter", row("P1", "2025-01", "1")), 2025)
    before = path.read_bytes()

    def fail(target: Path) -> None:
        raise OSError("power gone")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "sync", fail)
        with pytest.raises(OSError, match="power gone"):
            lake.write("parameter", frame("parameter", row("P1", "2025-01", "2")), 2025)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == ["data.parquet"]


def test_what_a_killed_writer_left_is_not_read(lake: Lake, frame: Frame) -> None:
    path = lake.write("parameter", frame("parameter", row("P1", "2025-01", "1")), 2025)
    path.with_name(".data.parquet.0123456789abcdef.tmp").write_bytes(b"PAR1 half a file")
    assert lake.read("parameter")["value"].tolist() == ["1"]
    assert pd.read_parquet(lake.root / "parameter")["value"].tolist() == ["1"]
    assert duckdb.sql(f"SELECT value, year FROM '{lake.root}/parameter/**/*.parquet'").fetchall() == [("1", 2025)]


def test_columns_the_dictionary_gained_later_are_absent_in_old_files(lake: Lake, frame: Frame) -> None:
    path = lake.write("parameter", frame("parameter", row("P1", "2025-01", "1", origin="own")), 2025)
    pq.write_table(pq.read_table(path, partitioning=None).drop_columns(["origin"]), path)
    lake.write("parameter", frame("parameter", row("P1", "2026-01", "1", origin="own")), 2026)
    assert lake.read("parameter")["origin"].tolist() == ["", "own"]


def test_rows_of_another_period_and_frames_that_are_not_canonical_are_refused(lake: Lake, frame: Frame) -> None:
    good = frame("parameter", row("P1", "2025-01", "1"))
    with pytest.raises(ValueError, match="do not belong to 2024"):
        lake.write("parameter", good, 2024)
    with pytest.raises(ValueError, match="not cut by month"):
        lake.write("parameter", good, 2025, "2025-01")
    with pytest.raises(ValueError, match="needs a month"):
        lake.write("meter_reading", frame("meter_reading"), 2025)
    with pytest.raises(ValueError, match="is not in 2025"):
        lake.write("meter_reading", frame("meter_reading"), 2025, "2026-01")
    with pytest.raises(ValueError, match="no period"):
        lake.write("plant", frame("plant"), 2025)
    with pytest.raises(ValueError, match="canonical columns"):
        lake.write("parameter", good.assign(more=""), 2025)
    with pytest.raises(ValueError, match="never null"):
        lake.write("parameter", good.assign(origin=None), 2025)
    with pytest.raises(ValueError, match=r"parameter\.value: not canonical"):
        lake.write("parameter", good.assign(value=1.5), 2025)
    assert lake.files("parameter") == []
