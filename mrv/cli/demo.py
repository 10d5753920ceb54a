"""`mrv demo`: builds a demonstration home, runs the night through Prefect, and says what was found."""

import shlex
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from mrv.cli.common import BLOCKED, DAY, OK, output_options, print_json, refuse, say
from schemas.choices import SECTORS

AS_OF = date(2026, 10, 15)
YEAR = 2025  # the last report year that has ended by then
SEVERITIES = {
    "blocks": ("阻断", "block"),
    "must_answer": ("须说明", "must be answered"),
    "note": ("提示", "for information"),
}


@click.command("demo", short_help="演示 / demonstration")
@click.option(
    "--home",
    "home_path",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-home"),
    show_default=True,
    help="演示目录 / home directory",
)
@click.option("--as-of", type=DAY, default=AS_OF, show_default=True, help="检查日期 / day of judgement")
@click.option("--fresh", is_flag=True, help="重建已有的演示目录 / rebuild a demonstration home")
@output_options
def command(home_path: Path, as_of: date, fresh: bool, as_json: bool, lang: str) -> None:
    """建立演示目录（四个行业的虚构企业），运行夜间流程，列出发现的问题。

    Build a home with invented plants of all four sectors, run the night, and list what was found.
    """
    from flows.environment import prepare
    from mrv.pipeline import demo_home

    _make_way(home_path, fresh, as_json, lang)
    prepare(home_path, log_level="WARNING")
    with step(
        lang,
        as_json,
        "生成四个行业虚构企业 21 个月的填报并存证",
        "Making and depositing 21 months of invented plants of four sectors",
    ):
        planted = demo_home.build(home_path, as_of)
    with step(lang, as_json, "启动 Prefect，运行夜间流程", "Starting Prefect and running the night"):
        from flows.nightly import nightly_flow

        state: Any = nightly_flow(str(home_path), as_of, return_state=True)
        night = state.result()
    with step(lang, as_json, f"生成 {YEAR} 年度排放报告", f"Writing the annual reports of {YEAR}"):
        from flows.annual import annual_flow

        reports = annual_flow(str(home_path), YEAR)
    demo_home.finish(home_path, as_of, planted)
    findings = demo_home.published_findings(home_path)
    found = demo_home.recognised(findings, planted)
    document = {
        "home": str(home_path.absolute()),
        "as_of": as_of.isoformat(),
        "run_id": night["run_id"],
        "status": night["status"],
        "plants": night["plants"],
        "findings": night["findings"],
        "failures": night["failures"],
        "planted": [{**vars(fault), "found": there} for fault, there in zip(planted, found, strict=True)],
        "sectors": demo_home.by_sector(home_path, planted, found),
        "clean": {
            plant: int(((findings["plant_id"] == plant) & (findings["severity"] == "blocks")).sum())
            for plant in demo_home.clean_plants(home_path, planted)
        },
        "reports": reports,
        "database": str(home_path.absolute() / "published" / "mrv.duckdb"),
    }
    if as_json:
        print_json(document)
    else:
        show(document, home_path, lang)
    sys.exit(status(document))


def status(document: dict[str, Any]) -> int:
    """0 when every planted fault was found, no clean plant is blocked and no plant failed, else 1."""
    found = all(fault["found"] for fault in document["planted"])
    return OK if found and not any(document["clean"].values()) and not document["failures"] else BLOCKED


@contextmanager
def step(lang: str, quiet: bool, zh: str, en: str) -> Iterator[None]:
    """A line for a step that takes a while: turning on a terminal, and with its time once it is done."""
    console = Console(stderr=True, quiet=quiet, highlight=False)
    words = zh if lang == "zh" else en
    begun = time.monotonic()
    if console.is_terminal:
        with console.status(words):
            yield
    else:
        console.print(f"… {words}")
        yield
    console.print(f"✓ {words}  [dim]{time.monotonic() - begun:.0f} s[/dim]")


def show(document: dict[str, Any], home: Path, lang: str) -> None:
    """The demonstration for a person."""
    counts = document["findings"]
    zh = lang == "zh"
    click.echo()
    say(
        lang,
        f"检查了 {document['plants']} 家企业（截至 {document['as_of']}），发现问题 {sum(counts.values())} 项："
        + "，".join(f"{SEVERITIES[name][0]} {count}" for name, count in counts.items()),
        f"{document['plants']} plants judged as of {document['as_of']}, {sum(counts.values())} findings: "
        + ", ".join(f"{count} {SEVERITIES[name][1]}" for name, count in counts.items()),
        bold=True,
    )
    for plant, reason in document["failures"].items():
        say(lang, f"✗ {plant} 计算失败：{reason}", f"✗ {plant} failed: {reason}", fg="red")
    _show_sectors(document["sectors"], lang)
    planted = document["planted"]
    found = sum(fault["found"] for fault in planted)
    click.echo()
    say(
        lang,
        f"事先埋入的 {len(planted)} 处差错，规则找到 {found} 处：",
        f"{len(planted)} faults were planted beforehand; the rules found {found}:",
    )
    for fault in planted:
        mark = click.style("✓", fg="green") if fault["found"] else click.style("✗", fg="red", bold=True)
        click.echo(f"  {mark} {fault['plant_id']} {fault['month']} {fault['rule']:<7} {fault['zh' if zh else 'en']}")
    for plant, blocking in document["clean"].items():
        mark = click.style("✗" if blocking else "✓", fg="red" if blocking else "green")
        words = (
            f"{plant} 未埋差错，阻断问题 {blocking} 项",
            f"{plant} has no planted fault: {blocking} blocking findings",
        )
        click.echo(f"  {mark} {words[0 if zh else 1]}")
    _show_next(document, home, lang)


def _show_sectors(sectors: list[dict[str, Any]], lang: str) -> None:
    """One line a sector: plants, filings, emission, and what became of its planted faults."""
    for row in sectors:
        tonnes = f"{Decimal(row['tco2e']):,.2f}"
        zh, en = SECTORS[row["sector"]]
        say(
            lang,
            f"  {zh}：企业 {row['plants']} 家，填报 {row['months']} 份，排放量 {tonnes} tCO2e，差错找到 {row['found']}/{row['planted']}",
            f"  {en}: {row['plants']} plants, {row['months']} filings, {tonnes} tCO2e, "
            f"{row['found']} of {row['planted']} faults found",
        )


def _show_next(document: dict[str, Any], home: Path, lang: str) -> None:
    """Where everything is, and what to try next."""
    folder = Path(document["reports"][0]).parent if document["reports"] else home
    click.echo()
    say(
        lang,
        f"年度报告  {folder}（{len(document['reports'])} 份文件）",
        f"Reports   {folder} ({len(document['reports'])} files)",
    )
    say(lang, f"数据库    {document['database']}", f"Database  {document['database']}")
    look(home, lang)


def look(home: Path, lang: str) -> None:
    """Commands to try on a demonstration home."""
    at, name = shlex.quote(str(home)), _callable()
    click.echo()
    say(lang, "接下来可以试：", "To try next:")
    for command_line, zh, en in (
        (f"{name} explain DEMO01 2026-07 --home {at}", "一个月的排放量从哪里来", "where a month's tonnes come from"),
        (
            f"{name} report DEMO04 {YEAR} --home {at} -o DEMO04.xlsx",
            "一家企业的年度报告",
            "the annual report of a plant",
        ),
        (
            f"{name} template power --plant DEMO01 --month 2026-10 --home {at} -o 10.xlsx",
            "下月的填报工作簿",
            "next month's workbook",
        ),
        (f"{name} rules PHY-16", "一条规则的依据", "what a rule rests on"),
        (f"{name} serve --home {at}", "每夜定时运行", "every night on schedule"),
    ):
        click.echo(f"  {command_line}")
        click.secho(f"      {zh if lang == 'zh' else en}", dim=True)


def _callable() -> str:
    """How the shell finds the command: by its name, or, outside the virtual environment, by where it lies."""
    if shutil.which("mrv"):
        return "mrv"
    place = Path(sys.executable).parent / "mrv"
    here = Path.cwd()
    return shlex.quote(str(place.relative_to(here) if place.is_relative_to(here) else place))


def _make_way(home: Path, fresh: bool, as_json: bool, lang: str) -> None:
    """Leaves the way free for a new demonstration, or ends the command in words."""
    from mrv.pipeline import demo_home

    if not home.exists() or not any(home.iterdir()):
        return
    mark = demo_home.mark_of(home)
    again = f"{_callable()} demo --home {shlex.quote(str(home))} --fresh"
    if mark is None:
        refuse(
            lang,
            as_json,
            "not_empty",
            f"{home} 不是空目录，也不是演示目录；为免覆盖，请用 --home 另选一个目录",
            f"{home} is neither empty nor a demonstration home; choose another directory with --home",
        )
    if fresh:
        demo_home.remove(home)
        return
    if not mark["finished"]:
        refuse(
            lang,
            as_json,
            "unfinished",
            f"{home} 中的演示上次没有完成。重建：{again}",
            f"The demonstration in {home} was not finished. To rebuild it: {again}",
        )
    if as_json:
        print_json({"home": str(home.absolute()), "as_of": mark["as_of"], "finished": True})
    else:
        say(
            lang,
            f"{home} 中的演示已建好（截至 {mark['as_of']}）。重建：{again}",
            f"The demonstration in {home} is ready (as of {mark['as_of']}). To rebuild it: {again}",
        )
        look(home, lang)
    sys.exit(OK)
