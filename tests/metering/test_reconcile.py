"""Metered beside filed quantities."""

from mrv.metering.reconcile import COLUMNS, reconcile


def metered(frame, *rows):
    usual = {
        "plant_id": "P1",
        "unit_id": "1",
        "meter_id": "M1",
        "parameter": "power_generation",
        "month": "2026-01",
        "quantity": "100",
        "unit": "MWh",
        "hours_expected": "744",
        "hours_present": "744",
        "longest_gap": "0",
    }
    return frame("meter_month", [{**usual, **row} for row in rows])


def filed(frame, *rows):
    usual = {
        "plant_id": "P1",
        "sector": "power",
        "unit_id": "1",
        "parameter": "power_generation",
        "month": "2026-01",
        "value": "100",
        "unit": "MWh",
        "cell": "D7",
        "sheet": "关键参数",
    }
    return frame("parameter", [{**usual, **row} for row in rows])


def test_meters_of_one_quantity_are_added_up(frame):
    month = metered(
        frame,
        {"meter_id": "M2", "quantity": "0.1", "hours_present": "700", "longest_gap": "9.5"},
        {"meter_id": "M1", "quantity": "99.95", "hours_present": "744"},
    )
    pairs = reconcile(month, filed(frame, {"value": "100.00"}))
    assert list(pairs.columns) == COLUMNS
    row = pairs.iloc[0]
    # 99.95 + 0.1 = 100.05, which is 0.05 more than was filed
    assert (row["metered"], row["filed"], row["difference"], row["status"]) == ("100.05", "100.00", "0.05", "both")
    assert (row["meters"], row["hours_present"], row["longest_gap"]) == ("M1;M2", "700", "9.5")
    assert (row["sheet"], row["cell"], row["sector"]) == ("关键参数", "D7", "power")


def test_either_side_alone_is_shown(frame):
    pairs = reconcile(metered(frame, {}), filed(frame, {"month": "2026-02"}))
    assert pairs[["month", "status", "metered", "filed", "difference"]].values.tolist() == [
        ["2026-01", "metered_only", "100", "", ""],
        ["2026-02", "filed_only", "", "100", ""],
    ]


def test_what_no_meter_measures_is_left_alone(frame):
    values = filed(frame, {}, {"parameter": "heat_supplied", "unit": "GJ"}, {"unit_id": "2"})
    assert len(reconcile(metered(frame, {}), values)) == 1


def test_streams_are_kept_apart(frame):
    month = metered(frame, {"parameter": "fuel_consumption", "stream_id": "diesel", "unit": "t", "quantity": "3"})
    values = filed(
        frame,
        {"parameter": "fuel_consumption", "stream_id": "diesel", "unit": "t", "value": "5"},
        {"parameter": "fuel_consumption", "stream_id": "lignite", "unit": "t", "value": "7"},
    )
    pairs = reconcile(month, values)
    assert pairs[["stream_id", "difference"]].values.tolist() == [["diesel", "-2"]]


def test_units_are_never_converted(frame):
    row = reconcile(metered(frame, {"unit": "kWh", "quantity": "100000"}), filed(frame, {})).iloc[0]
    assert (row["status"], row["difference"]) == ("other_unit", "")
    mixed = metered(frame, {}, {"meter_id": "M2", "unit": "kWh"})
    assert reconcile(mixed, filed(frame, {}))["status"].tolist() == ["other_unit"]


def test_nothing_to_pair(frame):
    pairs = reconcile(metered(frame), filed(frame))
    assert list(pairs.columns) == COLUMNS
    assert pairs.empty
