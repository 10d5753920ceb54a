"""`mrv deadlines`: what is due when; set an earlier internal day."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from mrv.cli.common import BLOCKED, DAY, MONTH, OK, home_option, output_options, print_json, refuse, say
from mrv.cli.default_command import DefaultGroup
from mrv.cli.homes import now, opened, today
from mrv.pipeline.calendar import DONE, DUE_SOON, LATE, OPEN, Due, NotSet, calendar, set_internal
from mrv.storage.internal_deadlines import Earlier
from schemas.choices import SECTORS

STATES = {
    "late": ("已逾期", "late"),
    "due_today": ("今天到期", "due today"),
    "due_soon": ("7 天内到期", "due within 7 days"),
    "done": ("已完成", "done"),
    "open": ("未到期", "open"),
    "passed": ("日期已过，本系统无完成记录", "over; nothing here records whether it was done"),
}
COLOURS = {"late": "red", "due_today": "yellow", "due_soon": "yellow", "done": "green"}


@click.group("deadlines", cls=DefaultGroup, short_help="期限 / deadlines")
def command() -> None:
    """月度存证和年度各环节的期限；法定期限不会变动。Deadlines; statutory days are never moved."""


@command.command("list", short_help="列出 / list")
@click.argument("plant_id", metavar="PLANT", required=False)
@click.option("--as-of", type=DAY, help="检查日期 / day of judgement")
@home_option
@output_options
def list_command(plant_id: str | None, as_of: date | None, home_path: Path, as_json: bool, lang: str) -> None:
    """每家企业、每个行业的各项期限；有逾期未存证的月份时退出状态为 1。Status 1 when a month is late."""
    with opened(home_path, lang, as_json) as (home, control):
        day = as_of or today(home)
        found = calendar(control, day, plant_id)
    if plant_id is not None and not found:
        refuse(
            lang,
            as_json,
            "unknown_plant",
            f"企业信息中没有 {plant_id}。",
            f"The register does not know {plant_id}.",
        )
    if as_json:
        print_json({"as_of": day.isoformat(), "deadlines": [_document(one, day) for one in found]})
    else:
        for one in found:
            incomplete = one.state == DONE and one.complete is False
            click.secho(_line(one, day, lang), fg="yellow" if incomplete else COLOURS.get(one.state))
    sys.exit(BLOCKED if any(one.state == LATE for one in found) else OK)


def _document(one: Due, as_of: date) -> dict[str, Any]:
    return {
        "plant_id": one.plant_id,
        "sector": one.sector,
        "step": one.step,
        "label": {"zh": one.label[0], "en": one.label[1]},
        "period": one.period,
        "day": _text(one.day),
        "days_left": (one.day - as_of).days if one.day and one.state != DONE else None,
        "internal": {"day": _text(one.internal), "reason": one.internal_reason} if one.internal else None,
        "internal_days_over": one.internal_over(as_of),
        "state": one.state,
        "complete": one.complete,
        "blocks": one.blocks,
        "done_on": _text(one.done_on),
        "late_by": one.late_by,
        "holds_from": _text(one.holds_from),
        "source": one.source,
        "certainty": one.certainty,
    }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _state(one: Due, as_of: date) -> tuple[str, str]:
    """The state in words: a month that was deposited with blocking findings is not done, an internal day that is over not near."""
    if one.state == DONE and one.complete is False:
        zh, en = (f"（{one.blocks} 项阻断）", f" ({one.blocks} blocks)") if one.blocks else ("", "")
        return f"已存证，未完成{zh}", f"deposited, incomplete{en}"
    over = one.internal_over(as_of)
    if over and one.day and one.state in (OPEN, DUE_SOON):
        left = (one.day - as_of).days
        return (
            f"内部期限已过 {over} 天，法定期限还有 {left} 天",
            f"internal day passed {over} day{'s' * (over > 1)} ago, {left} day{'s' * (left > 1)} to the statutory day",
        )
    return STATES[one.state]


def _line(one: Due, as_of: date, lang: str) -> str:
    at = 0 if lang == "zh" else 1
    words = f"{one.plant_id} {one.sector} {one.period} {one.label[at]}  {one.day or '–'}  [{_state(one, as_of)[at]}]"
    if one.done_on:
        words += f" {one.done_on}"
    if one.late_by:
        words += (f"（晚 {one.late_by} 天）", f" ({one.late_by} days late)")[at]
    if one.holds_from:
        words += (f"（方案自 {one.holds_from} 起施行）", f" (the plan holds from {one.holds_from})")[at]
    if one.internal:
        words += (
            f"  内部期限 {one.internal}：{one.internal_reason}",
            f"  internal {one.internal}: {one.internal_reason}",
        )[at]
    return words


@command.command("set", short_help="设定较早的内部期限 / set an earlier internal day")
@click.argument("plant_id", metavar="PLANT")
@click.argument("sector", type=click.Choice(list(SECTORS)))
@click.argument("month", type=MONTH)
@click.argument("day", type=DAY)
@click.option("--reason", required=True, help="原因 / why")
@click.option("--by", required=True, help="设定人 / who sets it")
@home_option
@output_options
def set_command(
    plant_id: str, sector: str, month: str, day: date, reason: str, by: str, home_path: Path, as_json: bool, lang: str
) -> None:
    """为某月存证设定早于法定期限的内部期限。Set an internal day for a month, never after the statutory one."""
    with opened(home_path, lang, as_json) as (home, control):
        try:
            set_internal(control, Earlier(plant_id, sector, month, day, reason.strip()), by, now(), today(home))
        except NotSet as fault:
            refuse(lang, as_json, fault.code, fault.zh, fault.en)
    if as_json:
        print_json(
            {"plant_id": plant_id, "sector": sector, "month": month, "day": day.isoformat(), "reason": reason.strip()}
        )
    else:
        say(lang, f"{plant_id} {month} 内部期限：{day}", f"{plant_id} {month}: internal day {day}")
