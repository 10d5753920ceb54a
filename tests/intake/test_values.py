"""One cell at a time: numbers, dates, months, times and words as people write them."""

import pytest

from mrv.intake.dates import fast_timestamps, local_months, read_date, read_month, read_timestamp
from mrv.intake.reading import Reading, read_number
from mrv.intake.words import choice_reader, read_parameter, read_stream, read_unit
from mrv.intake.workbook import float_text
from schemas import TABLES


@pytest.mark.parametrize(
    ("written", "value", "note"),
    [
        ("0.5207", "0.5207", ""),
        ("0.5200", "0.5200", ""),  # what was written stays: no padding added or removed
        (" 12 ", "12", ""),
        ("", "", ""),
        ("１２．５", "12.5", "full_width"),
        ("1,234.5", "1234.5", "thousands_separator"),
        ("12,345,678", "12345678", "thousands_separator"),
        ("1.2E+3", "1200", "scientific"),
        ("5.207e-1", "0.5207", "scientific"),
        ("12.3%", "12.3", "percent"),
        ("12.3％", "12.3", "percent"),
        (".5", "0.5", "rewritten"),
        ("+5", "5", "rewritten"),
        ("007", "7", "rewritten"),
        ("−3.5", "-3.5", "full_width"),
        ("12345678901234567890.123456789", "12345678901234567890.123456789", ""),
    ],
)
def test_numbers_are_understood(written: str, value: str, note: str) -> None:
    assert read_number(written) == Reading(value, note)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("1,23", "ambiguous_separator"),
        ("0,521", "ambiguous_separator"),
        ("1,2345", "ambiguous_separator"),
        ("1.234,5", "ambiguous_separator"),
        ("abc", "not_a_number"),
        ("1 234", "not_a_number"),
        ("12t", "not_a_number"),
        ("约12", "not_a_number"),
        ("nan", "not_a_number"),
        ("inf", "not_a_number"),
        ("1e999", "not_a_number"),
        ("=A1", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("0x10", "not_a_number"),
    ],
)
def test_a_number_that_cannot_be_read_stays_as_written(written: str, fault: str) -> None:
    assert read_number(written) == Reading(written, fault=fault)


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (0.5206999999999999, "0.5207"),  # 0.1 + 0.4207 in binary
        (0.1 + 0.2, "0.3"),
        (5.0, "5"),
        (1e-7, "0.0000001"),
        (1.5e20, "150000000000000000000"),
        (-0.25, "-0.25"),
        (123456.789012345, "123456.789012345"),
    ],
)
def test_stored_numbers_come_out_with_the_digits_excel_shows(stored: float, text: str) -> None:
    assert float_text(stored) == text


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-01-05", "2026-01-05"),
        ("2026/1/5", "2026-01-05"),
        ("2026.1.5", "2026-01-05"),
        ("2026年1月5日", "2026-01-05"),
        ("２０２６年１月５日", "2026-01-05"),
        ("20260105", "2026-01-05"),
        ("2026-01-05 00:00:00", "2026-01-05"),
        ("46027", "2026-01-05"),  # day 1 is 1900-01-01 and Excel believes in 29 February 1900
    ],
)
def test_dates(written: str, day: str) -> None:
    assert read_date(written).value == day
    assert not read_date(written).fault


def test_day_numbers_count_from_1904_in_an_old_mac_workbook() -> None:
    assert read_date("44565", date1904=True).value == "2026-01-05"  # 46027 - 1462


@pytest.mark.parametrize("written", ["2026-02-30", "5/1/2026", "26-1-5", "1月5日", "soon", "2026-01", "2026-01-05x"])
def test_dates_that_could_be_read_two_ways_or_do_not_exist_are_never_guessed(written: str) -> None:
    assert read_date(written) == Reading(written, fault="not_a_date")


@pytest.mark.parametrize(
    "written",
    ["2026-01", "2026/1", "2026年1月", "2026年01月", "202601", "2026.01", "2026-01-01", "46023", "２０２６－０１"],
)
def test_months(written: str) -> None:
    assert read_month(written).value == "2026-01"
    assert not read_month(written).fault


@pytest.mark.parametrize("written", ["2026.1", "2026-13", "1月", "Jan-26", "2026"])
def test_months_that_cannot_be_read(written: str) -> None:
    assert read_month(written) == Reading(written, fault="not_a_month")


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-01-05T08:00:00+08:00", "2026-01-05T00:00:00Z"),
        ("2026-01-05T08:00:00Z", "2026-01-05T08:00:00Z"),
        ("2026-01-05 08:00:00", "2026-01-05T00:00:00Z"),  # no offset: Asia/Shanghai
        ("2026-01-05 8:00", "2026-01-05T00:00:00Z"),
        ("2026/1/5 8:00", "2026-01-05T00:00:00Z"),
        ("2026年1月5日 8时30分", "2026-01-05T00:30:00Z"),
        ("2026-01-05 24:00", "2026-01-05T16:00:00Z"),
        ("2026-12-31 24:00:00", "2026-12-31T16:00:00Z"),
        ("20260105080000", "2026-01-05T00:00:00Z"),
        ("20260105T080000+0800", "2026-01-05T00:00:00Z"),
        ("2026-01-05T08:00:00.000+08:00", "2026-01-05T00:00:00Z"),
        ("2026-01-05T08:00:00.250Z", "2026-01-05T08:00:00.25Z"),
        ("2026-01-05T08:00-05:30", "2026-01-05T13:30:00Z"),
        ("2026-01-05", "2026-01-04T16:00:00Z"),
    ],
)
def test_times(written: str, utc: str) -> None:
    assert read_timestamp(written) == Reading(utc)


@pytest.mark.parametrize(
    "written",
    ["2026-01-05 25:00", "2026-01-05 24:01", "2026-02-30 08:00", "5/1/2026 8:00", "08:00", "2026-01-05 08:00+99:00"],
)
def test_times_that_cannot_be_read(written: str) -> None:
    assert read_timestamp(written) == Reading(written, fault="not_a_time")


def test_the_fast_way_reads_what_the_exact_way_reads_and_leaves_the_rest() -> None:
    import pandas as pd

    texts = pd.Series(
        [
            "2026-01-05T08:00:00+08:00",
            "2026-01-05 08:00:00",
            "2026-03-01T00:00:00Z",
            "2026-02-30 08:00:00",
            "2026-01-05 24:00:00",
            "2026-01-05T08:00:00+99:00",
            "2026/1/5 8:00",
        ],
        dtype="str",
    )
    fast = fast_timestamps(texts).tolist()
    assert fast == [read_timestamp(text).value for text in texts[:3]] + [""] * 4


def test_midnight_belongs_to_the_month_before() -> None:
    import pandas as pd

    # 2026-02-01 00:00 in Shanghai ends the last interval of January
    times = pd.Series(["2026-01-31T16:00:00Z", "2026-01-31T16:00:01Z", "rubbish"], dtype="str")
    assert local_months(times).tolist() == ["2026-01", "2026-02", ""]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("fuel_consumption", "fuel_consumption"),
        ("消耗量", "fuel_consumption"),
        ("Fuel consumption (FC)", "fuel_consumption"),
        ("fuel consumption", "fuel_consumption"),
        ("消耗量（205-1表）", "fuel_statistics"),
        ("消耗量(205-1表)", "fuel_statistics"),
        ("收到基水分", "moisture_ar"),
        ("nonsense", "nonsense"),
    ],
)
def test_parameters_by_code_or_label(written: str, code: str) -> None:
    assert read_parameter(written) == Reading(code)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("烟煤", "bituminous_coal"),
        ("烟煤#2", "bituminous_coal#2"),
        ("烟煤＃２", "bituminous_coal#2"),
        ("bituminous_coal#2", "bituminous_coal#2"),
        ("Bituminous coal", "bituminous_coal"),
        ("石灰石", "limestone"),
        ("", ""),
        ("神木煤", "神木煤"),
    ],
)
def test_streams_by_code_or_label(written: str, code: str) -> None:
    assert read_stream(written) == Reading(code)


def test_every_label_of_the_vocabulary_leads_back_to_its_code() -> None:
    from schemas.vocabulary import FUELS, PARAMETERS

    for entry in PARAMETERS.values():
        assert {read_parameter(text).value for text in (entry.parameter, entry.zh, entry.en)} == {entry.parameter}
    for fuel in FUELS.values():
        assert {read_stream(text).value for text in (fuel.fuel, fuel.zh, fuel.en)} == {fuel.fuel}


def test_every_choice_is_read_by_code_and_both_labels() -> None:
    for table in TABLES.values():
        for column in table.columns:
            read = choice_reader(column) if column.choices else None
            for code, labels in zip(column.choices, column.choice_labels, strict=True):
                assert read is not None
                assert {read(text).value for text in (code, *labels)} == {code}


def test_choices_and_units() -> None:
    method = choice_reader(TABLES["parameter"].by_name["method"])
    assert method("实测").value == "measured"
    assert method("guess").value == "guess"
    assert read_unit("吨").value == "t"
    assert read_unit("kWh").value == "kWh"
