"""Registers: differences, month edges, replacement, roll-over and going backwards, worked by hand."""

import json

import pandas as pd
import pytest

from mrv.metering.metered import monthly

REGISTER = {"reading_kind": "register"}


def quantities(result) -> dict[str, str]:
    return dict(zip(result.month["month"], result.month["quantity"], strict=True))


def test_differences_times_multiplier_with_a_reading_on_the_edge(meters, readings, events):
    # January (1100.5 - 1000) x 20 = 2010; February (1300 - 1100.5) x 20 = 3990.
    read = readings({"2026-01-01 00:00": "1000", "2026-02-01 00:00": "1100.5", "2026-03-01 00:00": "1300"})
    result = monthly(read, meters({**REGISTER, "multiplier": "20"}), events())
    assert quantities(result) == {"2026-01": "2010", "2026-02": "3990"}
    assert result.month[["hours_expected", "hours_present", "longest_gap"]].values.tolist() == [
        ["744", "744", "0"],
        ["672", "672", "0"],
    ]
    assert result.faults.empty  # the opening reading belongs to 2025-12, which it leaves without a quantity


def test_no_reading_on_the_edge_is_not_interpolated(meters, readings, events):
    # 40 between 23:00 and 01:00 belongs to neither month; one hour is missing from each.
    read = readings(
        {"2026-01-31 22:00": "100", "2026-01-31 23:00": "110", "2026-02-01 01:00": "150", "2026-02-01 02:00": "155"}
    )
    result = monthly(read, meters(REGISTER), events())
    assert quantities(result) == {"2026-01": "10", "2026-02": "5"}
    assert result.month[["hours_present", "longest_gap"]].values.tolist() == [["1", "742"], ["1", "670"]]


def test_a_missing_reading_loses_nothing_but_the_hours(meters, readings, events):
    read = readings({"2026-01-05 01:00": "100", "2026-01-05 02:00": "110", "2026-01-05 05:00": "150"})
    result = monthly(read, meters(REGISTER), events())
    assert result.month[["quantity", "hours_present"]].values.tolist() == [["50", "4"]]
    assert result.hourly[["hour", "quantity"]].values.tolist() == [["2026-01-04T18:00:00Z", "10"]]


def test_a_bad_reading_is_passed_over(meters, readings, events):
    read = pd.concat(
        [
            readings({"2026-01-05 01:00": "100", "2026-01-05 03:00": "120"}),
            readings({"2026-01-05 02:00": "0"}, quality="bad"),
        ]
    )
    assert quantities(monthly(read, meters(REGISTER), events())) == {"2026-01": "20"}


@pytest.mark.parametrize("limit", ["99999.9", "100000"])
def test_roll_over(meters, readings, events, limit):
    # 99 970 -> 99 980 is 10 in an hour; then 20 up to the turn at 100 000 and 10.5 after it: 30.5 in two hours.
    read = readings({"2026-01-05 01:00": "99970.0", "2026-01-05 02:00": "99980.0", "2026-01-05 04:00": "10.5"})
    result = monthly(read, meters({**REGISTER, "register_limit": limit}), events())
    assert quantities(result) == {"2026-01": "40.5"}
    assert result.faults.empty


def test_a_roll_over_faster_than_the_meter_ever_ran_is_a_fault(meters, readings, events):
    # 99 980 -> 99 990 is 10 in an hour; then 10 + 10.5 = 20.5 in an hour, above twice the fastest: no roll-over.
    read = readings({"2026-01-05 01:00": "99980.0", "2026-01-05 02:00": "99990.0", "2026-01-05 03:00": "10.5"})
    result = monthly(read, meters({**REGISTER, "register_limit": "99999.9"}), events())
    assert result.faults["code"].tolist() == ["MTR-05", "XRC-04"]  # and nothing usable is left of the month


def test_a_small_step_back_is_no_roll_over(meters, readings, events):
    read = readings({f"2026-01-05 0{i}:00": value for i, value in enumerate(["500", "510", "509", "520", "530"])})
    result = monthly(read, meters({**REGISTER, "register_limit": "999.99"}), events())
    # 500->510, 510->509 and 509->520 are doubtful, since either 510 or 509 may be wrong: 520->530 is left.
    assert result.month[["quantity", "hours_present", "longest_gap"]].values.tolist()[0][:2] == ["10", "1"]
    fault = result.faults.iloc[0]
    assert (fault["code"], fault["value"], fault["expected"]) == ("XRC-04", "509", "510")
    assert json.loads(fault["params"]) == {"count": 1, "first": "2026-01-04T18:00:00Z"}


def test_a_spike_is_not_counted(meters, readings, events):
    read = readings(
        {f"2026-01-05 0{i}:00": value for i, value in enumerate(["100", "110", "9999", "130", "140", "150"])}
    )
    result = monthly(read, meters(REGISTER), events())
    assert quantities(result) == {"2026-01": "20"}  # 100->110 and 140->150
    assert result.month["hours_present"].tolist() == ["2"]
    assert result.faults["code"].tolist() == ["XRC-04"]


def test_a_replacement_shows_as_a_gap_and_no_fault(meters, readings, events):
    # The old meter ends at 820, the new one starts at 3: 800->820 and 3->13 count, the change between does not.
    read = readings(
        {"2026-01-10 09:00": "800", "2026-01-10 10:00": "820", "2026-01-10 11:00": "3", "2026-01-10 12:00": "13"}
    )
    result = monthly(read, meters(REGISTER), events(("M1", "2026-01-10", "")))
    assert quantities(result) == {"2026-01": "30"}
    assert result.month["hours_present"].tolist() == ["2"]
    assert result.hourly["hour"].tolist() == ["2026-01-10T02:00:00Z", "2026-01-10T04:00:00Z"]
    assert result.faults.empty
    for other in (events(), events(("M2", "2026-01-10", "")), events(("M1", "2026-01-11", ""))):
        assert "XRC-04" in monthly(read, meters(REGISTER), other).faults["code"].tolist()


def test_a_replacement_by_a_meter_that_starts_higher_leaves_the_day_out(meters, readings, events):
    # 50 -> 9000 within the day of the record: nothing tells which difference is the change, so the whole day is a gap.
    read = readings(
        {
            "2026-01-09 23:00": "40",
            "2026-01-10 00:00": "45",
            "2026-01-10 10:00": "50",
            "2026-01-10 11:00": "9000",
            "2026-01-11 00:00": "9010",
            "2026-01-11 01:00": "9012",
        }
    )
    result = monthly(read, meters(REGISTER), events(("M1", "2026-01-10", "2026-01-10")))
    assert quantities(result) == {"2026-01": "7"}  # 40->45 before and 9010->9012 after
    assert result.month["hours_present"].tolist() == ["2"]


def test_interval_and_register_of_one_flow_agree(meters, readings, events):
    flow = {f"2026-01-05 {hour:02}:00": str(hour * 3 % 7) for hour in range(1, 24)}
    total, register = 0, {"2026-01-05 00:00": "12345"}
    for when, value in flow.items():
        total += int(value)
        register[when] = str(12345 + total)
    both = pd.concat([readings(flow), readings(register, meter_id="M2")])
    result = monthly(both, meters({"interval_minutes": "60"}, {**REGISTER, "meter_id": "M2"}), events())
    assert result.month["quantity"].tolist() == [str(total)] * 2
    hourly = result.hourly.set_index("hour")
    first, second = (hourly[hourly["meter_id"] == name].drop(columns="meter_id") for name in ("M1", "M2"))
    pd.testing.assert_frame_equal(first, second)
    assert result.month["longest_flat_run"].nunique() == 1
