"""Properties that hold for any readings: exactness, order, repetition, splitting, scaling, roll-over, month edges."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from zoneinfo import ZoneInfo

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from mrv.metering.metered import Metered, monthly

SHANGHAI = ZoneInfo("Asia/Shanghai")  # the tests ask the time-zone database; the code relies on UTC+8
few = settings(max_examples=20, deadline=None)
amounts = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False, allow_infinity=False)
ends = st.integers(0, 2 * 365 * 24 * 4).map(lambda n: datetime(2024, 12, 1, tzinfo=UTC) + timedelta(minutes=15 * n))
series = st.dictionaries(ends, amounts, min_size=1, max_size=40)


def local_month(end: datetime) -> str:
    return (end - timedelta(microseconds=1)).astimezone(SHANGHAI).strftime("%Y-%m")


def rows_of(frame, values: dict[datetime, Decimal], meter_id: str = "M1") -> pd.DataFrame:
    return frame(
        "meter_reading",
        [
            {
                "plant_id": "P1",
                "meter_id": meter_id,
                "timestamp": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "value": f"{value:f}",
                "unit": "MWh",
                "quality": "good",
            }
            for end, value in values.items()
        ],
    )


def assert_same(first: Metered, second: Metered) -> None:
    assert_frame_equal(first.month, second.month)
    assert_frame_equal(first.hourly, second.hourly)
    assert_frame_equal(first.faults, second.faults)


@few
@given(values=series, multiplier=st.decimals("0.001", "99999", places=3))
def test_months_are_the_exact_sum(frame, meters, events, values, multiplier):
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for end, value in values.items():
        expected[local_month(end)] += value * multiplier
    result = monthly(
        rows_of(frame, values), meters({"multiplier": str(multiplier), "interval_minutes": "15"}), events()
    )
    found = dict(zip(result.month["month"], map(Decimal, result.month["quantity"]), strict=True))
    assert found == dict(expected)
    assert sum(map(Decimal, result.hourly["quantity"])) == sum(expected.values())
    assert all("E" not in text for text in result.month["quantity"])


@few
@given(values=st.dictionaries(ends, st.integers(0, 10**34), min_size=1, max_size=10))
def test_exact_beyond_64_bits(frame, meters, events, values):
    with localcontext() as context:
        context.prec = 60
        exact = {end: Decimal(value).scaleb(-12) for end, value in values.items()}
        result = monthly(rows_of(frame, exact), meters({"multiplier": "3.7"}), events())
        total = sum(exact.values(), Decimal(0)) * Decimal("3.7")
        assert sum(map(Decimal, result.month["quantity"]), Decimal(0)) == total


@few
@given(one=series, other=series, seed=st.randoms(use_true_random=False), data=st.data())
def test_order_repetition_and_splitting_do_not_matter(frame, meters, events, one, other, seed: random.Random, data):
    read = pd.concat([rows_of(frame, one), rows_of(frame, other, "M2")], ignore_index=True)
    described = meters({"interval_minutes": "15"}, {"meter_id": "M2", "reading_kind": "register"})
    result = monthly(read, described, events())
    assert result.counts["read"].sum() == len(read)

    order = list(range(len(read)))
    seed.shuffle(order)
    shuffled = monthly(read.iloc[order], described.iloc[::-1], events())
    assert_same(result, shuffled)
    assert_frame_equal(result.counts, shuffled.counts)

    again = data.draw(st.lists(st.integers(0, len(read) - 1), max_size=20))
    repeated = monthly(pd.concat([read, read.iloc[again]]), described, events())
    assert_same(result, repeated)
    assert repeated.counts["repeated"].sum() == len(again)

    cut = data.draw(st.integers(0, len(read)))
    assert_same(result, monthly(pd.concat([read.iloc[cut:], read.iloc[:cut]]), described, events()))


@few
@given(values=series, kind=st.sampled_from(["interval", "register"]))
def test_months_computed_alone_are_the_months_computed_together(frame, meters, events, values, kind):
    rising, total = {}, Decimal(0)
    for end in sorted(values):
        total += values[end]
        rising[end] = total if kind == "register" else values[end]
    described = meters({"reading_kind": kind, "interval_minutes": "15"})
    together = monthly(rows_of(frame, rising), described, events()).month
    alone = []
    for month in sorted(set(map(local_month, rising))):
        # a register also needs the reading that closes the month before, if there is one
        opening = datetime.strptime(month, "%Y-%m").replace(tzinfo=SHANGHAI).astimezone(UTC)
        mine = {end: value for end, value in rising.items() if local_month(end) == month or end == opening}
        part = monthly(rows_of(frame, mine), described, events()).month
        alone.append(part[part["month"] == month])
    assert_frame_equal(together, pd.concat(alone, ignore_index=True), check_dtype=False)


@few
@given(values=series, power=st.integers(-4, 4))
def test_scaling_the_multiplier_scales_the_quantity(frame, meters, events, values, power):
    read = rows_of(frame, values)
    factor = Decimal(10) ** power
    plain = monthly(read, meters({}), events())
    scaled = monthly(read, meters({"multiplier": f"{factor:f}"}), events())
    for before, after in ((plain.month, scaled.month), (plain.hourly, scaled.hourly)):
        assert [Decimal(text) * factor for text in before["quantity"]] == [Decimal(text) for text in after["quantity"]]
        assert_frame_equal(before.drop(columns="quantity"), after.drop(columns="quantity"))


@few
@given(
    increments=st.lists(st.decimals(51, 100, places=2), min_size=1, max_size=60),
    start=st.decimals(0, "999.99", places=2),
)
def test_roll_over_changes_nothing(frame, meters, events, increments, start):
    begin = datetime(2026, 1, 9, 16, tzinfo=UTC)
    straight, total = {begin: start}, start
    for place, step in enumerate(increments, 1):
        total += step
        straight[begin + timedelta(hours=place)] = total
    turning = {end: value % 1000 for end, value in straight.items()}
    endless = monthly(rows_of(frame, straight), meters({"reading_kind": "register"}), events())
    turned = monthly(
        rows_of(frame, turning), meters({"reading_kind": "register", "register_limit": "999.99"}), events()
    )
    assert_same(endless, turned)


@few
@given(hours=st.integers(2, 200), at=st.data())
def test_a_replacement_loses_one_step_only(frame, meters, events, hours, at):
    change = at.draw(st.integers(1, hours - 1))
    begin = datetime(2026, 3, 1, 16, tzinfo=UTC)
    old = {begin + timedelta(hours=n): Decimal(5000 + 7 * n) for n in range(change)}
    new = {begin + timedelta(hours=n): Decimal(7 * (n - change)) for n in range(change, hours)}
    day = (begin + timedelta(hours=change, microseconds=-1)).astimezone(SHANGHAI).strftime("%Y-%m-%d")
    result = monthly(rows_of(frame, old | new), meters({"reading_kind": "register"}), events(("M1", day, day)))
    if hours == 2:
        assert result.month.empty
        return
    assert result.month["quantity"].tolist() == [str(7 * (hours - 2))]
    assert result.month["hours_present"].tolist() == [str(hours - 2)]
    assert "XRC-04" not in result.faults["code"].tolist()


@few
@given(year=st.integers(1993, 2060))
def test_every_month_begins_at_midnight_in_shanghai(frame, meters, events, year):
    # One hour before each midnight that begins a month and one after it: no summer time moves them.
    values = {}
    for month in range(1, 13):
        edge = datetime(year, month, 1, tzinfo=SHANGHAI).astimezone(UTC)
        values[edge] = Decimal(1)
        values[edge + timedelta(hours=1)] = Decimal(100)
    result = monthly(rows_of(frame, values), meters({"interval_minutes": "60"}), events())
    found = dict(zip(result.month["month"], result.month["quantity"], strict=True))
    assert found.pop(f"{year - 1}-12") == "1"
    assert found.pop(f"{year}-12") == "100"
    assert set(found.values()) == {"101"}


@few
@given(values=series, data=st.data())
def test_every_reading_is_accounted_for(frame, meters, events, values, data):
    read = rows_of(frame, values)
    read["quality"] = data.draw(
        st.lists(st.sampled_from(["good", "", "bad", "estimated"]), min_size=len(read), max_size=len(read))
    )
    read["unit"] = data.draw(st.lists(st.sampled_from(["MWh", "kWh"]), min_size=len(read), max_size=len(read)))
    read["meter_id"] = data.draw(st.lists(st.sampled_from(["M1", "M9"]), min_size=len(read), max_size=len(read)))
    read = pd.concat([read, read.iloc[:3].assign(value="1")]).astype("str")
    counts = monthly(read, meters({"interval_minutes": "15"}), events()).counts
    parts = ["used", "repeated", "bad", "contradicting", "other_unit", "negative", "unregistered"]
    assert counts[parts].sum(axis=1).tolist() == counts["read"].tolist()
    assert counts["read"].sum() == len(read)
