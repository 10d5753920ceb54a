"""`mrv diff`: two versions of a deposit, field by field, and what the change is worth in tonnes."""

from pathlib import Path

import click

from mrv.cli.common import MONTH, home_option, output_options, print_json, refuse
from mrv.cli.homes import opened
from mrv.pipeline.difference import NoVersion, difference
from mrv.pipeline.difference_document import difference_document, difference_lines
from schemas.choices import SECTORS


@click.command("diff", short_help="比较两个版本 / compare two versions")
@click.argument("plant_id", metavar="PLANT")
@click.argument("month", metavar="MONTH", type=MONTH)
@click.option("--sector", type=click.Choice(list(SECTORS)), help="行业 / sector, where there are several")
@click.option("--from", "first", type=click.IntRange(1), help="旧版本号 / the older version")
@click.option("--to", "second", type=click.IntRange(1), help="新版本号 / the newer version")
@home_option
@output_options
def command(
    plant_id: str,
    month: str,
    sector: str | None,
    first: int | None,
    second: int | None,
    home_path: Path,
    as_json: bool,
    lang: str,
) -> None:
    """逐字段比较某月存证的两个版本，并给出吨数影响；默认比较现行版本与其前一版。

    Compare two versions of a month field by field, with the effect in tonnes; the version in force and the one before unless told.
    """
    with opened(home_path, lang, as_json) as (home, control):
        try:
            found = difference(home, control, plant_id, month, sector or "", first, second)
        except NoVersion as fault:
            refuse(lang, as_json, fault.code, fault.zh, fault.en)
    if as_json:
        print_json(difference_document(found))
    else:
        click.echo("\n".join(difference_lines(found, lang)))
