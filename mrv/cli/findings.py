"""`mrv findings`: the findings of a plant with their lives and remarks; remark on one."""

from pathlib import Path

import click

from mrv.cli.common import PERIOD, home_option, local_time, output_options, print_json, refuse, say
from mrv.cli.default_command import DefaultGroup
from mrv.cli.homes import now, opened
from mrv.cli.plants import require_plant
from mrv.pipeline.remarks import findings_with_remarks
from mrv.pipeline.remarks import remark as add_remark
from mrv.storage.lake import Lake
from schemas.choices import SEVERITIES
from schemas.location import sheet_and_cell

LIVES = {
    "new": ("新出现", "new"),
    "still": ("仍存在", "still there"),
    "fixed": ("已解决", "fixed"),
    "came_back": ("再次出现", "came back"),
}


@click.group("findings", cls=DefaultGroup, short_help="检查结果与备注 / findings and remarks")
def command() -> None:
    """企业的检查结果及备注；重新提交后备注仍在。Findings of a plant and remarks on them, which survive every resubmission."""


@command.command("list", short_help="列出 / list")
@click.argument("plant_id", metavar="PLANT")
@click.argument("month", required=False, type=PERIOD)
@home_option
@output_options
def list_command(plant_id: str, month: str | None, home_path: Path, as_json: bool, lang: str) -> None:
    """列出一家企业的检查结果、存续状态和备注。The findings of a plant with life and remarks."""
    with opened(home_path, lang, as_json) as (home, control):
        rows = findings_with_remarks(control, plant_id, month, Lake(home.lake))
        if not rows:
            require_plant(control, plant_id, lang, as_json)
    if as_json:
        print_json(rows)
        return
    if not rows:
        when = f" {month}" if month else ""
        say(lang, f"{plant_id}{when} 没有检查结果。", f"No findings of {plant_id}{when}.")
    for row in rows:
        zh, en = LIVES[row["life"]]
        severity = SEVERITIES[row["severity"]]
        place = sheet_and_cell(row["sheet"], row["cell"])
        head = " ".join(part for part in (row["rule"], row["period"], place) if part)
        say(
            lang,
            f"{row['id'][:12]} {severity[0]} {head} [{zh}] {row['message_zh']}",
            f"{row['id'][:12]} {severity[1]} {head} [{en}] {row['message_en']}",
        )
        for one in row["remarks"]:
            click.echo(f"    {local_time(one['at'], home)} {one['by']}: {one['text']}")


@command.command("remark", short_help="写备注 / remark on a finding")
@click.argument("finding", metavar="ID")
@click.argument("text")
@click.option("--by", required=True, help="备注人 / who remarks")
@home_option
@output_options
def remark_command(finding: str, text: str, by: str, home_path: Path, as_json: bool, lang: str) -> None:
    """给一条检查结果写备注（只增不改）。Add a remark to a finding; remarks are only ever added."""
    with opened(home_path, lang, as_json) as (_, control):
        try:
            finding_id = add_remark(control, finding, text, by, now())
        except LookupError:
            refuse(
                lang,
                as_json,
                "unknown_finding",
                f"没有编号以 {finding} 开头的唯一一条检查结果。编号见 mrv findings 企业编号。",
                f"No single finding begins with {finding}. The ids are listed by mrv findings PLANT.",
            )
        except ValueError:
            refuse(lang, as_json, "no_words", "备注没有文字，请写明内容。", "The remark has no words; say something.")
    if as_json:
        print_json({"id": finding_id, "by": by, "text": text.strip()})
    else:
        say(lang, f"已备注 {finding_id[:12]}", f"Remark added to {finding_id[:12]}")
