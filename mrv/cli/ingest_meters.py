"""`mrv ingest-meters`: take meter readings."""

import getpass
import sys
from pathlib import Path

import click

from mrv.cli.common import BLOCKED, OK, UNREADABLE, given_files, home_option, output_options, print_json, say
from mrv.cli.homes import now, opened
from mrv.pipeline.documents import refusal_document
from mrv.pipeline.meter_files import ingest_meters


@click.command("ingest-meters", short_help="导入表计读数 / take meter readings")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@home_option
@output_options
def command(files: tuple[Path, ...], home_path: Path, as_json: bool, lang: str) -> None:
    """导入表计读数（CSV 或 Parquet）。同一文件重复导入不产生变化。

    Take meter readings (CSV or Parquet). The same file again changes nothing.
    """
    given = given_files(files, lang, as_json)
    with opened(home_path, lang, as_json) as (home, control):
        outcome = ingest_meters(home, control, given, now(), getpass.getuser())
    strange = [name for (name, _), took in zip(given, outcome.taken, strict=True) if not took]
    if as_json:
        print_json(
            {
                "files": [{"name": name, "taken": took} for (name, _), took in zip(given, outcome.taken, strict=True)],
                "rows": outcome.rows,
                "known": outcome.known,
                "errors": [refusal_document(refusal) for refusal in outcome.refused],
            }
        )
    else:
        rows = outcome.rows
        say(
            lang,
            f"读取 {rows['read']} 条读数：采用 {rows['accepted']}，拒绝 {rows['refused']}，忽略 {rows['ignored']}；{outcome.known} 个文件此前已导入",
            f"{rows['read']} readings: {rows['accepted']} accepted, {rows['refused']} refused, {rows['ignored']} ignored; {outcome.known} files were known",
        )
        for name in strange:
            say(lang, f"✗ {name}：不是表计读数文件", f"✗ {name}: not a file of meter readings", fg="red")
    sys.exit(UNREADABLE if strange else BLOCKED if outcome.rows["refused"] else OK)
