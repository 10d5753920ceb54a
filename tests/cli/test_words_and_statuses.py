"""Small words in one language, and statuses as the pages have them."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from mrv.cli.main import mrv
from mrv.cli.rebuild import _difference
from mrv.cli.run import STEPS, progress
from tests.cli.corrections_home import Place, gas, make_place  # noqa: F401
from tests.pipeline.plants import FIRST_GAS

FACTS = {
    "inbox": {"deposits": 1, "refused": 2, "waiting": 1},
    "batches": {"plants": 3, "changed": 2, "batches": 1},
    "batch": {"number": 1, "of": 1, "plants": 2, "failed": 0},
    "published": {"tables": {"finding": 4, "emission": 5}},
}


@pytest.mark.parametrize("step", STEPS)
def test_steps_of_the_night_are_words(step: str) -> None:
    zh, en = (progress(step, FACTS[step], lang) for lang in ("zh", "en"))
    assert any("一" <= letter <= "鿿" for letter in zh) and en.isascii()
    assert not any(mark in zh + en for mark in "{}=[")


def test_differences_of_a_rebuild_are_words() -> None:
    entry = "lake/finding/year=2026/data.parquet: changed"
    assert _difference(entry, "zh") == "lake/finding/year=2026/data.parquet：内容不同"
    assert _difference(entry, "en") == entry


def test_the_ledger_commands_say_what_they_were_given(make_place: Callable[..., Place]) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    _, receipt = place.submit(gas())
    whole = place.json("ledger", "prove", receipt["deposit_id"])
    assert place.json("ledger", "prove", receipt["deposit_id"][:8]) == whole == receipt["proof"]
    told = place.run("ledger", "prove", "nothing")
    assert told.exit_code == 2 and "账本中没有 nothing" in told.stderr
    told = place.run("ledger", "timestamp")
    assert told.exit_code == 0 and "没有设置时间戳机构" in told.stdout
    page = place.folder / "r.pdf"
    assert place.run("ledger", "prove", receipt["deposit_id"], "-o", str(page)).exit_code == 0
    told = CliRunner().invoke(mrv, ["ledger", "verify-receipt", str(page)])
    assert told.exit_code == 2 and "请先取出 PDF 附件 receipt.json" in told.stderr
    told = CliRunner().invoke(mrv, ["ledger", "verify-receipt", place.file(b"PK\x03\x04\xff", "good.xlsx")])
    assert told.exit_code == 2 and told.stdout == "✗ 不是碳衡回执\n"
    broken = place.file(json.dumps({**whole, "leaf": whole["leaf"] + " "}).encode(), "broken.json")
    assert CliRunner().invoke(mrv, ["ledger", "verify-receipt", broken]).exit_code == 3
