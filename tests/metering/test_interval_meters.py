"""Interval meters: sums, hours, months, gaps and flat runs, worked by hand."""

import json

import pandas as pd
import pytest

from mrv.metering.metered import HOURLY, monthly
from schemas import TABLES


def hours_of(start: str, values: list[str], minutes: int = 60) -> list[tuple[str, str]]:
    first = pd.Timestamp(start)
    return [(str(first + pd.Timedelta(minutes=minutes * i)), value) for i, value in enumerate(values)]


def test_midnight_belongs_to_the_day_before(meters, readings, events):
    read = readings({"2026-01-31 23:00": "10", "2026-02-01 00:00": "20", "2026-02-01 01:00": "40"})
    result = monthly(read, meters({"interval_minutes": "60"}), events())
    assert list(result.month.columns) == TABLES["meter_month"].names
    assert dict(zip(result.month["month"], result.month["quantity"], strict=True)) == {"2026-01": "30", "2026-02": "40"}


def test_hours_are_summed_by_the_end_of_the_interval_and_multiplied(meters, readings, events):
    # 10:15..11:00 are the four quarters of the hour ending 11:00 (03:00 UTC): (1.1 + 1.2 + 1.3 + 1.4) x 0.5 = 2.5;
    # 11:15 alone makes an incomplete hour: 2 x 0.5 = 1.
    read = readings(hours_of("2026-03-05 10:15", ["1.1", "1.2", "1.3", "1.4", "2.0"], 15))
    result = monthly(read, meters({"interval_minutes": "15", "multiplier": "0.5"}), events())
    assert list(result.hourly.columns) == HOURLY
    assert result.hourly[["hour", "quantity", "unit", "complete"]].values.tolist() == [
        ["2026-03-05T03:00:00Z", "2.5", "MWh", "yes"],
        ["2026-03-05T04:00:00Z", "1", "MWh", "no"],
    ]
    assert result.month["quantity"].tolist() == ["3.5"]


def test_gaps_and_hours_present(meters, readings, events):
    # February 2026 has 672 h. Measured: 00-10 and 34-36 of the 1st and 2nd: 10 + 2 = 12 h.
    # Gaps: 10 -> 34 = 24 h, and from hour 36 to the end of the month: 672 - 36 = 636 h, the longest.
    read = readings(hours_of("2026-02-01 01:00", ["1"] * 10) + hours_of("2026-02-02 11:00", ["2"] * 2))
    row = monthly(read, meters({"interval_minutes": "60"}), events()).month.iloc[0]
    assert (row["hours_expected"], row["hours_present"], row["longest_gap"]) == ("672", "12", "636")


def test_a_full_month_has_no_gap(meters, readings, events):
    read = readings(hours_of("2026-06-01 01:00", [str(i) for i in range(720)]))
    row = monthly(read, meters({"interval_minutes": "60"}), events()).month.iloc[0]
    assert (row["hours_present"], row["longest_gap"], row["longest_flat_run"]) == ("720", "0", "0")


@pytest.mark.parametrize(
    ("values", "run"),
    [
        (["5", "5", "5", "6"], "3"),
        (["5", "5.0", "5.00", "5"], "4"),  # the same number however it is written
        (["0", "0", "0", "0"], "0"),  # a unit that stands still is no flat line
        (["1", "2", "3", "4"], "0"),  # one reading alone is no run
        (["7", "7", "8", "8"], "2"),
    ],
)
def test_longest_flat_run(meters, readings, events, values, run):
    read = readings(hours_of("2026-01-05 01:00", values))
    assert monthly(read, meters({"interval_minutes": "60"}), events()).month["longest_flat_run"].tolist() == [run]


def test_a_gap_breaks_a_flat_run(meters, readings, events):
    read = readings(hours_of("2026-01-05 01:00", ["5", "5"]) + hours_of("2026-01-05 04:00", ["5", "5", "5"]))
    assert monthly(read, meters({"interval_minutes": "60"}), events()).month["longest_flat_run"].tolist() == ["3"]


def test_estimated_counts_in_the_quantity_but_is_not_measured(meters, readings, events):
    good = readings(hours_of("2026-01-05 01:00", ["5", "5"]))
    guess = readings({"2026-01-05 03:00": "5"}, quality="estimated")
    bad = readings({"2026-01-05 04:00": "99"}, quality="bad")
    result = monthly(pd.concat([good, guess, bad]), meters({"interval_minutes": "60"}), events())
    row = result.month.iloc[0]
    assert (row["quantity"], row["hours_present"], row["longest_flat_run"]) == ("15", "2", "2")
    assert result.hourly["complete"].tolist() == ["yes", "yes", "no"]
    seen = result.counts.iloc[0]
    assert (seen["read"], seen["used"], seen["estimated"], seen["bad"]) == (4, 3, 1, 1)


def test_contradicting_readings_are_both_left_out(meters, readings, events):
    read = readings([("2026-01-05 01:00", "5"), ("2026-01-05 02:00", "6"), ("2026-01-05 02:00", "7")])
    result = monthly(read, meters({"interval_minutes": "60", "stream_id": "natural_gas"}), events())
    assert result.month["quantity"].tolist() == ["5"]
    assert result.month["hours_present"].tolist() == ["1"]
    fault = result.faults.iloc[0]
    assert (fault["code"], fault["item"], fault["month"], fault["value"]) == ("MTR-01", "M1", "2026-01", "6")
    assert (fault["stream_id"], fault["table"]) == ("natural_gas", "meter_reading")
    assert json.loads(fault["params"]) == {"count": 2, "first": "2026-01-04T18:00:00Z"}


def test_a_reading_repeated_is_counted_once(meters, readings, events):
    read = readings([("2026-01-05 01:00", "5"), ("2026-01-05 01:00", "5.0"), ("2026-01-05 02:00", "6")])
    result = monthly(read, meters({"interval_minutes": "60"}), events())
    assert result.month["quantity"].tolist() == ["11"]
    assert result.counts["repeated"].tolist() == [1]
    assert result.faults.empty


def test_another_unit_is_never_converted(meters, readings, events):
    read = pd.concat([readings({"2026-01-05 01:00": "5"}), readings({"2026-01-05 02:00": "6000"}, unit="kWh")])
    result = monthly(read, meters({"interval_minutes": "60"}), events())
    assert result.month["quantity"].tolist() == ["5"]
    assert result.faults[["code", "value", "expected"]].values.tolist() == [["MTR-02", "kWh", "MWh"]]


def test_a_meter_that_is_not_registered(meters, readings, events):
    result = monthly(readings({"2026-01-05 01:00": "5"}, meter_id="M9"), meters({}), events())
    assert result.month.empty
    assert result.faults[["code", "item", "plant_id"]].values.tolist() == [["SCH-14", "M9", "P1"]]
    assert result.counts[["meter_id", "read", "unregistered"]].values.tolist() == [["M9", 1, 1]]


def test_the_same_meter_number_in_two_plants(meters, readings, events):
    read = pd.concat([readings({"2026-01-05 01:00": "5"}), readings({"2026-01-05 01:00": "7"}, plant_id="P2")])
    result = monthly(read, meters({}, {"plant_id": "P2"}), events())
    assert result.month[["plant_id", "quantity"]].values.tolist() == [["P1", "5"], ["P2", "7"]]


def test_a_negative_interval_is_a_fault(meters, readings, events):
    result = monthly(readings(hours_of("2026-01-05 01:00", ["5", "-3"])), meters({"interval_minutes": "60"}), events())
    assert result.month["quantity"].tolist() == ["5"]
    assert result.faults[["code", "value"]].values.tolist() == [["MTR-04", "-3"]]


def test_readings_closer_than_their_interval(meters, readings, events):
    # Quarter-hour rows of a meter registered as hourly may be rolling hours, which would count everything four times.
    read = readings(hours_of("2026-01-05 01:00", ["1", "1", "1", "1"], 15))
    result = monthly(read, meters({"interval_minutes": "60"}), events())
    assert result.faults[["code", "value", "expected"]].values.tolist() == [["MTR-03", "15", "60"]]
    assert result.month["hours_present"].tolist() == ["1.75"]  # 00:00-01:45, no minute twice


def test_without_a_registered_interval_the_commonest_spacing_is_taken(meters, readings, events):
    read = readings([*hours_of("2026-01-05 01:00", ["1"] * 4, 15), ("2026-01-05 05:00", "1")])
    assert monthly(read, meters({}), events()).month["hours_present"].tolist() == ["1.25"]


def test_a_month_without_a_usable_reading_is_a_fault_and_not_zero(meters, readings, events):
    good = readings({"2026-01-05 01:00": "5", "2026-04-05 01:00": "5"})
    bad = readings({"2026-02-05 01:00": "6"}, quality="bad")
    result = monthly(pd.concat([good, bad]), meters({"interval_minutes": "60"}), events())
    assert result.month["month"].tolist() == ["2026-01", "2026-04"]
    assert result.faults[["code", "month"]].values.tolist() == [["MTR-05", "2026-02"], ["MTR-05", "2026-03"]]


def test_daily_readings_say_nothing_about_hours(meters, readings, events):
    read = readings({"2026-01-06 00:00": "24", "2026-01-07 00:00": "48"})
    result = monthly(read, meters({"interval_minutes": "1440"}), events())
    assert result.hourly.empty
    assert result.month[["quantity", "hours_present"]].values.tolist() == [["72", "48"]]


def test_no_readings(meters, readings, events):
    result = monthly(readings({}), meters({}), events())
    assert (len(result.month), len(result.hourly), len(result.faults), len(result.counts)) == (0, 0, 0, 0)
    assert list(result.month.columns) == TABLES["meter_month"].names


def test_meters_must_be_unique(meters, readings, events):
    with pytest.raises(ValueError, match="unique"):
        monthly(readings({}), meters({}, {}), events())
