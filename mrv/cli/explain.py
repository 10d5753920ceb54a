"""`mrv explain`: a tonne → formula → inputs → factor row and clause → sheet and cell → file hash."""

from pathlib import Path

import click

from mrv.accounting.explain import explain_text
from mrv.cli.common import home_option, output_options, print_json, refuse
from mrv.cli.homes import opened
from mrv.pipeline.trace import trace


@click.command("explain", short_help="追溯 / trace a number")
@click.argument("plant_id", metavar="PLANT")
@click.argument("period", metavar="PERIOD")
@click.argument("item", required=False)
@home_option
@output_options
def command(plant_id: str, period: str, item: str | None, home_path: Path, as_json: bool, lang: str) -> None:
    """追溯一个月（YYYY-MM）或一年（YYYY）的排放量；ITEM 可为机组、机组/燃料、参数名或 allowance。

    Trace the emissions of a month or a year; ITEM is a unit, unit/stream, a parameter name or `allowance`.
    """
    if len(period) not in (4, 7) or not period.replace("-", "").isdigit():
        refuse(
            lang,
            as_json,
            "bad_period",
            f"期间应写作 YYYY 或 YYYY-MM：{period}",
            f"A period is YYYY or YYYY-MM: {period}",
        )
    with opened(home_path, lang, as_json) as (home, control):
        try:
            document = trace(home, control, plant_id, period, item)
        except LookupError as fault:
            refuse(lang, as_json, "unknown_item", f"没有找到：{fault}", f"Not found: {fault}")
    if document is None:
        refuse(
            lang,
            as_json,
            "nothing_deposited",
            f"{plant_id} 在 {period} 没有存证数据",
            f"{plant_id} has deposited nothing for {period}",
        )
    if as_json:
        print_json(document)
    else:
        click.echo(explain_text(document, lang))
