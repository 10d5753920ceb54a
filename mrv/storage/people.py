"""Who may act: people, and which plants those from outside may see from when to when. Every change is in the audit trail."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mrv.storage.control import hold
from mrv.storage.ledger import note
from mrv.storage.ledger_models import Assignment, Person

PERSON, ASSIGNMENT = "person", "assignment"


class PeopleFault(Exception):
    """What cannot be done with a person or an assignment; `code`, and `zh` and `en` say why and how to go on."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


@dataclass(frozen=True)
class Member:
    """Somebody who may act. `plant_id` is empty for people from outside; both days are the last and first included."""

    id: str
    name: str
    role: str
    plant_id: str = ""
    department: str = ""
    organisation: str = ""
    active_from: date = date.min
    active_to: date | None = None


@dataclass(frozen=True)
class Duty:
    """Which plant somebody may see from when to when, both days included."""

    person_id: str
    plant_id: str
    valid_from: date
    valid_to: date | None
    assigned_by: str


def add_person(session: Session, member: Member, actor: str, at: datetime) -> None:
    """Takes in a person. PeopleFault when the id is taken: a person who comes back, or changes duty, is given a new id."""
    hold(session, PERSON)
    if session.get(Person, member.id) is not None:
        raise PeopleFault(
            "known_person",
            f"人员编号 {member.id} 已被使用；同一人换岗请用新的编号",
            f"The id {member.id} is taken; somebody who changes duty is given a new id",
        )
    session.add(Person(**{name: getattr(member, name) for name in Member.__dataclass_fields__}))
    told = {"name": member.name, "role": member.role, "plant_id": member.plant_id, "department": member.department}
    told |= {"organisation": member.organisation, "active_from": member.active_from.isoformat()}
    note(session, at, actor, "person.add", member.id, told)


def end_person(session: Session, person_id: str, last: date, actor: str, at: datetime) -> None:
    """Sets the last day on which somebody may act. PeopleFault for an unknown person or one who has ended already."""
    hold(session, PERSON)
    row = session.get(Person, person_id)
    if row is None:
        raise unknown_person(person_id)
    if row.active_to is not None or last < row.active_from:
        raise PeopleFault(
            "person_ended",
            f"{person_id} 已设终止日期，或终止日期早于起始日期 {row.active_from}",
            f"{person_id} has an end already, or it lies before the first day {row.active_from}",
        )
    row.active_to = last
    note(session, at, actor, "person.end", person_id, {"active_to": last.isoformat()})


def assign(session: Session, duty: Duty, at: datetime) -> None:
    """Lets somebody from outside see a plant. PeopleFault for an unknown person, one of a plant, or days already covered."""
    hold(session, ASSIGNMENT)
    row = session.get(Person, duty.person_id)
    if row is None:
        raise unknown_person(duty.person_id)
    if row.plant_id:
        raise PeopleFault(
            "person_of_a_plant",
            f"{duty.person_id} 是企业 {row.plant_id} 的人员，只能看到本企业",
            f"{duty.person_id} belongs to plant {row.plant_id} and sees no other",
        )
    for other in _duties(session, duty.person_id, duty.plant_id):
        if other.valid_from <= (duty.valid_to or date.max) and duty.valid_from <= (other.valid_to or date.max):
            raise PeopleFault(
                "assigned_already",
                f"{duty.person_id} 自 {other.valid_from} 起已分配到 {duty.plant_id}",
                f"{duty.person_id} is assigned to {duty.plant_id} from {other.valid_from} already",
            )
    session.add(Assignment(**{name: getattr(duty, name) for name in Duty.__dataclass_fields__}))
    told = {"plant_id": duty.plant_id, "valid_from": duty.valid_from.isoformat(), "valid_to": _day(duty.valid_to)}
    note(session, at, duty.assigned_by, "person.assign", duty.person_id, told)


def unassign(session: Session, person_id: str, plant_id: str, last: date, actor: str, at: datetime) -> None:
    """Sets the last day of an assignment that is open on it. PeopleFault when there is none."""
    hold(session, ASSIGNMENT)
    for row in _duties(session, person_id, plant_id):
        if row.valid_from <= last and (row.valid_to is None or row.valid_to > last):
            row.valid_to = last
            note(session, at, actor, "person.unassign", person_id, {"plant_id": plant_id, "valid_to": last.isoformat()})
            return
    raise PeopleFault(
        "not_assigned",
        f"{person_id} 在 {last} 没有分配到 {plant_id}",
        f"{person_id} is not assigned to {plant_id} on {last}",
    )


def member_of(session: Session, person_id: str) -> Member:
    """A person by id. PeopleFault for one who is not known."""
    row = session.get(Person, person_id)
    if row is None:
        raise unknown_person(person_id)
    return _member(row)


def members(session: Session) -> list[Member]:
    """Everybody, in order of id."""
    return [_member(row) for row in session.scalars(select(Person).order_by(Person.id))]


def duties(session: Session, person_id: str = "") -> list[Duty]:
    """Assignments of one person, or of all, in order of person, plant and day."""
    query = select(Assignment).order_by(Assignment.person_id, Assignment.plant_id, Assignment.valid_from)
    if person_id:
        query = query.where(Assignment.person_id == person_id)
    return [Duty(**{name: getattr(row, name) for name in Duty.__dataclass_fields__}) for row in session.scalars(query)]


def unknown_person(person_id: str) -> PeopleFault:
    return PeopleFault(
        "unknown_person",
        f"没有人员 {person_id}；请先登记：mrv person add",
        f"There is no person {person_id}; take them in first: mrv person add",
    )


def _member(row: Person) -> Member:
    return Member(**{name: getattr(row, name) for name in Member.__dataclass_fields__})


def _duties(session: Session, person_id: str, plant_id: str) -> list[Assignment]:
    query = select(Assignment).where(Assignment.person_id == person_id, Assignment.plant_id == plant_id)
    return list(session.scalars(query.order_by(Assignment.valid_from)))


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
