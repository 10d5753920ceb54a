"""`mrv submit`: deposit files and print the receipt."""

import getpass
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from mrv.cli.common import (
    BLOCKED,
    DAY,
    OK,
    UNREADABLE,
    given_files,
    home_option,
    local_time,
    output_options,
    print_json,
    say,
)
from mrv.cli.findings import LIVES
from mrv.cli.homes import now, opened, today
from mrv.pipeline.corrections import Declined
from mrv.pipeline.deposit import Submission, SubmitOutcome, blocked, submit
from mrv.pipeline.difference import Difference, difference
from mrv.pipeline.difference_document import short, short_document
from mrv.pipeline.documents import refusal_document
from mrv.pipeline.timestamps import stamp
from mrv.storage.control import Control
from mrv.storage.home import Home
from schemas.choices import SEVERITIES
from schemas.location import sheet_and_cell


@click.command("submit", short_help="存证 / deposit")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@home_option
@click.option("--reason", default="", help="更正原因 / reason of a correction")
@click.option(
    "--return-reference",
    default="",
    help="退回文号（期限后更正） / the authority's return, for a correction after the deadline",
)
@click.option("--uploader", default=None, help="填报人 / who files")
@click.option(
    "--as-of", type=DAY, help="检查日期；更正期限只看接收日期 / day of judgement; corrections go by the day of receipt"
)
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
    return_reference: str,
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
    given = given_files(files, lang, as_json)
    with opened(home_path, lang, as_json) as (home, control):
        who = uploader or getpass.getuser()
        day = as_of or today(home)
        if receipts is not None:
            _make_ready(receipts)
        outcome = submit(home, control, given, now(), who, day, reason, reinstate, return_reference)
        changed = differences(home, control, outcome.submissions)
        if receipts is not None:
            _write_receipts(control, outcome, receipts, lang)
    status = tell(outcome, changed, home, as_json, lang)
    sys.stdout.flush()
    if home.settings.timestamp_authority:  # the receipts are out: a slow authority delays none
        with opened(home_path, lang, as_json) as (home, control):
            stamp(home, control, now())
    sys.exit(status)


def tell(outcome: SubmitOutcome, changed: Mapping[str, Difference], home: Home, as_json: bool, lang: str) -> int:
    """Prints what became of the files of one call, and returns the exit status.

    changed : what each correction changed, by the id of its deposit, as of `differences`.
    """
    if as_json:
        documents = [
            one.receipt() | {"correction": short_document(found) if (found := changed.get(one.deposited.id)) else None}
            for one in outcome.submissions
        ]
        documents += [refusal_document(one) for one in outcome.refused]
        documents += [declined_document(one) for one in outcome.declined]
        print_json(documents[0] if len(documents) == 1 else documents)
    else:
        _show(outcome, changed, home, lang)
    if outcome.stopped or not outcome.submissions:
        return UNREADABLE
    return BLOCKED if any(blocked(one.checked) for one in outcome.submissions) else OK


def differences(home: Home, control: Control, done: list[Submission]) -> dict[str, Difference]:
    """What each correction of the call changed, by deposit."""
    return {
        one.deposited.id: difference(
            home, control, one.checked.plant_id, one.checked.month, one.checked.sector, second=one.deposited.version
        )
        for one in done
        if one.deposited.outcome == "new" and one.deposited.version > 1
    }


def declined_document(one: Declined) -> dict[str, Any]:
    """A filing that was not deposited, as JSON."""
    return {
        "file": {"name": one.name, "sha256": one.sha256},
        "filing": {"plant_id": one.plant_id, "sector": one.sector, "period": one.month},
        "error": {"code": one.code, "message": one.message},
    }


def _make_ready(folder: Path) -> None:
    """Before the deposit: what cannot be written afterwards is told while nothing has happened."""
    from mrv.pipeline.receipt_files import make_ready

    make_ready(folder)


def _write_receipts(control: Control, outcome: SubmitOutcome, folder: Path, lang: str) -> None:
    from mrv.pipeline.receipt_files import name_of, write_receipts

    named = {
        name_of(
            one.checked.plant_id, one.checked.month, one.checked.sector, one.deposited.version, one.deposited.id
        ): one.proof
        for one in outcome.submissions
    }
    write_receipts(control, named, folder, lang)


def _show(outcome: SubmitOutcome, changed: Mapping[str, Difference], home: Home, lang: str) -> None:
    for refusal in outcome.refused:
        click.secho(f"✗ {refusal.name}: {refusal.message[lang]}", fg="red")
    for declined in outcome.declined:
        click.secho(f"✗ {declined.name}: {declined.message[lang]}", fg="red")
    for one in outcome.submissions:
        receipt = one.receipt()
        complete = receipt["status"] == "complete"
        words = {
            "new": ("已存证", "deposited"),
            "same": ("与现行版本相同，未新增", "the same bytes as the version in force, nothing added"),
            "superseded": (
                "此文件已被后来的版本替代；如需重新启用请加 --reinstate 并写明 --reason",
                "superseded by a later version; use --reinstate with a --reason",
            ),
        }[receipt["outcome"]]
        click.secho(
            f"{'✓' if complete else '!'} {receipt['plant_id']} {receipt['period']} v{receipt['version']} "
            f"{words[0 if lang == 'zh' else 1]}",
            fg="green" if complete else "yellow",
        )
        say(lang, f"  回执编号 {receipt['deposit_id']}", f"  Receipt {receipt['deposit_id']}")
        say(lang, f"  文件 SHA-256 {receipt['file']['sha256']}", f"  File SHA-256 {receipt['file']['sha256']}")
        at = local_time(receipt["received_at"], home)
        say(lang, f"  接收时间 {at}", f"  Received {at}")
        if found := changed.get(receipt["deposit_id"]):
            click.echo(f"  {short(found, lang)}")
            counts = [(zh, en, len(receipt["lives"][life])) for life, (zh, en) in LIVES.items()]
            say(
                lang,
                "  检查结果：" + "，".join(f"{zh} {count}" for zh, _, count in counts),
                "  Findings: " + ", ".join(f"{en} {count}" for _, en, count in counts),
            )
        _show_findings(receipt, lang)
        click.secho(f"  {receipt['note'][lang]}", dim=True)


def _show_findings(receipt: Mapping[str, Any], lang: str) -> None:
    """How many findings of each severity, those that want an answer with their cells, and where to see the rest."""
    found = receipt["findings"]
    if not found:
        return
    zh = lang == "zh"
    counts = {name: sum(item["severity"] == name for item in found) for name in SEVERITIES}
    told = [(labels[0 if zh else 1], counts[name]) for name, labels in SEVERITIES.items() if counts[name]]
    numbers = (
        "，".join(f"{label} {count} 项" for label, count in told)
        if zh
        else ", ".join(f"{count} {label.lower()}" for label, count in told)
    )
    state = ("未完成", "incomplete") if counts["blocks"] else ("已完成", "complete")
    say(lang, f"  状态：{state[0]}；检查结果：{numbers}", f"  Status: {state[1]}; findings: {numbers}")
    for item in found:
        if item["severity"] == "note":
            continue
        place = sheet_and_cell(item["sheet"], item["cell"])
        head = " ".join(part for part in (SEVERITIES[item["severity"]][0 if zh else 1], item["rule"], place) if part)
        click.echo(f"    {head} {item['message'][lang]} → {item['fix'][lang]}")
    where = f"mrv findings {receipt['plant_id']} {receipt['period']}"
    say(lang, f"  全部结果及备注：{where}", f"  All findings and remarks: {where}", dim=True)
