"""`mrv plan`: the data quality control plan – workbook, check, taking in a version, show, compare."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from mrv.cli.common import (
    BLOCKED,
    DAY,
    OK,
    UNREADABLE,
    home_option,
    local_time,
    output_options,
    print_json,
    refuse,
    say,
)
from mrv.cli.homes import now, opened, today
from mrv.storage.home import Home
from schemas import TABLES
from schemas.choices import SECTORS
from schemas.location import sheet_and_cell
from schemas.vocabulary import PARAMETERS, PLAN_ITEMS
from schemas.vocabulary.fuels import stream_label

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = ("method", "meter_id", "fc_source", "carbon_scheme", "frequency", "missing_data_treatment", "department")
OUTCOMES = {
    "new": ("已存证，新版本", "taken in, a new version"),
    "same": ("与已有版本内容相同，未新增", "the same bytes as the version that is there, nothing added"),
    "refused": ("未采用；文件已接收并出具回执", "not taken in; the file was received and receipted"),
}


@click.group("plan", short_help="数据质量控制方案 / the control plan")
def command() -> None:
    """数据质量控制方案：生成工作簿、检查、提交新版本、查看、比较。The data quality control plan."""


@command.command("template", short_help="生成工作簿 / the workbook")
@click.argument("sector", type=click.Choice(list(SECTORS)))
@click.option("--plant", required=True, help="企业编号 / plant id")
@click.option("--from", "begins", type=DAY, help="生效日期 / first day of the version")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="写到 / write to")
@home_option
@output_options
def template_command(
    sector: str, plant: str, begins: date | None, output: Path, home_path: Path, as_json: bool, lang: str
) -> None:
    """生成下一版本的工作簿，按附录B每部分一个工作表，由档案和现行版本预填。The workbook of the next version, prefilled."""
    from mrv.cli.plants import require_plant, require_sector
    from mrv.pipeline.plan import plan_template
    from mrv.storage.lake import Lake

    with opened(home_path, lang, as_json) as (home, control):
        first = begins or date(today(home).year + 1, 1, 1)
        own = require_plant(control, plant, lang, as_json)
        require_sector(own, plant, sector, first.isoformat()[:7], lang, as_json)
        data = plan_template(control, Lake(home.lake), plant, sector, first)
    output.write_bytes(data)
    if as_json:
        print_json({"file": str(output), "plant_id": plant, "sector": sector, "valid_from": first.isoformat()})
    else:
        say(
            lang,
            f"已写入 {output}。填好后运行：mrv plan check {output}",
            f"Written to {output}. Fill it, then: mrv plan check {output}",
        )


@command.command("check", short_help="检查 / check")
@click.argument("file", type=FILE)
@click.option(
    "--home",
    "home_path",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="TANHENG_HOME",
    help="数据目录，给出时与档案核对 / home: compare with its register",
)
@output_options
def check_command(file: Path, home_path: Path | None, as_json: bool, lang: str) -> None:
    """检查方案工作簿，逐处指出单元格；不提交。Check a plan's workbook; nothing is taken in."""
    from mrv.pipeline.plan import checked_plan

    if home_path is None:
        plan, problems = checked_plan(file.name, file.read_bytes())
    else:
        from mrv.pipeline.deposit import registers

        with opened(home_path, lang, as_json) as (_, control):
            plan, problems = checked_plan(file.name, file.read_bytes(), registers(control))
    sys.exit(_told(plan, problems, lang, as_json, {}))


@command.command("submit", short_help="提交新版本 / take in a version")
@click.argument("file", type=FILE)
@click.option("--by", required=True, help="提交人 / who submits")
@click.option("--reason", required=True, help="制定或修订原因 / reason of this version")
@click.option("--as-of", type=DAY, help="登记日期 / day from which the register knows it")
@home_option
@output_options
def submit_command(
    file: Path, by: str, reason: str, as_of: date | None, home_path: Path, as_json: bool, lang: str
) -> None:
    """提交一个新版本并打印回执。已提交的版本不再改动，只能由后面的版本接替。Take in a version and print its receipt."""
    from mrv.pipeline.plan import submit_plan
    from mrv.storage.plans import PlanFault

    with opened(home_path, lang, as_json) as (home, control):
        try:
            done = submit_plan(home, control, file.name, file.read_bytes(), now(), by, reason, as_of or today(home))
        except PlanFault as fault:
            refuse(lang, as_json, fault.code, fault.zh, fault.en, BLOCKED)
    more: dict[str, Any] = {"outcome": done.outcome, "receipt": done.receipt, "file_receipt": done.file_receipt}
    status = _told(done.plan, done.problems, lang, as_json, more)
    if not as_json:
        words = OUTCOMES[done.outcome]
        say(lang, words[0], words[1], fg="yellow" if done.outcome == "refused" else "green")
        _show_receipt(done.receipt or done.file_receipt, home, lang)
    sys.exit(status)


@command.command("show", short_help="查看 / show")
@click.argument("plant")
@click.option("--as-of", type=DAY, help="哪一天有效 / in force on this day")
@home_option
@output_options
def show_command(plant: str, as_of: date | None, home_path: Path, as_json: bool, lang: str) -> None:
    """列出全部版本和某一天有效的方案。All versions, and the plan in force on a day."""
    from mrv.pipeline.plan import plan_on, plan_versions

    with opened(home_path, lang, as_json) as (home, control):
        day = as_of or today(home)
        have = plan_versions(control, plant).to_dict("records")
        held = plan_on(control, plant, day)
    if not have:
        refuse(lang, as_json, "no_plan", f"{plant} 没有数据质量控制方案", f"{plant} has no control plan")
    if as_json:
        print_json({"plant_id": plant, "as_of": day.isoformat(), "versions": have, "in_force": held})
        sys.exit(OK)
    side = 0 if lang == "zh" else 1
    for row in have:
        number = f"{row['lines']} 行" if side == 0 else f"{row['lines']} line{'' if row['lines'] == 1 else 's'}"
        click.echo(
            f"{SECTORS[row['sector']][side]} {row['version']}  {row['valid_from']} – {row['until'] or '…'}  {number}"
        )
    if not held:
        say(lang, f"{day} 没有有效的方案", f"No plan is in force on {day}", fg="yellow")
    for one in held:
        say(lang, f"{day} 有效：{one['version']}", f"In force on {day}: {one['version']}", bold=True)
        for row in one["texts"]:
            entry = PLAN_ITEMS[row["item"]]
            click.echo(f"  {row['section']} {(entry.zh, entry.en)[side]}: {row['text']}")
        for row in one["lines"]:
            place = " ".join(text for text in (row["unit_id"], stream_label(row["stream_id"])[side]) if text)
            words = [_label(name, row[name], side) for name in SHOWN if row[name]]
            click.echo(f"  {place} {_parameter(row['parameter'], side)}: {' · '.join(words)}")


@command.command("diff", short_help="比较两个版本 / compare two versions")
@click.argument("plant")
@click.argument("first")
@click.argument("second")
@home_option
@output_options
def diff_command(plant: str, first: str, second: str, home_path: Path, as_json: bool, lang: str) -> None:
    """逐字段列出两个版本的差别。Every field in which two versions differ."""
    from mrv.pipeline.plan import plan_diff

    with opened(home_path, lang, as_json) as (_, control):
        try:
            changes = plan_diff(control, plant, first, second)
        except LookupError as missing:
            refuse(lang, as_json, "no_version", f"{plant} 没有版本 {missing}", f"{plant} has no version {missing}")
    if as_json:
        print_json(changes)
        sys.exit(OK)
    side = 0 if lang == "zh" else 1
    for one in changes:
        place = " ".join(text for text in (one["unit_id"], stream_label(one["stream_id"])[side]) if text)
        subject = f"{place} {_parameter(one['parameter'], side)}" if one["parameter"] else one["part"]
        before, after = (_label(one["field"], one[name], side) or "–" for name in ("before", "after"))
        click.echo(f"{subject} {_field(one['field'], side)}: {before} → {after}")
    if not changes:
        say(lang, "两个版本没有差别", "The versions do not differ")


def _show_receipt(receipt: dict[str, Any], home: Home, lang: str) -> None:
    """The receipt of the plan, or of the bytes alone where the plan was not taken in."""
    said = json.loads(receipt["leaf"])
    at = local_time(said["received_at"], home)
    say(lang, f"  回执编号 账本第 {receipt['index']} 条", f"  Receipt: entry {receipt['index']} of the ledger")
    say(lang, f"  文件 SHA-256 {said['file']['sha256']}", f"  File SHA-256 {said['file']['sha256']}")
    say(lang, f"  接收时间 {at}", f"  Received {at}")


def _told(plan: Any, problems: list[Any], lang: str, as_json: bool, more: dict[str, Any]) -> int:
    """Prints what a check found; returns the status."""
    from mrv.intake import Refusal
    from mrv.pipeline.documents import refusal_document
    from mrv.pipeline.plan_check import blocking

    if isinstance(plan, Refusal):
        if as_json:
            print_json({**refusal_document(plan), **more})
        else:
            click.secho(f"✗ {plan.name}: {plan.message[lang]}", fg="red")
        return UNREADABLE
    listed = [
        {
            **{name: getattr(one, name) for name in ("code", "severity", "sheet", "cell", "value")},
            "message": {"zh": one.zh, "en": one.en},
        }
        for one in problems
    ]
    if as_json:
        file = {"name": plan.name, "sha256": plan.sha256, "size": plan.size}
        counts = {"lines": len(plan.lines), "texts": len(plan.sections)}
        print_json({"file": file, "plan": plan.head, **counts, "problems": listed, **more})
    else:
        head = plan.head
        click.echo(f"{head['plant_id']} {head['version']}  {head['valid_from']} – {head['valid_to'] or '…'}")
        say(
            lang,
            f"参数 {len(plan.lines)} 行，文本 {len(plan.sections)} 项",
            f"{len(plan.lines)} lines, {len(plan.sections)} texts",
        )
        for one in listed:
            place = sheet_and_cell(one["sheet"], one["cell"])
            mark, colour = ("✗", "red") if one["severity"] == "blocks" else ("!", "yellow")
            click.secho(f"{mark} {place} {one['message'][lang]}", fg=colour)
    return BLOCKED if blocking(problems) else OK


def _parameter(name: str, side: int) -> str:
    entry = PARAMETERS.get(name)
    return name if entry is None else (entry.zh, entry.en)[side]


def _field(name: str, side: int) -> str:
    if name in PLAN_ITEMS:
        return (PLAN_ITEMS[name].zh, PLAN_ITEMS[name].en)[side]
    column = TABLES["control_plan"].by_name[name]
    return (column.zh, column.en)[side]


def _label(name: str, code: str, side: int) -> str:
    """A code of the plan by its label; any other text as it is."""
    column = TABLES["control_plan"].by_name.get(name)
    known = column is not None and code in column.choices
    return column.choice_labels[column.choices.index(code)][side] if column is not None and known else code
