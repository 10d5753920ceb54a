"""Real meters: a month of a steel works' quarter-hours and a coal unit's control-system log, against sums made apart.

The adapters turn the files as published into canonical readings; the expected figures come from the standard library.
"""

import csv
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from mrv.metering.metered import monthly

DATA = Path(__file__).parents[1] / "data" / "meters"
INTERVAL = {"multiplier": "1", "reading_kind": "interval"}


@pytest.fixture(scope="module")
def steel() -> list[tuple[datetime, str]]:
    """(end of the quarter-hour, kWh as written). The file dates 0:00 by the day it ends: a day later, really."""
    with (DATA / "uci_steel_2018_01.csv").open(encoding="utf-8", newline="") as handle:
        pairs = [(datetime.strptime(row["date"], "%d/%m/%Y %H:%M"), row["Usage_kWh"]) for row in csv.DictReader(handle)]  # noqa: DTZ007
    return [(when + timedelta(days=when.hour == when.minute == 0), value) for when, value in pairs]


@pytest.fixture(scope="module")
def unit() -> list[dict[str, str]]:
    """Ten-minute means as logged, unsorted, with holes: gross MW, coal t/h, steam klb/h."""
    with (DATA / "idaes_coal_unit_dcs.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_a_month_of_a_steel_works(steel, meters, readings, events):
    read = readings([(str(when), value) for when, value in steel], unit="kWh", meter_id="S")
    described = meters({**INTERVAL, "meter_id": "S", "unit": "kWh", "interval_minutes": "15"})
    result = monthly(read, described, events())
    row = result.month.iloc[0]
    assert len(result.month) == 1
    assert (row["month"], row["hours_present"], row["longest_gap"]) == ("2018-01", "744", "0")
    assert Decimal(row["quantity"]) == sum(Decimal(value) for _, value in steel)
    assert result.faults.empty

    # The longest run of equal quarter-hours, found by walking through the file.
    longest, run = 0, 1
    for (_, before), (_, value) in pairwise(steel):
        run = run + 1 if Decimal(value) == Decimal(before) != 0 else 1
        longest = max(longest, run if run > 1 else 0)
    assert Decimal(row["longest_flat_run"]) == Decimal(longest) / 4

    hours: dict[datetime, Decimal] = defaultdict(Decimal)
    for when, value in steel:
        hours[when - timedelta(minutes=when.minute) + timedelta(hours=when.minute > 0)] += Decimal(value)
    expected = [((hour - timedelta(hours=8)).strftime("%Y-%m-%dT%H:00:00Z"), total) for hour, total in hours.items()]
    found = list(zip(result.hourly["hour"], map(Decimal, result.hourly["quantity"]), strict=True))
    assert found == sorted(expected)
    assert set(result.hourly["complete"]) == {"yes"}


def test_the_same_month_as_a_register(steel, meters, readings, events):
    # A register that starts at 7 654 321.00 and rolls over at 7 700 000 on the way.
    level, levels = Decimal("7654321.00"), [("2018-01-01 00:00:00", "7654321.00")]
    for when, value in steel:
        level += Decimal(value)
        levels.append((str(when), str(level % 7_700_000)))
    assert level > 7_700_000
    read = readings(levels, unit="kWh", meter_id="S")
    described = meters({"reading_kind": "register", "register_limit": "7700000", "meter_id": "S", "unit": "kWh"})
    result = monthly(read, described, events())
    assert [Decimal(text) for text in result.month["quantity"]] == [sum(Decimal(value) for _, value in steel)]
    assert result.month["hours_present"].tolist() == ["744"]
    assert result.faults.empty


@pytest.mark.parametrize("tag", ["1LDC-GROSS-MW", "DGS3", "1FWS-STMFLW-A"])
def test_a_coal_unit_with_holes(unit, tag, meters, readings, events):
    # A mean power over ten minutes, times 10 min, is an energy; the holes in the log stay holes.
    stamped = {datetime.strptime(row[""], "%m/%d/%Y %H:%M"): row[tag] for row in unit}  # noqa: DTZ007
    assert list(stamped) != sorted(stamped)
    read = readings([(str(when), value) for when, value in stamped.items()], unit="MW·min", meter_id=tag)
    described = meters({**INTERVAL, "meter_id": tag, "unit": "MW·min", "multiplier": "10", "interval_minutes": "10"})
    result = monthly(read, described, events())

    total: dict[str, Decimal] = defaultdict(Decimal)
    covered: dict[str, list[datetime]] = defaultdict(list)
    for when in sorted(stamped):
        month = (when - timedelta(minutes=1)).strftime("%Y-%m")
        total[month] += Decimal(stamped[when]) * 10
        covered[month].append(when)
    assert dict(zip(result.month["month"], map(Decimal, result.month["quantity"]), strict=True)) == dict(total)
    for row in result.month.to_dict("records"):
        first = datetime.strptime(row["month"], "%Y-%m")  # noqa: DTZ007
        following = (first + timedelta(days=31)).replace(day=1)
        ends = [first, *covered[row["month"]]]
        gaps = [after - before - timedelta(minutes=10) for before, after in pairwise(ends)]
        gap = max(*gaps, following - ends[-1])
        assert row["longest_gap"] == f"{gap / timedelta(hours=1):.2f}".rstrip("0").rstrip(".")
        assert row["hours_present"] == f"{len(covered[row['month']]) / 6:.2f}".rstrip("0").rstrip(".")
    assert sum(result.counts["used"]) == len(unit)
    assert result.faults.empty
