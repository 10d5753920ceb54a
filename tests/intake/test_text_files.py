"""CSV and Parquet: encodings, delimiters, header forms, where a row came from, what becomes of every row."""

import io
import json
from collections.abc import Callable

import pandas as pd
import pytest

from mrv.intake import Intake, Limits, Refusal, read_file
from schemas import TABLES
from schemas.location import cell_of


def taken(data: bytes | str, name: str = "filing.csv") -> Intake:
    intake = read_file(name, data.encode() if isinstance(data, str) else data)
    assert isinstance(intake, Intake), intake
    counts = intake.rows["disposition"].value_counts()
    assert len(intake.rows) == sum(counts.get(word, 0) for word in ("accepted", "refused", "ignored"))
    assert sum(len(frame) for frame in intake.tables.values()) == counts.get("accepted", 0)
    for table, frame in intake.tables.items():
        assert list(frame.columns) == TABLES[table].names
        assert (intake.rows.loc[frame.index, "disposition"] == "accepted").all()
    return intake


def codes(intake: Intake) -> list[tuple[str, str]]:
    kinds = [json.loads(params).get("kind", "") for params in intake.faults["params"]]
    return list(zip(intake.faults["code"], kinds, strict=True))


def test_a_filing_csv_becomes_parameter_rows_that_know_their_cells(filing: str) -> None:
    intake = taken(filing)
    frame = intake.tables["parameter"]
    assert intake.kind == "filing_csv"
    assert intake.encoding == "utf-8"
    assert frame["value"].tolist() == ["41235.60", "0.5207", "126000.123"]
    assert frame["cell"].tolist() == ["R2C7", "R3C7", "R4C7"]
    assert set(frame["sheet"]) == {""}
    assert set(frame["file_sha256"]) == {intake.sha256}
    assert frame["stream_id"].tolist() == ["bituminous_coal", "bituminous_coal", ""]
    assert intake.rows[["plant_id", "month", "sector"]].drop_duplicates().to_numpy().tolist() == [
        ["P001", "2026-01", "power"]
    ]
    assert intake.rows["row"].tolist() == [2, 3, 4]
    assert intake.faults.empty
    assert intake.understood[0].header_row == 1
    assert intake.understood[0].columns["value"] == "value"


@pytest.mark.parametrize(
    ("encoding", "recorded"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
    ],
)
def test_every_encoding_gives_the_same_rows_and_is_recorded(filing: str, encoding: str, recorded: str) -> None:
    text = filing.replace("belt scale", "皮带秤")
    intake = taken(text.encode(encoding))
    assert intake.encoding == recorded
    assert intake.tables["parameter"]["source_document"].tolist()[0] == "皮带秤"


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_delimiters_and_line_ends(filing: str, delimiter: str, line_end: str) -> None:
    intake = taken(filing.replace(",", delimiter).replace("\n", line_end))
    assert intake.tables["parameter"]["value"].tolist() == ["41235.60", "0.5207", "126000.123"]
    assert intake.tables["parameter"]["cell"].tolist() == ["R2C7", "R3C7", "R4C7"]


def test_chinese_labels_moved_columns_and_titles_above_the_header() -> None:
    text = (
        "月度存证填报表,,,,,,,,,,\n"
        "\n"
        "数值,计量单位,取值方式,参数,燃料或物料,机组编号,月份,行业,企业编号,序号,审核人\n"
        "41235.6,吨,实测值,消耗量,烟煤#2,G1,2026年1月,发电,P001,1,张三\n"
    )
    intake = taken(text)
    row = intake.tables["parameter"].iloc[0]
    assert row[["plant_id", "sector", "unit_id", "stream_id", "month", "parameter"]].tolist() == [
        *("P001", "power", "G1", "bituminous_coal#2", "2026-01", "fuel_consumption"),
    ]
    assert row[["value", "unit", "method", "cell"]].tolist() == ["41235.6", "t", "measured", "R4C1"]
    assert intake.understood[0].header_row == 3
    assert intake.understood[0].ignored == ["序号", "审核人"]
    assert codes(intake) == [("SCH-17", ""), ("SCH-17", "")]
    assert intake.faults["cell"].tolist() == ["R3C10", "R3C11"]


def test_rows_that_are_no_data_are_ignored_with_their_reason(filing: str) -> None:
    lines = filing.splitlines()
    text = "\n".join(
        [
            *lines,
            "合计,,,,,,167236.2,,,",
            "P001,power,G1,小计,2026-01,fuel_consumption,5,t,measured,",
            "示例,power,G1,烟煤,2026-01,fuel_consumption,5,t,measured,",
            "注：数值保留两位小数,,,,,,,,,",
            lines[0],
            lines[1],
            ",,,,,,,,,",
        ]
    )
    intake = taken(text)
    assert intake.rows["reason"].tolist() == [
        *("", "", "", "total_row", "total_row", "example_row", "remark_row", "repeated_header", "same_row_twice"),
    ]
    assert len(intake.rows) == 9  # the blank line is no row


def test_a_row_that_differs_in_one_cell_is_not_the_same_row(filing: str) -> None:
    again = filing.splitlines()[1].replace("41235.60", "41235.61")
    intake = taken(filing + again + "\n")
    assert (intake.rows["disposition"] == "accepted").all()


def test_rows_without_a_full_key_never_count_as_the_same(filing: str) -> None:
    broken = filing.splitlines()[1].replace("P001", "") + "\n"
    intake = taken(filing + broken + broken)
    assert (intake.rows["disposition"] == "accepted").all()


def test_values_that_cannot_be_read_stay_and_are_named_by_cell(filing: str) -> None:
    text = filing.replace("41235.60", '"1,23"').replace("0.5207", "n.a.").replace("126000.123", '"126,000.123"')
    intake = taken(text)
    assert intake.tables["parameter"]["value"].tolist() == ["1,23", "n.a.", "126000.123"]
    assert codes(intake) == [
        ("SCH-10", "ambiguous_separator"),
        ("SCH-10", "not_a_number"),
        ("SCH-16", "thousands_separator"),
    ]
    first = intake.faults.iloc[0]
    assert first[["cell", "value", "plant_id", "unit_id", "stream_id", "month", "parameter", "item"]].tolist() == [
        *("R2C7", "1,23", "P001", "G1", "bituminous_coal", "2026-01", "fuel_consumption", "value"),
    ]


def test_a_percent_sign_counts_only_where_the_unit_is_percent(filing: str) -> None:
    text = filing + "P001,power,G1,bituminous_coal,2026-01,moisture_ar,12.3%,%,measured,\n"
    intake = taken(text.replace("0.5207", "52.07%"))
    assert intake.tables["parameter"]["value"].tolist() == ["41235.60", "52.07%", "126000.123", "12.3"]
    assert codes(intake) == [("SCH-10", "percent_in_other_unit"), ("SCH-16", "percent")]


def test_an_unquoted_thousands_separator_shifts_the_cells_so_the_row_is_refused(filing: str) -> None:
    intake = taken(filing.replace("41235.60", "41,235.60"))
    assert intake.rows["disposition"].tolist() == ["refused", "accepted", "accepted"]
    assert intake.rows["reason"].tolist()[0] == "too_many_fields"
    assert codes(intake) == [("SCH-10", "too_many_fields")]
    assert intake.faults["cell"].tolist() == ["R2C11"]


def test_a_quoted_line_break_does_not_disturb_the_row_numbers(filing: str) -> None:
    intake = taken(filing.replace("belt scale", '"belt\nscale"'))
    assert intake.rows["row"].tolist() == [2, 4, 5]
    assert intake.tables["parameter"]["cell"].tolist() == ["R2C7", "R4C7", "R5C7"]


def test_an_unclosed_quotation_mark_swallows_no_rows(filing: str) -> None:
    intake = taken(filing.replace("belt scale", '"belt scale'))
    assert len(intake.tables["parameter"]) == 3
    assert intake.tables["parameter"]["source_document"].tolist()[0] == '"belt scale'


def test_an_empty_value_in_an_export_is_a_candidate_for_the_schema_check_to_refuse(filing: str) -> None:
    intake = taken(filing.replace("0.5207", ""))
    assert intake.tables["parameter"]["value"].tolist() == ["41235.60", "", "126000.123"]


def test_a_header_that_names_another_unit_is_a_fault() -> None:
    text = (
        "企业编号,机组编号,煤种,日期,入炉煤量（kg）,收到基低位发热量（kcal/kg）,收到基全水（%）\n"
        "P001,G1,烟煤,2026-01-01,1400000,5210,12.1\n"
    )
    intake = taken(text)
    assert intake.kind == "table_csv"
    assert codes(intake) == [("SCH-10", "unit_in_header"), ("SCH-10", "unit_in_header")]
    assert intake.faults["expected"].tolist() == ["t", "GJ/t"]
    assert intake.faults["cell"].tolist() == ["R1C5", "R1C6"]


def test_a_wide_row_knows_each_of_its_cells() -> None:
    text = "plant_id,unit_id,stream_id,day,moisture_ar,fuel_consumption\nP001,G1,烟煤,2026/1/5,12.1,1400\n"
    intake = taken(text)
    row = intake.tables["daily_coal"].iloc[0]
    assert row["day"] == "2026-01-05"
    assert cell_of(row["row"], row["column_map"], "fuel_consumption", row["sheet"]) == "R2C6"
    assert intake.rows["month"].tolist() == ["2026-01"]


METERS = (
    "plant_id,meter_id,timestamp,value,unit,quality\n"
    "P001,M1,2026-01-01T01:00:00+08:00,12.5,MWh,good\n"
    "P001,M1,2026-01-01 02:00,12.75,MWh,有效\n"
    "P001,M1,2026-01-31 24:00,13,MWh,\n"
    "P001,M1,yesterday,13,MWh,good\n"
)


def test_meter_readings_are_kept_in_utc() -> None:
    intake = taken(METERS, "meters.csv")
    frame = intake.tables["meter_reading"]
    assert intake.kind == "meter_csv"
    assert frame["timestamp"].tolist() == [
        *("2025-12-31T17:00:00Z", "2025-12-31T18:00:00Z", "2026-01-31T16:00:00Z", "yesterday"),
    ]
    assert frame["quality"].tolist() == ["good", "good", "", "good"]
    assert intake.rows["month"].tolist() == ["2026-01", "2026-01", "2026-01", ""]
    assert codes(intake) == [("SCH-10", "not_a_time")]


def test_parquet_gives_what_the_same_csv_gives() -> None:
    frame = pd.read_csv(io.StringIO(METERS), dtype=str, keep_default_na=False)
    out = io.BytesIO()
    frame.to_parquet(out)
    intake = taken(out.getvalue(), "meters.parquet")
    expected = taken(METERS, "meters.csv")
    assert intake.kind == "meter_parquet"
    pd.testing.assert_frame_equal(intake.tables["meter_reading"], expected.tables["meter_reading"])
    pd.testing.assert_frame_equal(intake.rows, expected.rows)


def test_parquet_with_types_of_its_own() -> None:
    frame = pd.DataFrame(
        {
            "plant_id": "P001",
            "meter_id": [1, 1, 1],
            "timestamp": pd.to_datetime(["2026-01-01 01:00", "2026-01-01 02:00", None]).tz_localize("Asia/Shanghai"),
            "value": [0.1 + 0.2, float("nan"), 1e-7],
            "unit": "MWh",
            "tags": [["a"], ["b"], []],
        }
    )
    out = io.BytesIO()
    frame.to_parquet(out)
    table = taken(out.getvalue()).tables["meter_reading"]
    assert table["timestamp"].tolist() == ["2025-12-31T17:00:00Z", "2025-12-31T18:00:00Z", ""]
    assert table["value"].tolist() == ["0.3", "", "0.0000001"]
    assert table["meter_id"].tolist() == ["1", "1", "1"]


def test_the_fast_and_the_exact_way_of_splitting_lines_agree() -> None:
    lines = [f"P001,M{n % 7},2026-01-01 {n % 24:02d}:00:00,{n}.{n % 10},MWh,good" for n in range(500)]
    head = METERS.splitlines()[0]
    plain = taken("\n".join([head, *lines]))
    quoted = taken("\n".join([head, *(",".join(f'"{cell}"' for cell in line.split(",")) for line in lines)]))
    pd.testing.assert_frame_equal(plain.tables["meter_reading"], quoted.tables["meter_reading"])
    pd.testing.assert_frame_equal(plain.rows, quoted.rows)


def test_a_million_bad_cells_do_not_give_a_million_faults() -> None:
    lines = [f"P001,M{n},2026-01-01 01:00:00,x{n},MWh,good" for n in range(1500)]
    intake = taken("\n".join([METERS.splitlines()[0], *lines]))
    # 999 cells named one by one, the thousandth stands for itself and the 500 after it
    assert len(intake.faults) == 1000
    counts = [int(json.loads(params)["count"]) for params in intake.faults["params"]]
    assert sum(counts) == 1500
    assert counts[-1] == 501


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"a,b,c\n1,2,3\n", "no_known_table"),
        (b"%PDF-1.7 ...", "not_a_filing"),
        (b"\x89PNG\r\n\x1a\n....", "not_a_filing"),
        (b"<!DOCTYPE html><html></html>", "not_a_filing"),
        (b'{"plant_id": "P001"}', "not_a_filing"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07", "not_a_filing"),
        ("plant_id,é".encode("latin-1") + b"\xff\xff", "unknown_encoding"),
        (b"PAR1 not really", "damaged"),
        (b"PK\x03\x04 not really", "damaged"),
    ],
)
def test_what_is_no_filing_is_refused_in_plain_words(data: bytes, code: str) -> None:
    refusal = read_file("x", data)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert all("{" not in text and text for text in refusal.message.values())


def test_too_many_rows_and_too_long_cells(filing: str) -> None:
    long = filing.replace("belt scale", "x" * 40_000)
    assert getattr(read_file("f.csv", long.encode()), "code", "") == "cell_too_long"
    assert getattr(read_file("f.csv", filing.encode(), Limits(csv_rows=2)), "code", "") == "too_many_rows"
    quoted = filing.replace("belt scale", '"belt scale"')
    assert getattr(read_file("f.csv", quoted.encode(), Limits(csv_rows=2)), "code", "") == "too_many_rows"
    assert getattr(read_file("f.csv", filing.encode(), Limits(text_file_bytes=100)), "code", "") == "too_large"
    assert getattr(read_file("f.csv", filing.encode(), Limits(seconds=0)), "code", "") == "too_slow"
    assert getattr(read_file("f.csv", filing.encode(), Limits(csv_columns=5)), "code", "") == "too_many_columns"


def test_a_plant_of_two_sectors_lends_neither_to_its_other_tables(filing: str, zipped: Callable[..., bytes]) -> None:
    two = filing + filing.splitlines()[1].replace("power", "steel", 1).replace("G1", "ENT") + "\n"
    coal = "plant_id,unit_id,stream_id,day,fuel_consumption\nP001,G1,烟煤,2026-01-05,1\n"
    intake = taken(zipped({"a.csv": two.encode(), "b.csv": coal.encode()}))
    assert intake.rows.loc[intake.rows["table"] == "daily_coal", "sector"].tolist() == [""]
