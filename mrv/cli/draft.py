"""`mrv draft`: parts of departments, internal review and approval, and the deposit made of them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from mrv.cli.common import BLOCKED, DAY, MONTH, OK, home_option, local_time, output_options, print_json, refuse, say
from mrv.cli.homes import now, opened, today
from schemas.choices import DEPARTMENTS, SECTORS
from schemas.location import sheet_and_cell
from schemas.vocabulary import PARAMETERS
from schemas.vocabulary.fuels import stream_label


def month_arguments(command: Callable[..., Any]) -> Callable[..., Any]:
    """PLANT SECTOR MONTH."""
    command = click.argument("month", type=MONTH)(command)
    command = click.argument("sector", type=click.Choice(list(SECTORS)))(command)
    return click.argument("plant")(command)


BY = click.option("--by", required=True, help="人员编号 / id of the person")
AS_OF = click.option("--as-of", type=DAY, help="操作日期 / day of the act")


@click.group("draft", short_help="企业内部填报、审核、批准 / parts, review, approval")
def command() -> None:
    """存证之前在企业内部：各部门提交部分，审核，批准，存证。Inside the plant, before a deposit."""


@command.command("put", short_help="提交一个部分 / put a part")
@month_arguments
@click.argument("department", type=click.Choice(list(DEPARTMENTS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@BY
@AS_OF
@home_option
@output_options
def put_command(
    plant: str, sector: str, month: str, department: str, file: Path, by: str, as_of: date | None, home_path: Path,
    as_json: bool, lang: str,
) -> None:  # fmt: skip
    """提交本部门的部分（CSV、zip 或工作簿）。Put the part of a department (CSV, zip or workbook)."""
    from mrv.pipeline.drafts import put
    from mrv.storage.drafts import MonthKey

    with _drafts(home_path, lang, as_json) as (home, control):
        key = MonthKey(plant, sector, month)
        content = (file.name, file.read_bytes())
        part, new = put(home, control, key, department, content, by, now(), as_of or today(home))
    if as_json:
        print_json({"department": department, "version": part.version, "sha256": part.file.sha256, "new": new})
    else:
        label = DEPARTMENTS[department]
        say(
            lang,
            f"✓ {label[0]} v{part.version}{'' if new else '（内容相同，未新增）'}",
            f"✓ {label[1]} v{part.version}{'' if new else ' (the same bytes, nothing added)'}",
            fg="green",
        )


@command.command("show", short_help="查看进展和问题 / progress and findings")
@month_arguments
@click.option("--by", default="", help="人员编号 / id of the person")
@AS_OF
@home_option
@output_options
def show_command(
    plant: str, sector: str, month: str, by: str, as_of: date | None, home_path: Path, as_json: bool, lang: str
) -> None:
    """谁填了什么、还缺什么，各部分合在一起有哪些问题；不存证。Progress and findings; nothing is deposited."""
    from mrv.cli.plants import require_plant, require_sector
    from mrv.pipeline.documents import check_document
    from mrv.pipeline.drafts import STATES, show, shown_document
    from mrv.storage.drafts import MonthKey

    with _drafts(home_path, lang, as_json) as (home, control):
        shown = show(home, control, MonthKey(plant, sector, month), by, as_of or today(home))
        if not shown.month.parts:
            own = require_plant(control, plant, lang, as_json)
            require_sector(own, plant, sector, month, lang, as_json)
    document = shown_document(shown, list(DEPARTMENTS))
    found = [] if shown.outcome is None else check_document(shown.outcome)
    filings = found if isinstance(found, list) else [found]
    findings = [finding for one in filings for finding in one.get("findings", [])]
    if shown.clash is not None:
        document["clash"] = {"zh": shown.clash.zh, "en": shown.clash.en}
    document["findings"] = findings
    blocking = shown.clash is not None or any(finding["severity"] == "blocks" for finding in findings)
    if as_json:
        print_json(document)
        sys.exit(BLOCKED if blocking else OK)
    side = 0 if lang == "zh" else 1
    click.echo(f"{plant} {SECTORS[sector][side]} {month}: {STATES[document['state']][side]}")
    for part in document["parts"]:
        click.echo(
            f"  {DEPARTMENTS[part['department']][side]} v{part['version']}  {part['file']['name']}  {part['by']}  {local_time(part['at'], home)}"
        )
    if document["without_part"]:
        names = [DEPARTMENTS[name][side] for name in document["without_part"]]
        say(lang, f"  尚未提交：{'、'.join(names)}", f"  Nothing yet from: {', '.join(names)}")
    for row in document["lacking"]:
        label = PARAMETERS.get(row["parameter"], None)
        name = row["parameter"] if label is None else (label.zh, label.en)[side]
        place = " ".join(text for text in (row["unit_id"], stream_label(row["stream_id"])[side], name) if text)
        owing = DEPARTMENTS[row["department"]][side] if row["department"] else ""
        who = (f"（{owing}）", f" ({owing})")[side] if owing else ""
        say(lang, f"  还缺：{place}{who}", f"  Still lacking: {place}{who}", fg="yellow")
    for event in document["events"]:
        versions = ", ".join(f"{DEPARTMENTS[name][side]} v{number}" for name, number in event["parts"].items())
        click.echo(
            f"  {STATES[event['event']][side]} ({versions})  {event['by']}  {local_time(event['at'], home)}  {event['note']}"
        )
    if shown.clash is not None:
        click.secho(f"✗ {document['clash'][lang]}", fg="red")
    for finding in findings:
        place = sheet_and_cell(finding["sheet"], finding["cell"])
        mark = "✗" if finding["severity"] == "blocks" else "!"
        click.echo(f"  {mark} {finding['rule']} {place} {finding['message'][lang]}")
    sys.exit(BLOCKED if blocking else OK)


def _turn_command(name: str, zh: str, en: str) -> click.Command:
    @click.command(name, short_help=f"{zh} / {en}", help=f"{zh}现有的各部分。{en.capitalize()} the parts as they are.")
    @month_arguments
    @BY
    @click.option("--note", default="", help="意见 / note")
    @AS_OF
    @home_option
    @output_options
    def made(
        plant: str,
        sector: str,
        month: str,
        by: str,
        note: str,
        as_of: date | None,
        home_path: Path,
        as_json: bool,
        lang: str,
    ) -> None:
        from mrv.pipeline.drafts import STATES, turn
        from mrv.storage.drafts import MonthKey

        with _drafts(home_path, lang, as_json) as (home, control):
            done = turn(control, MonthKey(plant, sector, month), name, by, now(), as_of or today(home), note)
        if as_json:
            print_json({"event": done.event, "parts": done.parts, "by": done.actor})
        else:
            say(lang, f"✓ {STATES[done.event][0]}", f"✓ {STATES[done.event][1]}", fg="green")

    return made


command.add_command(_turn_command("review", "审核", "review"))
command.add_command(_turn_command("return", "退回", "return"))
command.add_command(_turn_command("approve", "批准", "approve"))


@command.command("deposit", short_help="存证 / deposit")
@month_arguments
@BY
@click.option("--reason", default="", help="更正原因 / reason of a correction")
@AS_OF
@home_option
@output_options
def deposit_command(
    plant: str,
    sector: str,
    month: str,
    by: str,
    reason: str,
    as_of: date | None,
    home_path: Path,
    as_json: bool,
    lang: str,
) -> None:
    """由已批准的各部分生成一个填报文件并存证，打印回执。Make one filing of the approved parts and deposit it."""
    from mrv.cli.submit import differences, tell
    from mrv.pipeline.drafts import deposit
    from mrv.storage.drafts import MonthKey

    with _drafts(home_path, lang, as_json) as (home, control):
        outcome = deposit(home, control, MonthKey(plant, sector, month), by, now(), as_of or today(home), reason)
        changed = differences(home, control, outcome.submissions)
    sys.exit(tell(outcome, changed, home, as_json, lang))


@contextmanager
def _drafts(home_path: Path, lang: str, as_json: bool) -> Iterator[tuple[Any, Any]]:
    """The opened home; what a person may not do, or cannot be done, ends the command in words."""
    from mrv.pipeline.drafts import DraftFault
    from mrv.storage.people import PeopleFault

    with opened(home_path, lang, as_json) as place:
        try:
            yield place
        except (DraftFault, PeopleFault) as fault:
            refuse(lang, as_json, fault.code, fault.zh, fault.en)
