"""Files of plant-years: header, zip, meter CSV; and the same bytes from the same seed."""

import csv
import hashlib
import io
import zipfile

import pytest

from mrv.simulation import PlantYears, demo, filing_csv, filing_zip, meter_csv
from schemas import TABLES
from schemas.validation import validate


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"))))


def test_every_table_has_the_canonical_shape(clean: PlantYears) -> None:
    assert set(clean.tables) == {
        "plant", "unit", "meter", "control_plan", "plan_section", "parameter", "daily_coal", "coal_analysis", "heat_flow", "meter_total",
        "event", "evidence", "meter_reading", "facility", "flue_gas_daily",
    }  # fmt: skip
    for name, frame in clean.tables.items():
        assert validate(name, frame).empty, name
        key = list(TABLES[name].key)
        assert frame[key].equals(frame[key].sort_values(key, ignore_index=True)), name
        for column in {"file_sha256", "sheet", "cell", "column_map"} & set(frame.columns):
            assert (frame[column] == "").all()


def test_months_deposited(clean: PlantYears) -> None:
    months = clean.tables["parameter"].groupby("plant_id")["month"].agg(["min", "max", "nunique"])
    assert months["min"].eq("2025-01").all()
    assert months["max"].to_dict() == {
        "DEMO01": "2026-09", "DEMO02": "2026-09", "DEMO03": "2026-08", "DEMO04": "2026-09", "DEMO05": "2026-08",
        "DEMO06": "2026-08", **{f"DEMO{number:02d}": "2026-09" for number in range(7, 13)},
    }  # fmt: skip
    assert (months["nunique"] == [21, 21, 20, 21, 20, 20, *[21] * 6]).all()


def test_same_seed_same_bytes_other_seed_other_bytes(clean: PlantYears) -> None:
    again, other = demo(), demo(seed=1)
    for name, frame in clean.tables.items():
        assert frame.equals(again.tables[name]), name
    assert filing_csv(clean.tables) == filing_csv(again.tables) != filing_csv(other.tables)


def test_filing_csv(clean: PlantYears) -> None:
    rows = rows_of(filing_csv(clean.tables, "DEMO04", ["2025-03"]))
    assert ",".join(rows[0]) == (
        "plant_id,sector,unit_id,stream_id,month,parameter,value,unit,method,source_document,"
        "origin,state,fc_source,carbon_scheme"
    )
    frame = clean.tables["parameter"]
    own = frame[(frame["plant_id"] == "DEMO04") & (frame["month"] == "2025-03")]
    assert len(rows) - 1 == len(own) > 10
    assert {(row[0], row[4]) for row in rows[1:]} == {("DEMO04", "2025-03")}
    assert len(rows_of(filing_csv(clean.tables))) - 1 == len(frame)


def test_filing_zip(clean: PlantYears) -> None:
    data = filing_zip(clean.tables, "DEMO02", "2026-01")
    assert data == filing_zip(clean.copy().tables, "DEMO02", "2026-01")
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = archive.namelist()
    assert names[:8] == [
        "filing.csv", "daily_coal.csv", "coal_analysis.csv", "heat_flow.csv", "meter_total.csv", "event.csv",
        "flue_gas_daily.csv", "evidence.csv",
    ]  # fmt: skip
    header, *listed = rows_of(archive.read("evidence.csv"))
    files = {row[header.index("evidence_file")] for row in listed}
    assert files == set(names[8:])
    assert "evidence_sha256" not in header
    evidence = clean.tables["evidence"].set_index("evidence_file")["evidence_sha256"].groupby(level=0).agg(list)
    for name in files:
        assert hashlib.sha256(archive.read(name)).hexdigest() in evidence[name]
    header, *daily = rows_of(archive.read("daily_coal.csv"))
    assert len(daily) == 62 and {row[header.index("day")][:7] for row in daily} == {"2026-01"}
    assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_evidence_is_never_the_same_file_twice(clean: PlantYears) -> None:
    evidence = clean.tables["evidence"]
    owners = evidence.groupby("evidence_sha256")[["plant_id", "month", "evidence_file"]].nunique()
    assert owners.eq(1).all().all()


# Deposit list of the power guide: parameter, and the streams whose value is a default or not counted.
DEPOSIT_LIST = {
    "fuel_consumption": set(),
    "net_calorific_value": {"diesel"},
    "carbon_content_ar": {"diesel", "natural_gas"},
    "moisture_ar": set(),
    "power_generation": set(),
    "heat_supplied": set(),
    "run_hours": set(),
    "load_factor": set(),
    "boiler_efficiency": set(),
}


@pytest.mark.parametrize("parameter", DEPOSIT_LIST)
def test_deposit_list_is_backed_by_evidence(clean: PlantYears, parameter: str) -> None:
    filed, evidence = clean.tables["parameter"], clean.tables["evidence"]
    key = ["plant_id", "unit_id", "stream_id", "month", "parameter"]
    rows = filed[
        (filed["sector"] == "power")
        & (filed["parameter"] == parameter)
        & ~filed["stream_id"].isin(DEPOSIT_LIST[parameter])
    ]
    missing = rows[key].merge(evidence[key].drop_duplicates(), on=key, how="left", indicator=True)
    assert len(missing) >= 20
    assert (missing["_merge"] == "both").all()


def test_meter_csv(clean: PlantYears) -> None:
    readings = clean.tables["meter_reading"]
    header, *rows = rows_of(meter_csv(readings, "DEMO01", "2026-04"))
    assert header == ["plant_id", "meter_id", "timestamp", "value", "unit", "quality"]
    by_meter = {}
    for row in rows:
        by_meter.setdefault(row[1], []).append(row)
    # The new register opens at zero on 1 April 00:00, which no other month's file carries.
    assert len(by_meter["U1-E2"]) == 721 and len(by_meter["U1-C1"]) == 720 and "U1-E1" not in by_meter
    assert by_meter["U1-E2"][0][2:4] == ["2026-04-01T00:00:00+08:00", "0.0000"]
    assert by_meter["U1-C1"][0][2] == "2026-04-01T01:00:00+08:00"
    assert by_meter["U1-C1"][-1][2] == "2026-05-01T00:00:00+08:00"
    total = sum(
        len(rows_of(meter_csv(readings, "DEMO02", month))) - 1
        for month in sorted(set(clean.tables["meter_total"]["month"]))
    )
    assert total == (readings["plant_id"] == "DEMO02").sum()
