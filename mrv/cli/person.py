"""`mrv person`: who may act inside a plant, and which plants people from outside may see."""

import getpass
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from mrv.cli.common import DAY, OK, home_option, output_options, print_json, refuse, say
from mrv.cli.homes import now, opened, today
from schemas.choices import DEPARTMENTS, ROLES

BY = click.option("--by", default=None, help="操作人 / who does this")


@click.group("person", short_help="人员与分配 / people and assignments")
def command() -> None:
    """登记人员，分配核查机构人员可以查看的企业；每次操作都写入操作记录。People and assignments; every act is in the audit trail."""


@command.command("add", short_help="登记 / take in")
@click.argument("person_id")
@click.option("--name", required=True, help="姓名 / name")
@click.option("--role", required=True, type=click.Choice(sorted(ROLES)), help="角色 / role")
@click.option("--plant", default="", help="所属企业 / plant")
@click.option("--department", type=click.Choice(list(DEPARTMENTS)), help="部门 / department of a preparer")
@click.option("--organisation", default="", help="单位 / organisation")
@click.option("--from", "start", type=DAY, help="起始日期 / first day")
@BY
@home_option
@output_options
def add_command(
    person_id: str,
    name: str,
    role: str,
    plant: str,
    department: str | None,
    organisation: str,
    start: date | None,
    by: str | None,
    home_path: Path,
    as_json: bool,
    lang: str,
) -> None:
    """登记一名人员。企业人员须写明企业；填报人须写明部门。Take in a person."""
    from mrv.cli.plants import require_plant
    from mrv.storage.people import Member, add_person

    inside = role in ("preparer", "reviewer", "approver")
    if inside != bool(plant):
        refuse(
            lang,
            as_json,
            "role_and_plant",
            "填报、审核、批准人须用 --plant 写明企业；其他角色不属于任何企业",
            "Preparers, reviewers and approvers need --plant; other roles belong to no plant",
        )
    if (role == "preparer") != bool(department):
        refuse(
            lang,
            as_json,
            "role_and_department",
            "填报人须用 --department 写明部门；其他角色没有部门",
            "A preparer needs --department; other roles have none",
        )
    with opened(home_path, lang, as_json) as (home, control):
        if plant:
            require_plant(control, plant, lang, as_json)
        member = Member(person_id, name, role, plant, department or "", organisation, start or today(home))
        _act(control, lang, as_json, lambda session: add_person(session, member, _who(by), now()))
    _done(lang, as_json, person_id, f"已登记 {person_id}", f"{person_id} taken in")


@command.command("end", short_help="终止 / end")
@click.argument("person_id")
@click.option("--to", "last", type=DAY, help="最后一天 / last day")
@BY
@home_option
@output_options
def end_command(person_id: str, last: date | None, by: str | None, home_path: Path, as_json: bool, lang: str) -> None:
    """某人最后一天可以操作的日期。The last day on which somebody may act."""
    from mrv.storage.people import end_person

    with opened(home_path, lang, as_json) as (home, control):
        day = last or today(home)
        _act(control, lang, as_json, lambda session: end_person(session, person_id, day, _who(by), now()))
    _done(lang, as_json, person_id, f"{person_id} 至 {day} 终止", f"{person_id} ends on {day}")


@command.command("assign", short_help="分配企业 / assign a plant")
@click.argument("person_id")
@click.argument("plant")
@click.option("--from", "start", type=DAY, help="起始日期 / first day")
@click.option("--to", "last", type=DAY, help="最后一天 / last day")
@BY
@home_option
@output_options
def assign_command(
    person_id: str,
    plant: str,
    start: date | None,
    last: date | None,
    by: str | None,
    home_path: Path,
    as_json: bool,
    lang: str,
) -> None:
    """让外部人员（核查、检查、审计）查看一家企业。Let somebody from outside see a plant."""
    from mrv.cli.plants import require_plant
    from mrv.storage.people import Duty, assign

    with opened(home_path, lang, as_json) as (home, control):
        first = start or today(home)
        if last is not None and last < first:
            refuse(lang, as_json, "days", "最后一天早于起始日期", "The last day lies before the first")
        require_plant(control, plant, lang, as_json)
        duty = Duty(person_id, plant, first, last, _who(by))
        _act(control, lang, as_json, lambda session: assign(session, duty, now()))
    _done(
        lang, as_json, person_id, f"{person_id} 自 {first} 起可查看 {plant}", f"{person_id} sees {plant} from {first}"
    )


@command.command("unassign", short_help="取消分配 / end an assignment")
@click.argument("person_id")
@click.argument("plant")
@click.option("--to", "last", type=DAY, help="最后一天 / last day")
@BY
@home_option
@output_options
def unassign_command(
    person_id: str, plant: str, last: date | None, by: str | None, home_path: Path, as_json: bool, lang: str
) -> None:
    """结束一项分配。End an assignment."""
    from mrv.storage.people import unassign

    with opened(home_path, lang, as_json) as (home, control):
        day = last or today(home)
        _act(control, lang, as_json, lambda session: unassign(session, person_id, plant, day, _who(by), now()))
    _done(lang, as_json, person_id, f"{person_id} 至 {day} 不再查看 {plant}", f"{person_id} sees {plant} until {day}")


@command.command("list", short_help="列出 / list")
@click.option("--plant", default="", help="所属企业 / plant")
@home_option
@output_options
def list_command(plant: str, home_path: Path, as_json: bool, lang: str) -> None:
    """列出人员及其分配的企业。People and their plants."""
    from mrv.storage.people import duties, members

    with opened(home_path, lang, as_json) as (_, control), control.read() as session:
        everybody, all_duties = members(session), duties(session)
    rows = []
    for one in everybody:
        assigned = [duty for duty in all_duties if duty.person_id == one.id]
        if plant and plant not in {one.plant_id, *(duty.plant_id for duty in assigned)}:
            continue
        rows.append(
            {
                **{name: getattr(one, name) for name in ("id", "name", "role", "plant_id", "department")},
                "organisation": one.organisation,
                "active_from": one.active_from.isoformat(),
                "active_to": one.active_to.isoformat() if one.active_to else None,
                "assignments": [
                    {
                        "plant_id": duty.plant_id,
                        "valid_from": duty.valid_from.isoformat(),
                        "valid_to": duty.valid_to.isoformat() if duty.valid_to else None,
                        "assigned_by": duty.assigned_by,
                    }
                    for duty in assigned
                ],
            }
        )
    if as_json:
        print_json(rows)
        sys.exit(OK)
    side = 0 if lang == "zh" else 1
    for row in rows:
        where = row["plant_id"] or ", ".join(duty["plant_id"] for duty in row["assignments"]) or "–"
        department = DEPARTMENTS[row["department"]][side] if row["department"] else ""
        until = row["active_to"] or ""
        click.echo(
            f"{row['id']}  {row['name']}  {ROLES[row['role']][side]} {department}  {where}  {row['active_from']}–{until}"
        )
    if not rows:
        say(lang, "没有登记人员", "Nobody is taken in")


def _who(by: str | None) -> str:
    return by or getpass.getuser()


def _act(control: Any, lang: str, as_json: bool, deed: Any) -> None:
    """One deed in one transaction; what cannot be done is told in words."""
    from mrv.storage.people import PeopleFault

    try:
        with control.write() as session:
            deed(session)
    except PeopleFault as fault:
        refuse(lang, as_json, fault.code, fault.zh, fault.en)


def _done(lang: str, as_json: bool, person_id: str, zh: str, en: str) -> None:
    if as_json:
        print_json({"person": person_id, "done": True})
    else:
        say(lang, f"✓ {zh}", f"✓ {en}", fg="green")
