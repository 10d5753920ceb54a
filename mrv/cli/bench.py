"""`mrv bench`: the figures of docs/benchmarks.md, measured again on this machine."""

import sys
from pathlib import Path

import click

from mrv.cli.common import OK, output_options, print_json, say


@click.command("bench", short_help="性能基准 / benchmarks")
@click.argument("what", type=click.Choice(["check", "national", "ledger", "all"]))
@click.option(
    "--write", "write_to", type=click.Path(path_type=Path, dir_okay=False), help="写成 Markdown / write as Markdown"
)
@click.option(
    "--plants", type=click.IntRange(1, 100_000), default=4000, show_default=True, help="企业数 / number of plants"
)
@click.option(
    "--leaves",
    type=click.IntRange(2, 100_000_000),
    default=10_000_000,
    show_default=True,
    help="账本叶子数 / leaves of the log",
)
@click.option(
    "--seconds",
    type=click.IntRange(1, 86_400),
    default=180,
    show_default=True,
    help="上传持续秒数 / seconds of uploads",
)
@output_options
def command(what: str, write_to: Path | None, plants: int, leaves: int, seconds: int, as_json: bool, lang: str) -> None:
    """测量检查一份填报、全国一年、账本证明与回执的用时。Measure one filing, a national year, proofs and receipts of the ledger."""
    from mrv.bench.pages import lines, markdown
    from mrv.bench.runner import run

    document = run(what, plants, leaves=leaves, seconds=seconds)
    if write_to is not None:
        before = write_to.read_text(encoding="utf-8") if write_to.is_file() else ""
        write_to.write_text(markdown(document, before), encoding="utf-8")
    if as_json:
        print_json(document)
    else:
        for line in lines(document, lang):
            say(lang, line, line)
    sys.exit(OK)
