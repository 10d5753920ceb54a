"""What is due when, for each plant and sector: the monthly deposits and the yearly dates of the rule set."""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from emission_factors import NoRuleSet, rule_set
from mrv.pipeline.corrections import statutory_day
from mrv.pipeline.deadlines import days_of, months_since
from mrv.pipeline.deposit import registers
from mrv.storage.control import Control
from mrv.storage.deposits import deposit_versions
from mrv.storage.finding_life import finding_lives
from mrv.storage.internal_deadlines import Earlier, internal_deadlines, put_internal_deadline
from mrv.storage.plans import CONTROL_PLAN, came_at, versions

SOON = 7  # days
DEPOSIT = "monthly_deposit"
LATE, TODAY, DUE_SOON, DONE, OPEN, PASSED = "late", "due_today", "due_soon", "done", "open", "passed"


@dataclass(frozen=True)
class Due:
    """One thing that is due.

    `period`: the month of a deposit, the report year of a yearly date. `day`: the statutory day, never moved; None for a deposit without
    one. `internal`: the earlier day the plant set itself. `state`: `late`, `due_today`, `due_soon` (within 7 days), `done`, `open`, or
    `passed` where the day is over and nothing here can know whether it was done. `done_on`: day of the first deposit, or on which the next
    control plan came, None for one that the register has from elsewhere. `holds_from`: first day of that plan. `blocks`: findings that
    keep a deposited month from being complete; None where that is not known. `complete`: None for what is not deposited.
    """

    plant_id: str
    sector: str
    step: str
    label: tuple[str, str]
    period: str
    day: date | None
    state: str
    source: str
    certainty: str
    internal: date | None = None
    internal_reason: str = ""
    done_on: date | None = None
    holds_from: date | None = None
    complete: bool | None = None
    blocks: int | None = None

    @property
    def late_by(self) -> int:
        """How many days after the statutory day it was done; 0 when in time or not done."""
        return max(0, (self.done_on - self.day).days) if self.done_on and self.day else 0

    def internal_over(self, as_of: date) -> int:
        """How many days ago the internal day passed with nothing done; 0 when it has not, or there is none."""
        return max(0, (as_of - self.internal).days) if self.internal and self.state != DONE else 0


@dataclass(frozen=True)
class Plan:
    """A version of a control plan: its first day, and the day on which it came."""

    holds_from: date
    came_on: date | None


class NotSet(ValueError):
    """An internal day that cannot be: `code` says why, `zh` and `en` say it in words."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


def calendar(control: Control, as_of: date, plant_id: str | None = None) -> list[Due]:
    """Everything due for the registered plants (or one of them) as seen on a day, ordered by plant, sector, day and step.

    Months: those a plant owes, and the one that runs. Yearly dates: of the report years before and of `as_of`. Without a record of a
    yearly step only its day is told: a date that is over is `passed`, never called late.
    """
    register = registers(control, as_of)
    plants = register["plant"]
    if plant_id is not None:
        plants = plants[plants["plant_id"] == plant_id]
    whose = list(plants[["plant_id", "sector"]].drop_duplicates().itertuples(index=False, name=None))
    with control.read() as session:
        deposits = deposit_versions(session, plants["plant_id"].unique())
        earlier = internal_deadlines(session, plants["plant_id"].unique())
        lives = finding_lives(session, plants["plant_id"].unique())
        plans = {
            (plant, sector): [
                Plan(date.fromisoformat(one["valid_from"]), _day(came_at(session, plant, sector, one["version"])))
                for one in versions(register[CONTROL_PLAN], plant, sector).to_dict("records")
            ]
            for plant, sector in whose
        }
    lives = lives[(lives["severity"] == "blocks") & (lives["status"] != "fixed")]
    found = []
    for plant, sector in whose:
        mine = deposits[(deposits["plant_id"] == plant) & (deposits["sector"] == sector)]
        stopping = lives[(lives["plant_id"] == plant) & lives["sector"].isin([sector, ""])]["period"].value_counts()
        own = earlier[(earlier["plant_id"] == plant) & (earlier["sector"] == sector)]
        found += _months(plant, sector, mine, own, stopping.to_dict(), as_of) + _years(
            plant, sector, plans[plant, sector], as_of
        )
    return sorted(found, key=lambda one: (one.plant_id, one.sector, one.day or date.max, one.step, one.period))


def _day(moment: str) -> date | None:
    return days_of([moment])[0] if moment else None


def _months(
    plant: str, sector: str, deposits: pd.DataFrame, earlier: pd.DataFrame, stopping: dict[str, int], as_of: date
) -> list[Due]:
    first: dict[str, date] = {}
    complete: dict[str, bool] = {}
    newest = set(deposits.groupby("month")["version"].max().items())
    latest: dict[str, int] = {}
    rows = zip(
        deposits["month"], deposits["version"], deposits["status"], days_of(deposits["received_at"]), strict=True
    )
    for month, version, status, on in rows:
        if on <= as_of:  # what came later is not there yet as seen on that day
            first[month] = min(on, first.get(month, on))
            if version > latest.get(month, 0):
                latest[month], complete[month] = version, status == "complete"
    set_days = earlier.set_index("month")[["day", "reason"]].to_dict("index")
    found = []
    for month in sorted({*months_since(first, as_of), *first}):
        day = statutory_day(sector, month)
        if day is None and month not in first:
            continue
        internal = date.fromisoformat(set_days[month]["day"]) if month in set_days else None
        state = DONE if month in first else _state(day, internal, as_of, LATE)
        rules = rule_set(sector, month) if day is not None else None
        # Findings are kept for the version in force; of one that was corrected since, only its status is known.
        known = month in first and (month, latest[month]) in newest
        found.append(
            Due(
                plant, sector, DEPOSIT, ("关键参数月度存证", "Monthly deposit of key parameters"), month, day, state,
                rules.source if rules else "", rules.deposit_certainty if rules else "",
                internal, set_days[month]["reason"] if month in set_days else "", first.get(month),
                complete=complete.get(month),
                blocks=stopping.get(month, 0) if known else None,
            )
        )  # fmt: skip
    return found


def _years(plant: str, sector: str, plans: list[Plan], as_of: date) -> list[Due]:
    found = []
    there = [one for one in plans if one.came_on is None or one.came_on <= as_of]
    for year in (as_of.year - 1, as_of.year):
        try:
            rules = rule_set(sector, f"{year}-12")
        except NoRuleSet:
            continue
        for entry in rules.calendar:
            day = date(year + entry.year_offset, entry.month, entry.day)
            plan = next((one for one in there if entry.step == CONTROL_PLAN and one.holds_from.year == year + 1), None)
            state = DONE if plan else _state(day, None, as_of, PASSED)
            label = (entry.zh, entry.en)
            found.append(
                Due(
                    plant,
                    sector,
                    entry.step,
                    label,
                    str(year),
                    day,
                    state,
                    entry.source,
                    entry.certainty,
                    done_on=plan.came_on if plan else None,
                    holds_from=plan.holds_from if plan else None,
                )
            )
    return found


def _state(day: date | None, internal: date | None, as_of: date, over: str) -> str:
    """Late (or passed) by the statutory day alone; what is near by the earlier of the two."""
    if day is None:
        return OPEN
    if as_of > day:
        return over
    near = min(day, internal) if internal else day
    if as_of in (day, near):
        return TODAY
    return DUE_SOON if (near - as_of).days <= SOON else OPEN


def set_internal(control: Control, earlier: Earlier, by: str, at: datetime, as_of: date) -> int:
    """Sets an earlier internal day for a month's deposit; NotSet when it has no reason, is after the statutory day, or nobody's."""
    plants = registers(control, as_of)["plant"]
    if not ((plants["plant_id"] == earlier.plant_id) & (plants["sector"] == earlier.sector)).any():
        who = f"{earlier.plant_id} {earlier.sector}"
        raise NotSet(
            "unknown_plant",
            f"企业信息中没有 {who}。请核对企业编号和行业。",
            f"The register does not know {who}. Check the plant and the sector.",
        )
    if not earlier.reason.strip():
        raise NotSet("reason_needed", "请写明设定内部期限的原因。", "Say why the internal day is set.")
    day = statutory_day(earlier.sector, earlier.month)
    if day is None:
        raise NotSet(
            "no_deadline",
            f"{earlier.sector} {earlier.month} 没有月度存证期限。",
            f"{earlier.sector} {earlier.month} has no deadline of deposit.",
        )
    if earlier.day > day:
        raise NotSet(
            "after_statutory",
            f"内部期限 {earlier.day} 晚于法定期限 {day}。法定期限不能推迟，内部期限只能提前。",
            f"{earlier.day} is after the statutory day {day}, which cannot be moved: an internal day can only be earlier.",
        )
    with control.write() as session:
        return put_internal_deadline(session, earlier, by, at)
