"""`mrv submit`: deposit files and print the receipt."""

import getpass
import sys
from datetime import date
from pathlib import Path

import click

from mrv.cli.common import BLOCKED, DAY, OK, UNREADABLE, files_of, home_option, output_options, print_json, say
from mrv.cli.homes import now, opened, today
from mrv.pipeline.deposit import SubmitOutcome, blocked, submit
from mrv.pipeline.documents import refusal_document
from mrv.pipeline.timestamps import stamp
from mrv.storage.control import Control


@click.command("submit", short_help="存证 / deposit")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@home_option
@click.option("--reason", default="", help="更正原因 / reason of a correction")
@click.option("--uploader", default=None, help="填报人 / who files")
@click.option("--as-of", type=DAY, help="检查日期 / day of judgement")
@click.option("--reinstate", is_flag=True, help="重新启用已被替代的版本 / make superseded bytes the version in force")
@click.option(
    "--receipts",
    type=click.Path(file_okay=False, path_type=Path),
    help="回执（JSON 与 PDF）写到此目录 / folder for receipts as JSON and PDF",
)
@output_options
def command(
    files: tuple[Path, ...],
    home_path: Path,
    reason: str,
    uploader: str | None,
    as_of: date | None,
    reinstate: bool,
    receipts: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """存证填报文件并打印回执；有阻断问题也会存证，但该月状态为未完成。

    Deposit filings and print the receipt. Blocking findings do not stop a deposit; the month stays incomplete.
    """
    with opened(home_path, lang, as_json) as (home, control):
        who = uploader or getpass.getuser()
        outcome = submit(home, control, files_of(files), now(), who, as_of or today(home), reason, reinstate)
        if receipts is not None:
            _write_receipts(control, outcome, receipts, lang)
    if as_json:
        documents = [one.receipt() for one in outcome.submissions] + [refusal_document(one) for one in outcome.refused]
        print_json(documents[0] if len(documents) == 1 else documents)
    else:
        _show(outcome, lang)
    sys.stdout.flush()
    if home.settings.timestamp_authority:  # the receipts are out: a slow authority delays none
        with opened(home_path, lang, as_json) as (home, control):
            stamp(home, control, now())
    if outcome.refused or not outcome.submissions:
        sys.exit(UNREADABLE)
    sys.exit(BLOCKED if any(blocked(one.checked) for one in outcome.submissions) else OK)


def _write_receipts(control: Control, outcome: SubmitOutcome, folder: Path, lang: str) -> None:
    from mrv.pipeline.receipt_files import name_of, write_receipts

    named = {
        name_of(
            one.checked.plant_id, one.checked.month, one.checked.sector, one.deposited.version, one.deposited.id
        ): one.proof
        for one in outcome.submissions
    }
    write_receipts(control, named, folder, lang)


def _show(outcome: SubmitOutcome, lang: str) -> None:
    for refusal in outcome.refused:
        click.secho(f"✗ {refusal.name}: {refusal.message[lang]}", fg="red")
    for one in outcome.submissions:
        receipt = one.receipt()
        complete = receipt["status"] == "complete"
        words = {
            "new": ("已存证", "deposited"),
            "same": ("与现行版本相同，未新增", "the same bytes as the version in force, nothing added"),
            "superseded": (
                "此文件已被后来的版本替代；如需重新启用请加 --reinstate",
                "superseded by a later version; use --reinstate",
            ),
        }[receipt["outcome"]]
        click.secho(
            f"{'✓' if complete else '!'} {receipt['plant_id']} {receipt['period']} v{receipt['version']} "
            f"{words[0 if lang == 'zh' else 1]}",
            fg="green" if complete else "yellow",
        )
        say(lang, f"  回执编号 {receipt['deposit_id']}", f"  Receipt {receipt['deposit_id']}")
        say(lang, f"  文件 SHA-256 {receipt['file']['sha256']}", f"  File SHA-256 {receipt['file']['sha256']}")
        say(lang, f"  接收时间 {receipt['received_at']}", f"  Received {receipt['received_at']}")
        blocking = [item for item in receipt["findings"] if item["severity"] == "blocks"]
        if blocking:
            say(lang, f"  状态：未完成，{len(blocking)} 项阻断问题", f"  Incomplete: {len(blocking)} blocking findings")
        for item in blocking:
            place = "!".join(part for part in (item["sheet"], item["cell"]) if part)
            click.echo(f"    {item['rule']} {place} {item['message'][lang]} → {item['fix'][lang]}")
        click.secho(f"  {receipt['note'][lang]}", dim=True)
