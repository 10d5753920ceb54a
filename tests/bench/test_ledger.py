"""Tiny runs of the ledger's measurements; no time decides a test."""

import json

import pytest
from click.testing import CliRunner

from mrv.bench.ledger_pages import ledger_lines, ledger_section, wrong
from mrv.bench.load import bench_load, figures, under_way
from mrv.bench.pages import markdown
from mrv.bench.proofs import Proofs, flipped, leaf_of, measured, quantiles, tree
from mrv.bench.runner import placed
from mrv.cli.bench import command
from mrv.ledger.digests import SHA256, algorithms
from mrv.ledger.merkle import leaf_hash, node_hash

LEAVES = 1000
UPLOADS = {
    "first": 10.0,
    "ended": 20.0,
    "cpu_s": 0.15,
    "took": [0.1, 0.2, None],
    "errors": ["OSError: full"],
    "unproven": [],
    "distinct": True,
}


def at(step: str, moment: float, **facts: object) -> dict[str, object]:
    return {"step": step, "at": moment, **facts}


NIGHTS = [
    at("began", 4.0),
    at("inbox", 9.0, deposits=3),
    at("ended", 12.0, status="completed"),
    at("began", 14.0),
    at("inbox", 15.0, deposits=2),
    at("ended", 16.0, status="completed"),
    at("began", 19.0),
]


@pytest.fixture(scope="module")
def proofs():
    return measured(LEAVES, 50)


def test_the_tree_is_that_of_rfc_9162():
    node = tree(SHA256, 5)
    first, second = (leaf_hash(SHA256, leaf_of(number)) for number in (0, 1))
    assert node(1, 0) == node_hash(SHA256, first, second)
    assert node(2, 0) == node_hash(SHA256, node(1, 0), node(1, 1))
    assert node(0, 4) == leaf_hash(SHA256, leaf_of(4))


def test_every_proof_holds_and_no_forgery_does(proofs):
    for kind in ("inclusion", "consistency"):
        assert [proofs[kind][name]["refused"] for name in ("sha256", "both")] == [0, 0]
        assert proofs[kind]["forgeries"] > 0
        assert proofs[kind]["forgeries_passed"] == 0
    assert proofs["receipt"]["refused"] == 0
    # 1000 leaves lie at most ten nodes below the root.
    assert proofs["inclusion"]["sha256"]["bytes"] == 10 * 32
    assert proofs["inclusion"]["both"]["bytes"] == 10 * 32 * len(algorithms())


def test_a_proof_speaks_of_its_own_leaf_only():
    held = Proofs(LEAVES, [3, 4], [7, 8])
    held.draw(SHA256, tree(SHA256, LEAVES))
    first, second = held.inclusion[SHA256]
    assert held.included(SHA256, 0, first) and held.included(SHA256, 1, second)
    assert not held.included(SHA256, 0, second)
    assert not held.included(SHA256, 0, flipped(first, 5))
    assert not held.included(SHA256, 0, first[:-1])


def test_quantiles():
    assert quantiles([float(number) for number in range(1, 201)]) == {"p50": 100.5, "p99": 198.0, "max": 200.0}
    assert quantiles([0.5]) == {"p50": 0.5, "p99": 0.5, "max": 0.5}


def test_the_share_of_the_time_that_a_night_was_under_way():
    # 10–12, 14–16 and 19–20 of 10–20
    assert under_way(NIGHTS, 10.0, 20.0) == 0.5
    assert under_way([at("began", 1.0)], 10.0, 20.0) == 1.0
    assert under_way([], 10.0, 20.0) == 0.0


def test_a_lost_upload_counts():
    found = figures(UPLOADS, NIGHTS)
    assert (found["uploads"], found["receipts"], found["nights_finished"]) == (3, 2, 2)
    assert found["cpu_ms_each"] == 50.0
    assert found["deposits_by_inbox"] == 2  # of the nights within the time
    assert wrong(found) == 1
    assert wrong(found | {"unproven": ["path.sha256"], "distinct": False}) == 3


def test_uploads_beside_a_night():
    found = bench_load(plants=1, seconds=2)
    json.dumps(found)
    assert (found["uploads"], found["receipts"], found["errors"], found["unproven"]) == (10, 10, [], [])
    assert found["distinct"] is True
    assert found["night_share"] > 0
    assert set(found["statuses"]) <= {"completed"}
    assert wrong(found) == 0


@pytest.fixture(scope="module")
def ledger(proofs):
    load = figures(UPLOADS, NIGHTS) | {"plants": 1, "sessions": 50, "rate": 5.0, "size": 2_000_000}
    return placed(lambda: {"proofs": proofs, "load": load})


def test_the_section_says_what_is_met(ledger):
    text = "\n".join(ledger_section(ledger))
    assert "| inclusion proof at most 1024 bytes | 320 bytes | met |" in text
    assert "| every upload has a receipt of its own that proves it | 1 of 3 without | **not met** |" in text
    assert "| receipt p50 at most 1 s | 0.15 s | met |" in text
    assert "| a night is under way all the time | 50.0 % | **not met** |" in text
    for zh in (True, False):
        said = ledger_lines(ledger, zh)
        assert len(said) == 3
        assert ("夜间运行" in said[-1]) == zh


def test_a_section_that_was_not_measured_stays(ledger, tmp_path, monkeypatch):
    before = markdown({"ledger": ledger})
    assert "## Ledger" in before and "Load average before" in before
    check = {"rounds": 1, "check_s": 2.0, "bare_import_s": 1.0, "ratio": 2.0, "prefect_loaded": False}
    both = markdown({"check": placed(lambda: check)}, before)
    assert both.index("## One filing") < both.index("## Ledger")
    assert before[before.index("<!-- ledger: begin -->") :] in both
    assert markdown({"ledger": ledger}, both) == both
    page = tmp_path / "benchmarks.md"
    page.write_text(both, encoding="utf-8")
    monkeypatch.setattr(
        "mrv.bench.runner.bench_ledger", lambda leaves, plants, seconds: ledger | {"asked": [leaves, seconds]}
    )
    asked = ["ledger", "--leaves", "1000", "--seconds", "2", "--write", str(page), "--json"]
    result = CliRunner().invoke(command, asked)
    assert result.exit_code == 0
    assert json.loads(result.output)["ledger"]["asked"] == [1000, 2]
    assert "## One filing" in page.read_text(encoding="utf-8")
