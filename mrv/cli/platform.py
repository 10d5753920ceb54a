"""`mrv platform`: what the national platform said of a version, and whether its values are those deposited here."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from mrv.cli.common import (
    BLOCKED,
    MONTH,
    OK,
    UNREADABLE,
    BadValue,
    home_option,
    local_time,
    output_options,
    print_json,
    refuse,
    say,
)
from mrv.cli.homes import now, opened
from mrv.intake import Refusal
from mrv.pipeline.documents import plain, refusal_document
from mrv.pipeline.platform import SAME, BadRow, Compared, Comparison, compare, platform_history, record_platform
from mrv.storage.platform_records import STATUSES, Said
from schemas.vocabulary import PARAMETERS, UNIT_LABELS
from schemas.vocabulary.fuels import stream_label

WORDS = {
    "submitted": ("已提交", "submitted"),
    "returned": ("已退回", "returned"),
    "accepted": ("已接受", "accepted"),
}
VERDICTS = {
    "same": ("一致", "same"),
    "differs": ("不一致", "differs"),
    "only_here": ("仅本系统有", "only here"),
    "only_there": ("仅平台有", "only there"),
    "unreadable": ("平台值无法读取", "unreadable there"),
}


class Moment(click.ParamType):
    """A moment in ISO 8601, or a day; without a zone it is that of the home."""

    name = "ISO 8601"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            zh, en = f"{value!r} 不是日期或时刻", f"{value!r} is neither a day nor a moment"
            raise BadValue(zh, en, param, ctx) from None


@click.group("platform", short_help="全国平台 / the national platform")
def command() -> None:
    """登记、查看全国碳市场管理平台的处理结果，比较两边数值；本系统不代替平台。The platform stays the statutory place."""


@command.command("record", short_help="登记 / record")
@click.argument("deposit", metavar="DEPOSIT_ID")
@click.option("--number", required=True, help="平台编号或退回文号 / number of the platform")
@click.option("--status", type=click.Choice(list(STATUSES)), required=True, help="状态 / status")
@click.option("--at", "at", type=Moment(), required=True, help="平台处理时间 / when")
@click.option("--by", required=True, help="登记人 / who records it")
@click.option("--note", default="", help="说明 / note")
@home_option
@output_options
def record_command(
    deposit: str, number: str, status: str, at: datetime, by: str, note: str, home_path: Path, as_json: bool, lang: str
) -> None:
    """登记平台对某次存证的处理（只增不改）；登记退回后，期限之后也可以更正。Record what the platform said of a deposit."""
    moment = now()
    with opened(home_path, lang, as_json) as (home, control):
        at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(home.settings.timezone))
        if at > moment:
            refuse(
                lang,
                as_json,
                "future",
                f"处理时间 {local_time(at, home)} 还没有到。",
                f"{local_time(at, home)} has not come yet.",
            )
        if not number.strip():
            refuse(lang, as_json, "no_number", "请写明平台编号或退回文号。", "Name the platform's number.")
        try:
            deposit_id, row = record_platform(control, deposit, Said(number.strip(), status, at, note), by, moment)
        except LookupError:
            refuse(
                lang,
                as_json,
                "unknown_deposit",
                f"没有回执编号以 {deposit} 开头的唯一一次存证。请核对回执编号。",
                f"No single deposit begins with {deposit}. Check the id on the receipt.",
            )
    if as_json:
        print_json({"deposit_id": deposit_id, "number": row, "platform_number": number.strip(), "status": status})
    else:
        say(
            lang,
            f"已登记 {deposit_id[:12]} 第 {row} 条：{WORDS[status][0]} {number.strip()}",
            f"Recorded {deposit_id[:12]} no. {row}: {WORDS[status][1]} {number.strip()}",
        )


@command.command("show", short_help="查看 / show")
@click.argument("plant_id", metavar="PLANT")
@click.argument("month", required=False, type=MONTH)
@home_option
@output_options
def show_command(plant_id: str, month: str | None, home_path: Path, as_json: bool, lang: str) -> None:
    """某企业各版本存证在平台上的处理情况。What the platform said of each version."""
    with opened(home_path, lang, as_json) as (home, control):
        rows = platform_history(control, plant_id, month)
    if not rows:
        refuse(
            lang,
            as_json,
            "nothing_deposited",
            f"{plant_id} 没有存证。请核对企业编号和月份。",
            f"{plant_id} has deposited nothing. Check the plant and the month.",
        )
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['month']} {row['sector']} v{row['version']} {row['id'][:12]}")
        if not row["records"]:
            say(lang, "    平台：未登记", "    platform: nothing recorded")
        for one in row["records"]:
            click.echo(
                f"    {local_time(one['at'], home)} {WORDS[one['status']][0 if lang == 'zh' else 1]} {one['platform_number']} "
                f"({one['recorded_by']}) {one['note']}".rstrip()
            )


@command.command("compare", short_help="比较数值 / compare values")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@home_option
@output_options
def compare_command(file: Path, home_path: Path, as_json: bool, lang: str) -> None:
    """把平台导出的 CSV 与现行版本逐值比较，有任何不一致退出状态为 1。Compare an export with the version in force."""
    with opened(home_path, lang, as_json) as (home, control):
        found = compare(home, control, file.name, file.read_bytes())
    if isinstance(found, Refusal):
        if as_json:
            print_json(refusal_document(found))
        else:
            click.secho(f"✗ {found.name}: {found.message[lang]}", fg="red", err=True)
        sys.exit(UNREADABLE)
    if as_json:
        print_json(
            {
                "agrees": found.agrees,
                "refused": len(found.refused),
                "refused_rows": [_row_document(one) for one in found.refused],
                "values": [_document(one) for one in found.values],
            }
        )
    else:
        _show(found, lang)
    sys.exit(OK if found.agrees else BLOCKED)


def _document(one: Compared) -> dict[str, Any]:
    def side(pair: tuple[str, str] | None, place: tuple[str, str]) -> dict[str, str | None] | None:
        if pair is None:
            return None
        return {"value": pair[0], "unit": pair[1], "sheet": place[0] or None, "cell": place[1] or None}

    return {
        "verdict": one.verdict,
        **one.key,
        "here": side(one.here, one.here_place),
        "there": side(one.there, one.there_place),
        "difference": plain(one.difference),
    }


def _row_document(one: BadRow) -> dict[str, Any]:
    reasons = [{"cell": cell, "message": {"zh": zh, "en": en}} for cell, zh, en in one.reasons]
    return {"sheet": one.sheet or None, "row": one.row, "reasons": reasons}


def _amount(pair: tuple[str, str] | None) -> str:
    return f"{pair[0]} {UNIT_LABELS.get(pair[1], pair[1])}".strip() if pair else "–"


def _apart(one: Compared, lang: str) -> str:
    """The difference with its unit, where both sides are numbers of one unit."""
    if one.difference is None or one.here is None:
        return ""
    amount = _amount((f"{one.difference:+f}", one.here[1]))
    return f"，相差 {amount}" if lang == "zh" else f", {amount} apart"


def _show(found: Comparison, lang: str) -> None:
    at = 0 if lang == "zh" else 1
    for one in found.values:
        if one.verdict == SAME:
            continue
        parameter = PARAMETERS.get(one.key["parameter"])
        label = one.key["parameter"] if parameter is None else (parameter.zh, parameter.en)[at]
        names = [one.key[name] for name in ("plant_id", "month", "unit_id")]
        who = " ".join(text for text in (*names, stream_label(one.key["stream_id"])[at]) if text)
        here, there = (_amount(pair) for pair in (one.here, one.there))
        tail = _apart(one, lang)
        click.secho(
            (f"✗ [{VERDICTS[one.verdict][0]}] {who} {label}：本系统 {here}，平台 {there}{tail}",
             f"✗ [{VERDICTS[one.verdict][1]}] {who} {label}: here {here}, platform {there}{tail}")[at], fg="red"
        )  # fmt: skip
    if found.refused:
        many = len(found.refused)
        say(lang, f"✗ 平台文件有 {many} 行无法读取：", f"✗ {many} rows of the export cannot be read:", fg="red")
    for row in found.refused:
        sheet = f"{row.sheet}!" if row.sheet else ""
        why = " ".join(f"{cell} {(zh, en)[at]}" for cell, zh, en in row.reasons)
        say(lang, f"    {sheet}第 {row.row} 行：{why}", f"    {sheet}row {row.row}: {why}", fg="red")
    same = sum(one.verdict == SAME for one in found.values)
    say(lang, f"一致 {same}，其他 {len(found.values) - same}", f"{same} the same, {len(found.values) - same} not")
