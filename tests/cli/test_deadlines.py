"""`mrv deadlines`: what is due on each side of a day, and internal days that may only be earlier."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mrv.pipeline.deposit import submit
from mrv.storage.deposits import deposit_versions
from tests.cli.corrections_home import Place, gas, make_place  # noqa: F401
from tests.pipeline.plants import FIRST_GAS, JANUARY, SECOND_GAS

Make = Callable[..., Place]


def listed(place: Place, as_of: str, plant: str = FIRST_GAS) -> dict[tuple[str, str], dict[str, Any]]:
    document = place.json("deadlines", plant, "--as-of", as_of)
    assert document["as_of"] == as_of
    return {(one["step"], one["period"]): one for one in document["deadlines"]}


@pytest.mark.parametrize(
    ("as_of", "state", "status"),
    [
        ("2026-03-04", "open", 0),
        ("2026-03-05", "due_soon", 0),
        ("2026-03-11", "due_soon", 0),
        ("2026-03-12", "due_today", 0),
        ("2026-03-13", "late", 1),
    ],
)
def test_forty_natural_days(make_place: Make, as_of: str, state: str, status: int) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    january = listed(place, as_of)["monthly_deposit", JANUARY]
    assert (january["day"], january["state"], january["certainty"]) == ("2026-03-12", state, "official")
    assert place.run("deadlines", "--as-of", as_of).exit_code == status


def test_done_in_time_and_done_late(make_place: Make) -> None:  # noqa: F811
    """16:30 UTC of 12 March is the 13th where the plants are."""
    for hour, late_by in ((15, 0), (16, 1)):
        place = make_place(FIRST_GAS, SECOND_GAS)
        at = datetime(2026, 3, 12, hour, 30, tzinfo=UTC)
        submit(place.home, place.control, [("1.zip", gas())], at, "填报员", date(2026, 3, 12))
        january = listed(place, "2026-03-20")["monthly_deposit", JANUARY]
        assert (january["state"], january["late_by"]) == ("done", late_by)
        assert listed(place, "2026-03-11")["monthly_deposit", JANUARY]["state"] == "due_soon"  # as seen before it came
        assert listed(place, "2026-03-20", SECOND_GAS)["monthly_deposit", JANUARY]["state"] == "late"
        told = place.run("deadlines", FIRST_GAS, "--as-of", "2026-03-20").stdout
        assert "关键参数月度存证  2026-03-12  [已完成]" in told and ("晚 1 天" in told) == bool(late_by)


def test_deposited_is_not_complete(make_place: Make) -> None:  # noqa: F811
    """A month whose deposit has blocking findings is done for the deadline, and said to be incomplete."""
    place = make_place(FIRST_GAS)
    _, receipt = place.submit(gas("900.00"))
    blocks = sum(one["severity"] == "blocks" for one in receipt["findings"])
    with place.control.read() as session:
        on = date.fromisoformat(str(deposit_versions(session)["received_at"].iloc[0])[:10]) + timedelta(days=1)
    january = listed(place, str(on))["monthly_deposit", JANUARY]
    assert (january["state"], january["complete"], january["blocks"]) == ("done", False, blocks) and blocks
    told = place.run("deadlines", FIRST_GAS, "--as-of", str(on)).stdout
    assert f"[已存证，未完成（{blocks} 项阻断）]" in told
    assert (
        f"[deposited, incomplete ({blocks} blocks)]"
        in place.run("deadlines", FIRST_GAS, "--as-of", str(on), "--lang", "en").stdout
    )


def test_the_yearly_dates(make_place: Make) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    dates = listed(place, "2026-12-28")
    assert (dates["annual_report", "2026"]["day"], dates["annual_report", "2026"]["state"]) == ("2027-03-31", "open")
    assert (dates["surrender", "2026"]["day"], dates["surrender", "2025"]["state"]) == ("2027-12-31", "due_soon")
    assert {"control_plan", "verification", "allowance_issue"} <= {step for step, _ in dates}
    assert dates["control_plan", "2026"]["state"] == "due_soon"
    # Nothing here records whether a report was handed in, so a day that is over is not called late.
    assert dates["annual_report", "2025"]["state"] == "passed" and dates["annual_report", "2025"]["source"]


def test_an_internal_day_is_earlier_with_a_reason(make_place: Make) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    call = ("deadlines", "set", FIRST_GAS, "power", JANUARY)
    who = ("--reason", "月底盘煤", "--by", "处长")
    moved = place.json(*call, "2026-03-13", *who)
    assert moved["error"]["code"] == "after_statutory" and "2026-03-12" in moved["error"]["message"]["zh"]
    told = place.run(*call, "2026-03-13", *who)
    assert told.exit_code == 2 and "法定期限不能推迟" in told.stderr
    assert place.json(*call, "2026-02-20", "--reason", " ", "--by", "x")["error"]["code"] == "reason_needed"
    assert place.json("deadlines", "set", "X", "power", JANUARY, "2026-02-20", *who)["error"]["code"] == "unknown_plant"
    old = place.json("deadlines", "set", FIRST_GAS, "power", "2019-01", "2019-02-01", *who)
    assert old["error"]["code"] == "no_deadline"
    assert place.json("deadlines", "set", FIRST_GAS, "power", "2026-1", "2026-02-20", *who)["error"]["code"] == "usage"
    assert place.run(*call, "2026-02-20", *who).exit_code == 0
    for as_of, state in (("2026-02-12", "open"), ("2026-02-13", "due_soon"), ("2026-02-20", "due_today")):
        january = listed(place, as_of)["monthly_deposit", JANUARY]
        assert (january["state"], january["day"]) == (state, "2026-03-12")
        assert january["internal"] == {"day": "2026-02-20", "reason": "月底盘煤"}
    january = listed(place, "2026-02-22")["monthly_deposit", JANUARY]
    assert (january["state"], january["internal_days_over"], january["days_left"]) == ("due_soon", 2, 18)
    told = place.run("deadlines", FIRST_GAS, "--as-of", "2026-02-22").stdout
    assert "[内部期限已过 2 天，法定期限还有 18 天]" in told
    told = place.run("deadlines", FIRST_GAS, "--as-of", "2026-02-21", "--lang", "en").stdout
    assert "[internal day passed 1 day ago, 19 days to the statutory day]" in told
    assert place.json("deadlines", "X", "--as-of", "2026-02-20")["error"]["code"] == "unknown_plant"
