"""What cannot be done is told in the language asked for, as JSON where that is asked for, with status 2, and never as a stack trace."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mrv.cli.main import main, mrv
from tests.cli.corrections_home import Place, gas, make_place  # noqa: F401
from tests.pipeline.plants import FIRST_GAS

NOWHERE = "/dev/null/x"


def run(*words: str) -> Result:
    result = CliRunner().invoke(mrv, words, env={"TANHENG_HOME": None})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["deadlines"], "缺少选项 --home：请用它指定数据目录，或设置环境变量 TANHENG_HOME", "TANHENG_HOME"),
        (["check"], "缺少参数 FILES", "Missing argument 'FILES...'"),
        (["check", "nofile.xlsx"], "文件或文件夹 nofile.xlsx 不存在", "Path 'nofile.xlsx' does not exist."),
        (["template", "钢"], "参数 SECTOR 有误：'钢' 不是可选的值", "'钢' is not one of"),
        (
            ["draft", "show", "X", "power", "2026-13"],
            "参数 MONTH 有误：'2026-13' 不是月份（YYYY-MM）",
            "is not a month",
        ),
        (["run", "nightly", "--as-of", "昨天"], "选项 --as-of 有误：'昨天' 不是日期（YYYY-MM-DD）", "is not a day"),
        (["platform", "record", "X", "--at", "昨天"], "'昨天' 不是日期或时刻", "neither a day nor a moment"),
        (["report", "X", "1990"], "参数 YEAR 有误：1990 不在范围", "is not in the range"),
        (["check", "--nope"], "没有选项 --nope", "No such option"),
        (["nope"], "没有命令 nope", "No such command"),
        (["diff", "A", "2026-01", "B"], "多出了参数：B", "unexpected extra argument"),
    ],
)
def test_a_wrong_call_is_told_in_one_language(words: list[str], zh: str, en: str) -> None:
    options = ["--home", "/nowhere"] if words[0] == "diff" else []
    told = run(*words, *options)
    assert told.exit_code == 2 and zh in told.stderr and not told.stdout
    assert "Error" not in told.stderr and "Usage" not in told.stderr and " is not " not in told.stderr
    for more in (["--lang", "en"], ["--lang=en"]):
        told = run(*words, *options, *more)
        assert told.exit_code == 2 and en in told.stderr
        assert not any("一" <= letter <= "鿿" for letter in told.stderr.replace("昨天", "").replace("钢", ""))
    told = run(*words, *options, "--json")
    message = json.loads(told.stdout)["error"]["message"]
    assert told.exit_code == 2 and zh in message["zh"] and en in message["en"]


def test_a_place_that_cannot_be_written_is_told_in_words(
    make_place: Callable[..., Place],  # noqa: F811
) -> None:
    place = make_place(FIRST_GAS)
    _, receipt = place.submit(gas())
    for words in (
        ["plan", "template", "power", "--plant", FIRST_GAS, "-o", f"{NOWHERE}/p.xlsx"],
        ["template", "power", "--plant", FIRST_GAS, "--month", "2026-02", "-o", f"{NOWHERE}/t.xlsx"],
        ["ledger", "prove", receipt["deposit_id"], "-o", f"{NOWHERE}/r.pdf"],
        ["backup", "-o", f"{NOWHERE}/b.tar"],
    ):
        told = place.run(*words)
        assert told.exit_code == 2 and f"不能读写 {NOWHERE}" in told.stderr and "路径中有一级不是文件夹" in told.stderr
        error = place.json(*words)["error"]
        assert error["code"] == "not_accessible" and NOWHERE in error["message"]["en"]


def test_receipts_that_cannot_be_written_stop_the_deposit(make_place: Callable[..., Place]) -> None:  # noqa: F811
    place = make_place(FIRST_GAS)
    status, told = place.submit(gas(), "--receipts", NOWHERE)
    assert status == 2 and told["error"]["code"] == "not_accessible"
    status, told = place.submit(gas(), "--receipts", str(place.folder / "new" / "receipts"))
    assert told["outcome"] == "new" and told["version"] == 1


def test_an_interrupted_command_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mrv.cli.rules.command.callback", interrupted)
    told = run("rules")
    assert told.exit_code == 130 and "已中断" in told.stderr


def test_a_fault_of_the_program_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("first line\nsecond line")

    monkeypatch.setattr("mrv.cli.rules.command.callback", broken)
    monkeypatch.setattr(sys, "argv", ["mrv", "rules"])
    monkeypatch.setattr("gc.set_threshold", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 2 and "程序本身出错" in told and "RuntimeError: first line (" in told
    assert "Traceback" not in told and Path(__file__).name in told
