"""`mrv report PLANT YEAR`: the annual report of one plant."""

import sys
from pathlib import Path

import click

from mrv.cli.common import home_option, output_options, print_json, refuse, say
from mrv.cli.homes import opened
from mrv.pipeline.annual import report_bytes, report_rows
from mrv.reporting.annual_workbook import annual_document


@click.command("report", short_help="年度报告 / annual report")
@click.argument("plant_id", metavar="PLANT")
@click.argument("year", type=click.IntRange(2020, 2100))
@home_option
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help=".xlsx 或/or .json")
@output_options
def command(plant_id: str, year: int, home_path: Path, output: Path | None, as_json: bool, lang: str) -> None:
    """写出一家企业的年度排放报告。Write the annual report of a plant."""
    with opened(home_path, lang, as_json) as (home, _):
        rows = report_rows(home, plant_id, str(year))
    if rows.empty:
        refuse(
            lang,
            as_json,
            "no_report",
            f"{plant_id} 没有 {year} 年度的结果；请先运行 mrv run nightly",
            f"No results for {plant_id} in {year}; run mrv run nightly first",
        )
    if as_json and output is None:
        print_json(annual_document(rows))
        sys.exit(0)
    target = output or Path(f"{plant_id}-{year}.xlsx")
    try:
        target.write_bytes(report_bytes(rows, plant_id, str(year), target.suffix.lower(), lang))
    except ValueError:
        refuse(
            lang,
            as_json,
            "no_such_form",
            f"不支持的报告格式：{target.suffix or '（无扩展名）'}。可用 .xlsx、.json",
            f"No such form of report: {target.suffix or '(no suffix)'}. Use .xlsx or .json",
        )
    if as_json:
        print_json({"file": str(target), "plant_id": plant_id, "year": year})
    else:
        say(lang, f"已写入 {target}", f"Written to {target}")
