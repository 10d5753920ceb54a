"""`mrv workbook heat|coal FILE`: the calculation sheets that must be deposited, with live formulas."""

from pathlib import Path

import click

from mrv.accounting.heat import heat_constants
from mrv.cli.common import output_options, print_json, refuse, say
from mrv.intake import Refusal, read_file
from mrv.pipeline.batch import assemble
from mrv.reporting.calculation_sheets import coal_workbook, heat_workbook

KINDS = {"heat": ("heat_flow", "供热明细", "heat deliveries"), "coal": ("daily_coal", "每日煤量", "daily coal")}


@click.command("workbook", short_help="计算表 / calculation sheets")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到 / write to")
@output_options
def command(kind: str, file: Path, output: Path, as_json: bool, lang: str) -> None:
    """由填报文件生成供热量计算表或煤质加权计算表。The heat or coal calculation workbook of a filing."""
    read = read_file(file.name, file.read_bytes())
    if isinstance(read, Refusal):
        refuse(lang, as_json, read.code, read.message["zh"], read.message["en"])
    table, zh, en = KINDS[kind]
    rows = assemble([read]).tables.get(table)
    if rows is None or rows.empty:
        refuse(
            lang, as_json, "nothing_to_compute", f"文件中没有可用的“{zh}”数据", f"The file has no usable rows of {en}"
        )
    output.write_bytes(heat_workbook(rows, heat_constants()) if kind == "heat" else coal_workbook(rows))
    if as_json:
        print_json({"file": str(output), "rows": len(rows)})
    else:
        say(lang, f"已写入 {output}（{len(rows)} 行）", f"Written to {output} ({len(rows)} rows)")
