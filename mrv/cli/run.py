"""`mrv run nightly|annual`: the pipeline in this process, no server needed."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from mrv.cli.common import BLOCKED, DAY, OK, home_option, output_options, print_json, say
from mrv.cli.homes import now, opened, today
from mrv.pipeline.annual import annual
from mrv.pipeline.nightly import NightlyOutcome, nightly

# The steps of which the night tells, with their counts.
STEPS = {
    "inbox": (
        "收件箱：存证 {deposits} 份，拒收 {refused} 份，留待下次 {waiting} 份",
        "inbox: {deposits} deposited, {refused} refused, {waiting} left for the next night",
    ),
    "batches": (
        "企业 {plants} 家，需要重算 {changed} 家，分 {batches} 批",
        "{plants} plants, {changed} to be computed in {batches} batches",
    ),
    "batch": (
        "第 {number}/{of} 批：完成 {plants} 家，失败 {failed} 家",
        "batch {number} of {of}: {plants} plants done, {failed} failed",
    ),
    "published": ("已发布 {tables} 张表，共 {rows} 行", "published {tables} tables of {rows} rows"),
}


@click.command("run", short_help="运行流程 / run the pipeline")
@click.argument("what", type=click.Choice(["nightly", "annual"]))
@home_option
@click.option("--year", type=click.IntRange(2020, 2100), help="报告年度 / report year")
@click.option("--as-of", type=DAY, help="检查日期 / day of judgement")
@click.option("--all", "everything", is_flag=True, help="全部重算 / recompute every plant")
@output_options
def command(
    what: str, home_path: Path, year: int | None, as_of: date | None, everything: bool, as_json: bool, lang: str
) -> None:
    """运行夜间流程或年度报告。Run the night, or write the annual reports."""

    def tell(step: str, facts: dict[str, Any]) -> None:
        if not as_json:
            click.secho(progress(step, facts, lang), dim=True, err=True)

    with opened(home_path, lang, as_json) as (home, control):
        day = as_of or today(home)
        if what == "annual":
            written = annual(home, str(year or day.year - 1))
            names = [str(path) for path in written]
            print_json({"reports": names}) if as_json else say(
                lang, f"已生成 {len(names)} 份年度报告", f"{len(names)} annual reports written"
            )
            sys.exit(OK)
        outcome = nightly(home, control, day, now, map, tell, everything)
    if as_json:
        print_json(document(outcome))
    else:
        show(outcome, lang)
    sys.exit(status(outcome))


def progress(step: str, facts: dict[str, Any], lang: str) -> str:
    """A step of the night in words."""
    if step == "published":
        facts = {"tables": len(facts["tables"]), "rows": sum(facts["tables"].values())}
    words = STEPS[step][0 if lang == "zh" else 1]
    return words.format(**facts)


def status(outcome: NightlyOutcome) -> int:
    """1 when a finding blocks, an input was refused or a plant failed, else 0."""
    blocked = (outcome.findings["severity"] == "blocks").any()
    return BLOCKED if blocked or outcome.failures or outcome.inbox.stopped else OK


def _refused(outcome: NightlyOutcome) -> list[str]:
    """Names of the files that went to `refused`, in whole or for one of their filings."""
    return list(dict.fromkeys(one.name for one in outcome.inbox.stopped))


def document(outcome: NightlyOutcome) -> dict[str, Any]:
    """The run as JSON."""
    return {
        "run_id": outcome.run_id,
        "status": outcome.status,
        "inbox": {"deposits": len(outcome.inbox.submissions), "refused": _refused(outcome)},
        "plants": outcome.plants,
        "recomputed": outcome.recomputed,
        "failures": outcome.failures,
        "findings": {str(name): int(count) for name, count in outcome.findings["severity"].value_counts().items()},
        "timestamp": outcome.facts["timestamp"],
        "published": {name: table.rows for name, table in outcome.manifest.tables.items()},
    }


def show(outcome: NightlyOutcome, lang: str) -> None:
    """The run for a person."""
    counts = outcome.findings["severity"].value_counts()
    say(
        lang,
        f"运行 {outcome.run_id}：存证 {len(outcome.inbox.submissions)} 份，拒收 {len(_refused(outcome))} 份；"
        f"企业 {outcome.plants} 家，重算 {outcome.recomputed} 家，失败 {len(outcome.failures)} 家",
        f"Run {outcome.run_id}: {len(outcome.inbox.submissions)} deposits, {len(_refused(outcome))} refused; "
        f"{outcome.plants} plants, {outcome.recomputed} recomputed, {len(outcome.failures)} failed",
    )
    say(
        lang,
        f"检查结果：阻断 {counts.get('blocks', 0)}，须说明 {counts.get('must_answer', 0)}，提示 {counts.get('note', 0)}",
        f"Findings: {counts.get('blocks', 0)} block, {counts.get('must_answer', 0)} must be answered, {counts.get('note', 0)} notes",
    )
    stamped = outcome.facts["timestamp"]
    if stamped["state"] == "failed":
        missing = stamped["leaves"] - stamped["covered"]
        say(
            lang,
            f"! 时间戳机构未应答，{missing} 条尚无时间戳：{stamped['error']}",
            f"! The time-stamping authority did not answer, {missing} leaves without a time-stamp: {stamped['error']}",
            fg="yellow",
        )
    for plant, reason in sorted(outcome.failures.items()):
        say(lang, f"✗ {plant} 计算失败：{reason}", f"✗ {plant} failed: {reason}", fg="red")
