"""`mrv report PLANT YEAR`: the annual report of one plant, or one for each of its sectors."""

import os
import sys
from pathlib import Path

import click
import pandas as pd

from mrv.cli.common import home_option, output_options, print_json, refuse, say
from mrv.cli.homes import opened
from mrv.pipeline.annual import by_sector, report_bytes, report_rows
from mrv.reporting.annual_workbook import annual_document
from schemas.choices import SECTORS


@click.command("report", short_help="年度报告 / annual report")
@click.argument("plant_id", metavar="PLANT")
@click.argument("year", type=click.IntRange(2020, 2100))
@home_option
@click.option("-o", "--output", type=click.Path(), help=".xlsx、.json 或文件夹 / .xlsx, .json or a folder")
@click.option(
    "--sector", type=click.Choice(list(SECTORS)), help="多行业企业的一个行业 / one sector of a plant of several"
)
@output_options
def command(
    plant_id: str, year: int, home_path: Path, output: str | None, sector: str | None, as_json: bool, lang: str
) -> None:
    """写出一家企业的年度排放报告。Write the annual report of a plant."""
    with opened(home_path, lang, as_json) as (home, _):
        reports = by_sector(report_rows(home, plant_id, str(year)))
    if not reports:
        refuse(
            lang,
            as_json,
            "no_report",
            f"{plant_id} 没有 {year} 年度的结果；请先运行 mrv run nightly",
            f"No results for {plant_id} in {year}; run mrv run nightly first",
        )
    chosen = {name: rows for name, rows in reports.items() if sector in (None, name)}
    if not chosen:
        zh, en = _names(reports)
        refuse(
            lang,
            as_json,
            "no_report",
            f"{plant_id} 在 {year} 年度没有{SECTORS[str(sector)][0]}行业的结果，只有：{zh}",
            f"No results of the sector {sector} for {plant_id} in {year}, only of: {en}",
        )
    if as_json and output is None:
        documents = [annual_document(rows) for rows in chosen.values()]
        print_json(documents if len(documents) > 1 else documents[0])
        sys.exit(0)
    folder = output is not None and (output.endswith(("/", os.sep)) or Path(output).is_dir())
    if len(chosen) > 1 and not folder:
        zh, en = _names(chosen)
        refuse(
            lang,
            as_json,
            "several_sectors",
            f"{plant_id} 有多个行业的报告：{zh}。请用 --sector 选择一个，或用 -o 给出一个文件夹，各行业各写一份",
            f"{plant_id} has reports of several sectors: {en}. Choose one with --sector, or name a folder with -o for one file each",
        )
    if folder:
        _write_folder(Path(str(output)), chosen, len(reports) > 1, plant_id, year, as_json, lang)
    else:
        _write_file(output, next(iter(chosen.items())), len(reports) > 1, plant_id, year, as_json, lang)


def _names(reports: dict[str, pd.DataFrame]) -> tuple[str, str]:
    """The sectors in words, each with its code, in Chinese and English."""
    return "、".join(f"{SECTORS[name][0]}（{name}）" for name in reports), ", ".join(reports)


def _name(plant_id: str, sector: str, year: int, several: bool) -> str:
    return f"{plant_id}-{sector}-{year}.xlsx" if several else f"{plant_id}-{year}.xlsx"


def _write_folder(
    folder: Path, chosen: dict[str, pd.DataFrame], several: bool, plant_id: str, year: int, as_json: bool, lang: str
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for sector, rows in chosen.items():
        target = folder / _name(plant_id, sector, year, several)
        target.write_bytes(report_bytes(rows, plant_id, str(year), ".xlsx", lang))
        written.append({"file": str(target), "sector": sector})
    if as_json:
        print_json({"files": written, "plant_id": plant_id, "year": year})
        return
    for one in written:
        say(lang, f"已写入 {one['file']}", f"Written to {one['file']}")


def _write_file(
    output: str | None,
    report: tuple[str, pd.DataFrame],
    several: bool,
    plant_id: str,
    year: int,
    as_json: bool,
    lang: str,
) -> None:
    sector, rows = report
    target = Path(output or _name(plant_id, sector, year, several))
    try:
        content = report_bytes(rows, plant_id, str(year), target.suffix.lower(), lang)
    except ValueError:
        refuse(
            lang,
            as_json,
            "no_such_form",
            f"不支持的报告格式：{target.suffix or '（无扩展名）'}。可用 .xlsx、.json，或以 / 结尾的文件夹",
            f"No such form of report: {target.suffix or '(no suffix)'}. Use .xlsx or .json, or a folder with / at its end",
        )
    target.write_bytes(content)
    if as_json:
        print_json({"file": str(target), "plant_id": plant_id, "year": year})
    else:
        say(lang, f"已写入 {target}", f"Written to {target}")
