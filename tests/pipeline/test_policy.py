"""The one policy: deny by default, nothing across plants, three different people on one month."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrv.pipeline.policy import ACTIONS, APPROVE, DEPOSIT, PUT, REVIEW, SEE, Actor, MonthFile, may
from mrv.storage.people import Duty, Member
from schemas.choices import DEPARTMENTS, ROLES

PLANTS = ["A", "B", "C"]
FIRST = date(2026, 1, 1)
days = st.integers(0, 60).map(lambda number: FIRST + timedelta(days=number))
ids = st.sampled_from(["p1", "p2", "p3"])


@st.composite
def actors(draw: st.DrawFn) -> Actor:
    member = Member(
        draw(ids), "n", draw(st.sampled_from([*ROLES, "nobody"])), draw(st.sampled_from([*PLANTS, ""])),
        draw(st.sampled_from([*DEPARTMENTS, ""])), "", draw(days), draw(st.none() | days),
    )  # fmt: skip
    duties = st.builds(Duty, ids, st.sampled_from(PLANTS), days, st.none() | days, st.just("ops"))
    return Actor(member, tuple(draw(st.lists(duties, max_size=3))))


targets = st.builds(
    MonthFile, st.sampled_from([*PLANTS, ""]), st.sampled_from([*DEPARTMENTS, ""]),
    st.frozensets(ids), st.frozensets(ids), st.frozensets(ids),
)  # fmt: skip


@given(actors(), st.sampled_from([*ACTIONS, "delete", ""]), targets, days)
def test_nothing_is_allowed_across_plants(actor: Actor, action: str, target: MonthFile, day: date) -> None:
    verdict = may(actor, action, target, day)
    member = actor.member
    if not verdict.allowed:
        assert verdict.zh and verdict.en
        return
    assert target.plant_id and action in ACTIONS and member.role in ROLES
    assert member.active_from <= day <= (member.active_to or date.max)
    if member.plant_id:
        assert member.plant_id == target.plant_id
    else:
        assert action == SEE
        assert any(
            duty.person_id == member.id
            and duty.plant_id == target.plant_id
            and duty.valid_from <= day <= (duty.valid_to or date.max)
            for duty in actor.duties
        )


@given(actors(), targets, days)
def test_one_person_has_one_part_in_a_month(actor: Actor, target: MonthFile, day: date) -> None:
    who = actor.member.id
    if may(actor, PUT, target, day).allowed:
        assert who not in target.reviewed_by and who not in target.approved_by
        assert actor.member.department == target.department != ""
    if may(actor, REVIEW, target, day).allowed:
        assert who not in target.prepared_by and who not in target.approved_by
    if may(actor, APPROVE, target, day).allowed:
        assert who not in target.prepared_by and who not in target.reviewed_by


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("preparer", {PUT, DEPOSIT, SEE}),
        ("reviewer", {REVIEW, "return", SEE}),
        ("approver", {APPROVE, "return", DEPOSIT, SEE}),
        ("operator", set()),
        ("verifier", set()),
    ],
)
def test_each_role_does_its_own(role: str, allowed: set[str]) -> None:
    inside = Actor(Member("p1", "n", role, "A", "fuel", "", FIRST))
    assert {action for action in ACTIONS if may(inside, action, MonthFile("A", "fuel"), FIRST).allowed} == allowed


@pytest.mark.parametrize("role", ["verifier", "verifier_lead", "inspector", "auditor"])
def test_people_from_outside_see_and_change_nothing(role: str) -> None:
    duty = Duty("v1", "A", FIRST, FIRST, "ops")
    outside = Actor(Member("v1", "n", role, active_from=FIRST), (duty,))
    assert {action for action in ACTIONS if may(outside, action, MonthFile("A", "fuel"), FIRST).allowed} == {SEE}
    assert not may(outside, SEE, MonthFile("A"), FIRST + timedelta(days=1)).allowed
