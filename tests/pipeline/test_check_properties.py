"""What must not matter to a check: the order of rows, of files, how a filing is cut into files, and who else is there."""

import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mrv.pipeline.check import File
from tests.pipeline.plants import COAL, FIRST_GAS, SECOND_GAS, by_filing, changed, csv_of, judged

FEW = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

Faulty = dict[str, str]
# Ways to spoil a row of the filing CSV: parameter, then the value written instead.
SPOILED = {
    "run_hours": ("900.00", "700", "about 700", ""),
    "net_calorific_value": ("3.49", "34.9368", "1,2,3", "400"),
    "fuel_consumption": ("37032500", "0", "3703.2", "-5"),
    "power_generation": ("202390800", "20239.08", "2e5"),
    "oxidation_rate": ("0.99", "98", "130"),
    "reported_emission": ("1", "71918.90"),
}


@st.composite
def rows(draw: st.DrawFn, plants: tuple[str, ...] = (FIRST_GAS, SECOND_GAS)) -> tuple[str, list[str]]:
    """Header and rows of a filing CSV of some plants, with a few values spoiled and a few rows taken away."""
    head, *lines = (
        b"".join([csv_of(plants[0]), *(csv_of(p).split(b"\r\n", 1)[1] for p in plants[1:])]).decode().splitlines()
    )
    for name in draw(st.lists(st.sampled_from(sorted(SPOILED)), max_size=3, unique=True)):
        text = draw(st.sampled_from(SPOILED[name]))
        plant = draw(st.sampled_from(plants))
        for number, line in enumerate(lines):
            cells = line.split(",")
            if cells[0] == plant and cells[5] == name:
                cells[6] = f'"{text}"' if "," in text else text
                lines[number] = ",".join(cells)
    gone = draw(st.sets(st.integers(0, len(lines) - 1), max_size=2))
    return head, [line for number, line in enumerate(lines) if number not in gone]


def file(name: str, head: str, lines: list[str]) -> File:
    return name, "\r\n".join([head, *lines, ""]).encode()


def results(*files: File) -> dict[tuple[str, str, str], dict[str, Any]]:
    return by_filing(judged(*files))


@given(rows(), st.randoms(use_true_random=False))
@FEW
def test_the_order_of_rows(filed: tuple[str, list[str]], chance: random.Random) -> None:
    head, lines = filed
    mixed = list(lines)
    chance.shuffle(mixed)
    assert results(file("a.csv", head, mixed)) == results(file("a.csv", head, lines))


@given(rows(), st.data())
@FEW
def test_how_a_filing_is_cut_into_files_and_their_order(filed: tuple[str, list[str]], data: st.DataObject) -> None:
    head, lines = filed
    parts: list[list[str]] = [[], [], []]
    for line in lines:
        parts[data.draw(st.integers(0, 2))].append(line)
    files = [file(f"{number}.csv", head, part) for number, part in enumerate(parts) if part]
    assert results(*data.draw(st.permutations(files))) == results(file("all.csv", head, lines))


@given(rows((FIRST_GAS,)), rows((SECOND_GAS,)))
@FEW
def test_an_unrelated_plant_changes_nothing(mine: tuple[str, list[str]], other: tuple[str, list[str]]) -> None:
    alone = results(file("a.csv", *mine))
    beside = results(file("a.csv", *mine), file("b.csv", *other), ("coal.csv", csv_of(COAL)))
    assert {key: beside[key] for key in alone} == alone
    assert {key[0] for key in beside} == {FIRST_GAS, SECOND_GAS, COAL}


@given(st.sampled_from(["745", "900.00", "8760"]), st.sampled_from(["744.01", "1000"]))
@FEW
def test_a_finding_keeps_its_identity_when_the_value_is_wrong_again(first: str, second: str) -> None:
    """The same fault with another wrong value is the same finding: remarks on it survive the next attempt."""

    def too_long(hours: str) -> set[str]:
        (entry,) = results(("a.csv", changed(csv_of(), "run_hours,744.00", f"run_hours,{hours}"))).values()
        return {key for key, found in entry["findings"].items() if found["rule"] in {"PHY-15", "SCH-11"}}

    assert too_long(first) == too_long(second) != set()
