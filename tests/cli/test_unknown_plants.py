"""A plant, a sector or a month that is none is told with status 2: nothing found for it would look like a clean bill."""

from collections.abc import Callable

from tests.cli.corrections_home import Place, make_place  # noqa: F401
from tests.pipeline.plants import FIRST_GAS, JANUARY

TO = ("-o", "/dev/null")


def test_a_wrong_plant_sector_or_month_is_told(make_place: Callable[..., Place]) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    for words in (
        ["findings", "NOPE"],
        ["draft", "show", "NOPE", "power", JANUARY],
        ["person", "add", "x", "--name", "x", "--role", "preparer", "--department", "fuel", "--plant", "NOPE"],
        ["person", "assign", "x", "NOPE"],
        ["plan", "template", "power", "--plant", "NOPE", *TO],
    ):
        told = place.run(*words)
        assert told.exit_code == 2 and f"没有企业 NOPE 的档案，请核对企业编号。档案中有：{FIRST_GAS}" in told.stderr
        assert place.json(*words)["error"]["code"] == "unknown_plant"
    for words in (
        ["plan", "template", "cement", "--plant", FIRST_GAS, *TO],
        ["draft", "show", FIRST_GAS, "cement", JANUARY],
    ):
        told = place.run(*words)
        assert told.exit_code == 2 and "档案中没有“水泥”行业的机组" in told.stderr
    for words in (
        ["findings", FIRST_GAS, "202601"],
        ["diff", FIRST_GAS, "2026-1"],
        ["platform", "show", FIRST_GAS, "1月"],
    ):
        told = place.run(*words)
        assert told.exit_code == 2 and "不是月份（YYYY-MM）" in told.stderr
    assert place.run("person", "list").stdout == "没有登记人员\n"


def test_a_known_plant_without_findings_is_told_with_its_month(make_place: Callable[..., Place]) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    for words in ([], [JANUARY], ["2026"]):
        told = place.run("findings", FIRST_GAS, *words)
        assert told.exit_code == 0 and told.stdout == f"{' '.join([FIRST_GAS, *words])} 没有检查结果。\n"
