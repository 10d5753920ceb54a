"""`mrv bench`: the figures of docs/benchmarks.md, measured again on this machine."""

import sys
from pathlib import Path

import click

from mrv.cli.common import OK, output_options, print_json, say


@click.command("bench", short_help="性能基准 / benchmarks")
@click.argument("what", type=click.Choice(["check", "national", "all"]))
@click.option(
    "--write", "write_to", type=click.Path(path_type=Path, dir_okay=False), help="写成 Markdown / write as Markdown"
)
@click.option(
    "--plants", type=click.IntRange(1, 100_000), default=4000, show_default=True, help="企业数 / number of plants"
)
@output_options
def command(what: str, write_to: Path | None, plants: int, as_json: bool, lang: str) -> None:
    """测量检查一份填报与全国一年的用时，并与常规做法比较。Measure one filing and a national year against the usual ways."""
    from mrv.bench.pages import lines, markdown
    from mrv.bench.runner import run

    document = run(what, plants)
    if write_to is not None:
        write_to.write_text(markdown(document), encoding="utf-8")
    if as_json:
        print_json(document)
    else:
        for line in lines(document, lang):
            say(lang, line, line)
    sys.exit(OK)
