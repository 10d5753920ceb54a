"""`mrv factors`: look at the tables, import the oxidation rates of the national database."""

import getpass
import hashlib
import sys
from pathlib import Path

import click

from emission_factors import factors, import_oxidation
from emission_factors.table import SPECS
from mrv.cli.common import UNREADABLE, home_option, output_options, print_json, say
from mrv.cli.homes import now, opened
from mrv.storage.register import put_factors


@click.group("factors", short_help="排放因子表 / factor tables")
def command() -> None:
    """排放因子表：查看、导入。Factor tables: show and import."""


@command.command("show")
@click.argument("table", type=click.Choice(sorted(SPECS)))
@output_options
def show(table: str, as_json: bool, lang: str) -> None:
    """列出一张因子表的全部行及来源。All rows of a table with their sources."""
    rows = factors().rows(table)
    if as_json:
        names = ("id", "text", "unit", "valid_from", "valid_to", "source", "clause", "certainty", "note")
        print_json([{name: getattr(row, name) for name in names} | dict(row.columns) for row in rows])
        return
    for row in rows:
        span = f"{row.valid_from or '…'}–{row.valid_to or '…'}"
        click.echo(f"{row.id}  {row.text} {row.unit}  {span}  {row.certainty}  {row.source} {row.clause}")


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@home_option
@output_options
def take(file: Path, home_path: Path, as_json: bool, lang: str) -> None:
    """导入国家温室气体排放因子数据库的碳氧化率。Import oxidation rates of the national database."""
    imported = import_oxidation(file)
    if not imported.ok:
        faults = [
            {"line": one.line, "column": one.column, "value": one.value, "message": {"zh": one.zh, "en": one.en}}
            for one in imported.faults
        ]
        if as_json:
            print_json({"imported": 0, "errors": faults})
        else:
            for one in faults:
                click.secho(f"✗ {file.name}:{one['line']} {one['column']} {one['message'][lang]}", fg="red")  # type: ignore[index]
        sys.exit(UNREADABLE)
    with opened(home_path, lang, as_json) as (_, control), control.write() as session:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        fresh = put_factors(
            session,
            "oxidation",
            [dict(row) for row in imported.rows],
            sha256=digest,
            file_name=file.name,
            received_at=now(),
            uploader=getpass.getuser(),
        )
    if as_json:
        print_json({"imported": len(imported.rows) if fresh else 0, "known": not fresh})
    elif fresh:
        say(lang, f"已导入 {len(imported.rows)} 行碳氧化率", f"{len(imported.rows)} oxidation rates imported")
    else:
        say(lang, "此文件此前已导入，无变化", "This file was imported before; nothing changed")
