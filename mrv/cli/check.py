"""`mrv check`: every fault at its cell, and the emissions by the rules in force."""

import sys
from datetime import date
from pathlib import Path
from typing import Literal

import click
import pandas as pd

from emission_factors import factors
from mrv.accounting.accounts import TOTAL, total_of
from mrv.cli.check_words import show_not_run, substitutions
from mrv.cli.common import DAY, files_of, given_files, output_options, refuse, say
from mrv.cli.copies import tell_copies, write_copies
from mrv.findings.words import stream_label
from mrv.pipeline.check import Checked, CheckOutcome, check
from mrv.pipeline.documents import check_document, check_status, dumps, plain
from mrv.pipeline.register_file import BadRegister, read_register
from schemas import TABLES
from schemas.choices import LEVELS, SECTORS, SEVERITIES, SOURCES
from schemas.location import sheet_and_cell

COLOURS = {"blocks": "red", "must_answer": "yellow", "note": "blue"}
# Below this many bytes text is kept as Python strings: on small frames Arrow's fixed cost per operation doubles the time of
# a check. The results are the same.
SMALL = 5_000_000
PATH = click.Path(exists=True, path_type=Path)


@click.command("check", short_help="离线检查 / check offline")
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option("--plant", "plant_file", type=PATH, help="企业信息（TOML） / plant register (TOML)")
@click.option("--history", "history_folder", type=PATH, help="往期填报目录 / folder of earlier filings")
@click.option(
    "--annotate", "annotate_to", type=click.Path(path_type=Path), help="批注后的工作簿 / annotated workbook to write"
)
@click.option("--as-of", type=DAY, help="检查日期 / day of judgement")
@output_options
def command(
    files: tuple[Path, ...],
    plant_file: Path | None,
    history_folder: Path | None,
    annotate_to: Path | None,
    as_of: date | None,
    as_json: bool,
    lang: Literal["zh", "en"],
) -> None:
    """检查填报文件：读取、校验、计算、筛查。数据不离开本机。

    Check filings: read, validate, compute, screen. Nothing leaves the machine.
    """
    history = files_of([history_folder]) if history_folder else []
    given = given_files(files, lang, as_json)
    # pandera remembers the storage it first saw: where it is loaded already, the choice is made
    if "pandera" not in sys.modules and sum(len(data) for _, data in (*given, *history)) < SMALL:
        pd.set_option("mode.string_storage", "python")
    try:
        register = read_register(plant_file.read_bytes()) if plant_file else None
    except BadRegister as fault:
        refuse(lang, as_json, "bad_register", fault.zh, fault.en)
    outcome = check(given, factors(), register, history, as_of)
    copies = None if annotate_to is None else write_copies(files, given, outcome, annotate_to, lang, as_json)
    if as_json:
        sys.stdout.write(dumps(check_document(outcome)) + "\n")
    else:
        show(outcome, lang)
    if copies is not None:
        tell_copies(copies, lang, as_json)
    sys.exit(check_status(outcome))


def show(outcome: CheckOutcome, lang: str) -> None:
    """The outcome for a person."""
    for refusal in sorted(outcome.refused, key=lambda one: (one.name, one.sha256)):
        click.secho(f"✗ {refusal.name}", fg="red", bold=True)
        click.echo(f"  {refusal.message[lang]}")
    for checked in outcome.filings:
        _show_filing(checked, lang)


def _show_filing(checked: Checked, lang: str) -> None:
    zh = lang == "zh"
    counts = checked.findings["severity"].value_counts()
    blocked = counts.get("blocks", 0) > 0
    sector = SECTORS.get(checked.sector, ("", ""))[0 if zh else 1]
    title = " · ".join(part for part in (checked.file.name, checked.plant_id, checked.month, sector) if part)
    click.secho(f"{'✗' if blocked else '✓'} {title}", fg="red" if blocked else "green", bold=True)
    for copy in checked.copies:
        say(
            lang,
            f"  {copy} 与此文件内容相同，只检查一次",
            f"  {copy} has the same content and is checked once",
            dim=True,
        )
    rows = checked.rows
    say(
        lang,
        f"  读取 {rows['read']} 行：采用 {rows['accepted']}，拒绝 {rows['refused']}，忽略 {rows['ignored']}",
        f"  {rows['read']} rows read: {rows['accepted']} accepted, {rows['refused']} refused, {rows['ignored']} ignored",
    )
    _show_understood(checked, lang)
    for row in checked.findings.to_dict("records"):
        label = SEVERITIES[row["severity"]][0 if zh else 1]
        place = sheet_and_cell(row["sheet"], row["cell"])
        tonnes = ""
        if row["impact_gap_t"] or row["impact_tco2e"]:
            name = ("缺口影响" if zh else "gap") if row["impact_gap_t"] else ("排放影响" if zh else "emission")
            tonnes = f" [{name} {row['impact_gap_t'] or row['impact_tco2e']} t]"
        head = click.style(f"  {label} {row['rule']}", fg=COLOURS[row["severity"]])
        click.echo(f"{head} {place}{tonnes}  {row[f'message_{lang}']}")
        click.echo(f"      → {row[f'fix_{lang}']}")
    _show_emissions(checked, lang)
    show_not_run(checked.not_run, lang)


def _show_understood(checked: Checked, lang: str) -> None:
    """What each sheet was taken for, and what in it was not used, before anything is made of it.

    Of our own template the sheets and columns that are there to be read are not mentioned; what an officer added to it is a
    finding of its own.
    """
    own = checked.file.template is not None
    for part in checked.file.understood:
        name = part.sheet or checked.file.name
        table = TABLES.get(part.table)
        if table is None and own:
            continue
        if table is None:
            say(lang, f"  未识别：{name}", f"  Not recognised: {name}", dim=True)
            continue
        unused = "" if own else ("、" if lang == "zh" else ", ").join(part.ignored)
        say(
            lang,
            f"  识别：{name} → {table.zh}（表头第 {part.header_row} 行，{len(part.columns)} 列"
            + (f"；未使用的列：{unused}）" if unused else "）"),
            f"  Understood: {name} → {table.en} (header in row {part.header_row}, {len(part.columns)} columns"
            + (f"; not used: {unused})" if unused else ")"),
            dim=True,
        )


def _show_emissions(checked: Checked, lang: str) -> None:
    for line in checked.lines.to_dict("records"):
        stream = getattr(stream_label(line["stream_id"]), lang) or SOURCES[line["source"]][0 if lang == "zh" else 1]
        note = substitutions(line, lang)
        if line["level"] != TOTAL:
            note += f"（{LEVELS[line['level']][0]}）" if lang == "zh" else f" ({LEVELS[line['level']][1]})"
        gas = "" if line["gas"] == "CO2" else f" {line['gas']}"
        click.echo(f"    {line['unit_id']} {stream}{gas}  {plain(line['tco2']) or '—'} tCO₂e{note}")
    total = total_of(checked.lines)
    if len(checked.lines):
        say(lang, f"  本月排放 {plain(total)} tCO₂e", f"  Emissions of the month {plain(total)} tCO₂e", bold=True)
