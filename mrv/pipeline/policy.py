"""Who may do what: one pure function on facts that are given. What is not named here is refused."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from mrv.storage.people import Duty, Member
from schemas.choices import DEPARTMENTS, ROLES

PUT, REVIEW, RETURN, APPROVE, DEPOSIT, SEE = "put", "review", "return", "approve", "deposit", "see"
INSIDE = {
    PUT: frozenset({"preparer"}),
    REVIEW: frozenset({"reviewer"}),
    RETURN: frozenset({"reviewer", "approver"}),
    APPROVE: frozenset({"approver"}),
    DEPOSIT: frozenset({"preparer", "approver"}),
    SEE: frozenset({"preparer", "reviewer", "approver"}),
}
OUTSIDE = {SEE: frozenset({"verifier", "verifier_lead", "inspector", "auditor"})}
ACTIONS = tuple(INSIDE)
# action → (what it is called in Chinese, in English)
NAMES = {
    PUT: ("提交部分", "put a part"),
    REVIEW: ("审核", "review"),
    RETURN: ("退回", "return"),
    APPROVE: ("批准", "approve"),
    DEPOSIT: ("存证", "deposit"),
    SEE: ("查看", "see"),
}


@dataclass(frozen=True)
class Actor:
    """Somebody as the policy sees them: the person, and the plants they were ever assigned to."""

    member: Member
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True)
class MonthFile:
    """What is acted on: a plant's month, whose part of it, and who did what to it so far (ids)."""

    plant_id: str
    department: str = ""
    prepared_by: Collection[str] = ()
    reviewed_by: Collection[str] = ()
    approved_by: Collection[str] = ()


@dataclass(frozen=True)
class Verdict:
    """Yes or no, and why not, in words."""

    allowed: bool
    zh: str = ""
    en: str = ""


YES = Verdict(True)


def may(actor: Actor, action: str, target: MonthFile, as_of: date) -> Verdict:
    """Whether somebody may do something to a plant's month on a day.

    People of a plant act on their own plant only, each by their role; preparers put the part of their own department. People
    from outside see the plants they are assigned to on that day and change nothing. On one month the preparers, the reviewers and
    the approvers are different people. An unknown action or role is refused.
    """
    member = actor.member
    if not (member.active_from <= as_of and (member.active_to is None or as_of <= member.active_to)):
        return Verdict(False, f"{member.id} 在 {as_of} 不在岗", f"{member.id} is not active on {as_of}")
    if not target.plant_id:
        return Verdict(False, "没有指明企业", "No plant is named")
    if not member.plant_id:
        return _outside(actor, action, target, as_of)
    if member.plant_id != target.plant_id:
        return Verdict(
            False, f"{member.id} 不是企业 {target.plant_id} 的人员", f"{member.id} does not belong to {target.plant_id}"
        )
    if member.role not in INSIDE.get(action, ()):
        return _no_role(member, action)
    if action == PUT and (not target.department or member.department != target.department):
        return Verdict(
            False,
            f"{member.id} 属于“{_department(member.department, 0)}”，不能提交“{_department(target.department, 0)}”的部分",
            f"{member.id} is of {_department(member.department, 1)} and cannot put the part of "
            f"{_department(target.department, 1)}",
        )
    return _apart(member, action, target)


def _outside(actor: Actor, action: str, target: MonthFile, as_of: date) -> Verdict:
    if actor.member.role not in OUTSIDE.get(action, ()):
        return _no_role(actor.member, action)
    for duty in actor.duties:
        mine = duty.person_id == actor.member.id and duty.plant_id == target.plant_id
        if mine and duty.valid_from <= as_of and (duty.valid_to is None or as_of <= duty.valid_to):
            return YES
    return Verdict(
        False,
        f"{actor.member.id} 在 {as_of} 没有分配到 {target.plant_id}",
        f"{actor.member.id} is not assigned to {target.plant_id} on {as_of}",
    )


def _no_role(member: Member, action: str) -> Verdict:
    zh, en = NAMES.get(action, (action, action))
    role = ROLES.get(member.role, (member.role, member.role))
    return Verdict(False, f"角色“{role[0]}”不能{zh}", f"The role “{role[1]}” may not {en}")


def _department(code: str, side: int) -> str:
    """Label of a department, Chinese (0) or English (1)."""
    return DEPARTMENTS.get(code, (code or "无部门", code or "no department"))[side]


def _apart(member: Member, action: str, target: MonthFile) -> Verdict:
    """Preparer ≠ reviewer ≠ approver on one month, whichever came first."""
    others = {
        PUT: (*target.reviewed_by, *target.approved_by),
        REVIEW: (*target.prepared_by, *target.approved_by),
        APPROVE: (*target.prepared_by, *target.reviewed_by),
    }
    if member.id in others.get(action, ()):
        return Verdict(
            False,
            f"{member.id} 已在本月承担另一职责：填报、审核、批准须由不同的人进行",
            f"{member.id} has another part in this month: preparing, reviewing and approving are done by different people",
        )
    return YES
