"""Random sequences of submit, correct, attach, extend, crash and restore leave a home as a model of it says.

A longer run draws its sequences anew: `TANHENG_MODEL=400x30 python -m pytest -n 0 -s tests/drill/test_model.py -k model_says`, that is
sequences × deeds in each.
"""

import multiprocessing
import os
import re
import shutil
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from mrv.ledger import merkle
from mrv.pipeline import backup, deposit, proofs, receive
from mrv.pipeline.opening import opened
from mrv.storage import ledger
from mrv.storage.control import Control
from mrv.storage.deposits import Deposited, Filing, standing
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from tests.drill.model_machine import COMMITS, POINTS, Ground, machine

LONGER = "TANHENG_MODEL"
SHORT = (16, 10)
# Each of the six deeds did what it is for.
HAPPENED = (
    "submit: new",
    "correct: further version",
    "attach: new",
    "extend",
    "killed",
    "restore: to an earlier state",
)


def sat(
    examples: int, steps: int, spoil: Callable[[], None] | None, ground_of: Callable[[], Ground], connection: Any
) -> None:
    """Runs the machine in a process of its own: what it puts in place of parts of the program is gone with it."""
    ground, failure = ground_of(), ""
    if spoil is not None:
        spoil()
    options = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=LONGER not in os.environ,
        database=None,
        phases=[Phase.generate, Phase.shrink] if spoil is None else [Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    try:
        run_state_machine_as_test(machine(ground), settings=options)
    except BaseException as error:
        failure = "".join(traceback.format_exception(error))
    finally:
        shutil.rmtree(ground.folder)
    connection.send((ground.counts, failure))


def run(
    examples: int, steps: int, spoil: Callable[[], None] | None = None, ground_of: Callable[[], Ground] = Ground
) -> tuple[Counter[str], str]:
    """How often each deed was done, and how the machine failed; empty when it did not."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()
    process = fork.Process(target=sat, args=(examples, steps, spoil, ground_of, theirs))
    process.start()
    theirs.close()
    try:
        counts, failure = ours.recv()
    finally:
        process.join()
    return counts, failure


def test_a_home_is_as_the_model_says() -> None:
    examples, steps = map(int, os.environ[LONGER].split("x")) if LONGER in os.environ else SHORT
    counts, failure = run(examples, steps)
    sys.stdout.write("".join(f"{kind}: {number}\n" for kind, number in sorted(counts.items())))
    if failure:
        pytest.fail(failure)
    assert [kind for kind in HAPPENED if not counts[kind]] == []


# The program broken on purpose, each time in one place: a machine that does not find it would show nothing.


def a_correction_takes_the_place_of_the_version_before() -> None:
    put, record, overwritten = deposit.put_deposit, deposit.record, set()

    def overwriting(session: Any, filing: Filing, reinstate: bool = False) -> Deposited:
        place = standing(session, filing.plant_id, filing.sector, filing.month, filing.file.sha256)
        if place.outcome != "correction" or place.in_force is None:
            return put(session, filing, reinstate)
        connection = session.connection()
        for name in list(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for table, key in (("deposit", "id"), ("deposit_file", "deposit_id")):
            change = (filing.file.sha256, place.in_force.sha256, place.in_force.id)
            connection.exec_driver_sql(f"UPDATE {table} SET sha256 = ? WHERE sha256 = ? AND {key} = ?", change)
        overwritten.add(place.in_force.id)
        return Deposited(place.in_force.id, place.in_force.version + 1, "new")

    def recording(session: Any, filing: Filing, deposited: Deposited) -> None:
        if deposited.id not in overwritten:
            record(session, filing, deposited)
        overwritten.discard(deposited.id)  # the next home has the same ids

    deposit.put_deposit, deposit.record = overwriting, recording


def a_receipt_is_by_the_newest_checkpoint() -> None:
    def newest(session: Any, number: int) -> dict[str, Any]:
        given = ledger.receipt_of(session, number)
        checkpoint = ledger.newest_checkpoint(session)
        assert checkpoint is not None
        given["checkpoint"] = checkpoint.document()
        given["paths"] = {
            name: [
                step.hex()
                for step in merkle.inclusion_path(name, number, checkpoint.size, ledger.node_of(session, name))
            ]
            for name in checkpoint.roots
        }
        return given

    for module in (deposit, receive, proofs):
        module.receipt_of = newest  # type: ignore[attr-defined]


def rows_of_a_superseded_version_stay() -> None:
    store = deposit.store_rows

    def first_only(lake: Lake, batch: Any, stored: list[deposit.Submission]) -> None:
        store(lake, batch, [one for one in stored if one.deposited.version == 1])

    deposit.store_rows = first_only


def a_backup_lacks_the_last_deposit() -> None:
    """Whole in itself, every receipt in it provable, and yet not what was in the home."""
    make, file = backup.backup, deposit.submit

    def before(home: Home) -> Path:
        return home.path.with_name(f"{home.path.name}.before")

    def submit(home: Home, *rest: Any, **said: Any) -> deposit.SubmitOutcome:
        shutil.rmtree(before(home), ignore_errors=True)
        shutil.copytree(home.path, before(home))
        return file(home, *rest, **said)

    def late(home: Home, control: Control, *rest: Any) -> backup.Backup:
        if not before(home).exists():
            return make(home, control, *rest)
        with opened(before(home)) as opening:
            return make(*opening, *rest)

    backup.backup, deposit.submit = late, submit


def a_deposit_is_kept_before_its_entry() -> None:
    """Two transactions where there should be one: nothing but a kill between them shows it."""
    put = deposit.put_deposit

    def torn(session: Any, filing: Filing, reinstate: bool = False) -> Deposited:
        done = put(session, filing, reinstate)
        for statement in ("COMMIT", "BEGIN IMMEDIATE"):
            session.connection().exec_driver_sql(statement)
        return done

    deposit.put_deposit = torn


GROWN = r"assert size_of\(session\) == len"  # more or fewer entries than the book has


@pytest.mark.parametrize(
    ("spoil", "rules", "said"),
    [
        (a_correction_takes_the_place_of_the_version_before, {"submit", "correct", "attach"}, GROWN),
        (a_receipt_is_by_the_newest_checkpoint, {"submit", "extend"}, "another receipt"),
        (rows_of_a_superseded_version_stay, {"submit", "correct", "attach"}, "other rows of"),
        (a_backup_lacks_the_last_deposit, {"attach", "back_up", "restore"}, GROWN),
        (a_deposit_is_kept_before_its_entry, {"crash"}, "between two states|versions, not"),
    ],
)
def test_a_broken_program_is_found(spoil: Callable[[], None], rules: set[str], said: str) -> None:
    points = COMMITS if rules == {"crash"} else POINTS
    counts, failure = run(40, 8, spoil, lambda: Ground(rules, points))
    assert re.search(said, failure), f"{dict(counts)}\n{failure}"
