"""`mrv ledger`: audit the log, prove a deposit, verify a receipt."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mrv.cli.common import INTEGRITY, OK, UNREADABLE, home_option, output_options, print_json, refuse, say
from mrv.cli.homes import now, opened

if TYPE_CHECKING:
    from mrv.pipeline.timestamps import Stamping

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("ledger", short_help="账本：审计、证明、验证回执 / audit, prove, verify receipts")
def command() -> None:
    """账本的审计、证明与回执验证。Audit the ledger, prove a deposit, verify a receipt."""


@command.command("audit", short_help="全面审计 / full audit")
@click.option(
    "--against",
    "against",
    multiple=True,
    type=FILE,
    help="外部持有的回执或检查点 / receipts or checkpoints held outside",
)
@home_option
@output_options
def audit_command(against: tuple[Path, ...], home_path: Path, as_json: bool, lang: str) -> None:
    """由原始字节重算全部账本、记录与文件，指出第一处不符。Recompute everything; name the first bad entry."""
    from mrv.pipeline.proofs import AlteredReceipt, audited, outside_checkpoints
    from mrv.pipeline.timestamps import OFF, standing

    try:
        outside = outside_checkpoints([path.read_bytes() for path in against])
    except AlteredReceipt as fault:
        refuse(
            lang,
            as_json,
            "altered_receipt",
            f"外部回执（条目 {fault}）的内容与其签名的检查点不符：该回执被改动，问题不在账本。请向持有人索取原件",
            f"The receipt of leaf {fault} is not what its checkpoint signed: that receipt was changed, the log is not to blame. Ask for "
            "the original",
            INTEGRITY,
        )
    except ValueError as fault:
        refuse(
            lang, as_json, "not_a_checkpoint", f"不是回执或检查点：{fault}", f"Neither receipt nor checkpoint: {fault}"
        )
    with opened(home_path, lang, as_json) as (home, control):
        outcome = audited(home, control, outside)
        stamped = standing(control, "" if home.settings.timestamp_authority else OFF)
    first = outcome.faults[0] if outcome.faults else None
    if as_json:
        counts = {name: getattr(outcome, name) for name in ("leaves", "files", "checkpoints", "trail")}
        faults = [{"code": one.code, "where": one.where, "message": one.message} for one in outcome.faults]
        times = {name: getattr(stamped, name) for name in ("leaves", "covered", "at")}
        unchecked = [one.document() for one in outcome.unchecked]
        print_json({"intact": first is None, **counts, "timestamps": times, "faults": faults, "unchecked": unchecked})
    else:
        say(
            lang,
            f"条目 {outcome.leaves}，原始文件 {outcome.files}，检查点 {outcome.checkpoints}，操作记录 {outcome.trail}",
            f"{outcome.leaves} leaves, {outcome.files} files, {outcome.checkpoints} checkpoints, {outcome.trail} trail rows",
        )
        tell_stamps(stamped, lang)
        if first is None:
            say(lang, "✓ 全部相符", "✓ Everything is as it was", fg="green")
        for found in outcome.faults:
            click.secho(f"✗ {found.message[lang]}", fg="red")
        for passed_over in outcome.unchecked:
            say(lang, f"! {passed_over.message['zh']}", f"! {passed_over.message['en']}", fg="yellow")
    sys.exit(INTEGRITY if first else OK)


@command.command("prove", short_help="某次存证的回执 / the receipt of a deposit")
@click.argument("subject", metavar="DEPOSIT|SHA256")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="写到文件 .json、.pdf / write to a file"
)
@click.option("--timestamped", is_flag=True, help="附时间戳的回执 / the receipt that carries a time-stamp")
@home_option
@output_options
def prove_command(
    subject: str, output: Path | None, timestamped: bool, home_path: Path, as_json: bool, lang: str
) -> None:
    """给出存证编号或文件 SHA-256 的回执，JSON 或可打印的 PDF。The receipt of a deposit id or of a file's SHA-256, JSON or PDF."""
    from mrv.pipeline.proofs import proof_of
    from mrv.pipeline.receipt_files import receipt_bytes

    with opened(home_path, lang, as_json) as (_, control):
        try:
            found = proof_of(control, subject, timestamped)
        except LookupError:
            refuse(lang, as_json, "no_timestamp", "尚无时间戳覆盖此条目", "No time-stamp covers this leaf yet")
        if found is None:
            refuse(
                lang,
                as_json,
                "unknown_subject",
                f"账本中没有 {subject}，也没有编号以它开头的唯一一次存证",
                f"The ledger does not speak of {subject}, nor does the id of a single deposit begin so",
            )
        try:
            data = receipt_bytes(control, found, output.suffix.lower() if output else ".json", lang)
        except ValueError:
            refuse(
                lang,
                as_json,
                "no_such_form",
                f"不支持的回执格式：{output}。可用 .json、.pdf",
                f"No such form of receipt: {output}. Use .json or .pdf",
            )
    if output is None:
        sys.stdout.write(data.decode())
        return
    output.write_bytes(data)
    if as_json:
        print_json({"file": str(output)})
    else:
        say(lang, f"回执已写入 {output}", f"Receipt written to {output}")


@command.command("timestamp", short_help="索取时间戳 / ask for a time-stamp")
@home_option
@output_options
def timestamp_command(home_path: Path, as_json: bool, lang: str) -> None:
    """到期时向时间戳机构索取一枚（每小时至多一枚，截止日每个检查点一枚）。Ask the authority for a token where one is due."""
    from mrv.pipeline.timestamps import FAILED, stamp

    with opened(home_path, lang, as_json) as (home, control):
        stamped = stamp(home, control, now())
    if as_json:
        print_json(stamped.document())
    elif stamped.state == "off":
        say(
            lang,
            "没有设置时间戳机构，未索取时间戳。如需使用，请设置 timestamp_authority（tanheng.toml）",
            "No time-stamping authority is set, none was asked. To use one set timestamp_authority (tanheng.toml)",
        )
    if not as_json:
        tell_stamps(stamped, lang)
    sys.exit(UNREADABLE if stamped.state == FAILED else OK)


def tell_stamps(stamped: "Stamping", lang: str) -> None:
    """How far time-stamps reach, and what they do not cover; nothing where no authority is set and there never was a token."""
    if stamped.state == "off" and not stamped.at:
        return
    missing = stamped.leaves - stamped.covered
    say(
        lang,
        f"时间戳：覆盖 {stamped.covered}/{stamped.leaves} 条，最近一枚 {stamped.at or '（无）'}",
        f"Time-stamps: {stamped.covered} of {stamped.leaves} leaves, the last {stamped.at or '(none)'}",
    )
    if missing:
        say(lang, f"! {missing} 条尚无时间戳", f"! {missing} leaves have no time-stamp yet", fg="yellow")
    if stamped.error:
        say(lang, f"! 时间戳机构：{stamped.error}", f"! Time-stamping authority: {stamped.error}", fg="yellow")


@command.command("verify-receipt", short_help="离线验证回执 / verify a receipt offline")
@click.argument("receipt", type=FILE)
@click.argument("file", required=False, type=FILE)
@click.option("--key", "keys", multiple=True, help="只信任这些密钥 / trust these keys only")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="输出语言 / output language")
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档 / print one JSON document")
def verify_command(receipt: Path, file: Path | None, keys: tuple[str, ...], lang: str, as_json: bool) -> None:
    """不联网、不需要数据目录地验证回执（与独立验证器同一文件）。Verify without network or home."""
    from mrv.ledger import offline_verifier

    data = receipt.read_bytes()
    if data.startswith(b"%PDF-"):
        refuse(
            lang,
            as_json,
            "receipt_in_pdf",
            f"{receipt} 是 PDF：请先取出 PDF 附件 receipt.json，再验证它",
            f"{receipt} is a PDF: take receipt.json out of the PDF first (it is attached) and verify that",
        )
    told: list[str] = []
    status, code, where, leaf = OK, "proven", "", None
    try:
        leaf = offline_verifier.check_receipt(json.loads(data), list(keys), told)
        if file is not None:
            offline_verifier.check_file(leaf["file"], file.read_bytes())
    except offline_verifier.NotProven as reason:
        status, code, where = INTEGRITY, reason.code, reason.where
    except (ValueError, KeyError, TypeError, AttributeError):
        status, code = UNREADABLE, "format"
    zh, en = offline_verifier.WORDS[code]
    words = {
        name: {code: pair[at] for code, pair in offline_verifier.WORDS.items()} for at, name in enumerate(("zh", "en"))
    }
    notes = [{name: note.format(**said) for name, said in words.items()} for note in dict.fromkeys(told)]
    if as_json:
        why = {"code": code, "zh": zh, "en": en}
        print_json({"proven": status == OK, "reason": why, "where": where or None, "leaf": leaf, "notes": notes})
    else:
        tail = f"（{where}）" if where and lang == "zh" else f" ({where})" if where else ""
        say(lang, f"{'✓' if status == OK else '✗'} {zh}{tail}", f"{'✓' if status == OK else '✗'} {en}{tail}")
        for note in notes:
            say(lang, f"  {note['zh']}", f"  {note['en']}")
    sys.exit(status)
