"""What `mrv check` tells beside the findings: substituted values by name, and what would let more rules run."""

from decimal import Decimal

import pandas as pd
import pytest

from mrv.accounting.accounts import LINE_COLUMNS
from mrv.cli.check_words import show_not_run, substitutions


def line(**cells: object) -> dict[str, object]:
    values = {"stream_id": "bituminous_coal", "source": "combustion", "net_calorific_value": Decimal("26.7")}
    values |= {"carbon_per_heat": Decimal("0.03085"), "provisional": True}
    return dict.fromkeys(LINE_COLUMNS) | values | cells


def test_every_substituted_value_is_told_with_its_unit() -> None:
    all_three = line(substituted="net_calorific_value carbon_per_heat oxidation_rate")
    told = substitutions(all_three, "zh")
    assert "收到基低位发热量 26.7 GJ/t、单位热值含碳量 0.03085 tC/GJ" in told
    assert told.endswith("；暂定：碳氧化率按上限 100 %）")
    assert "defaults used: " in substitutions(all_three, "en")
    assert substitutions(line(substituted="oxidation_rate"), "zh") == "（暂定：碳氧化率按上限 100 %）"
    assert substitutions(line(substituted="", provisional=False), "zh") == ""


def test_rules_not_run_stand_under_what_would_run_them(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("PHY-10", "register parameter.power_generation"), ("SCH-03", "history"), ("V06", "register")]
    rows += [("FOR-19", "event"), ("XRC-11", "parameter.fuel_feeder")]
    show_not_run(pd.DataFrame(rows, columns=["rule", "needs"]), "zh")
    lines = capsys.readouterr().out.splitlines()
    assert "5 条" in lines[0]
    assert lines[1].endswith("（--plant 文件）：PHY-10、V06") and lines[2].endswith("（--history 目录）：SCH-03")
    assert lines[3:] == ["    填报“机组事件”：FOR-19", "    填报“消耗量（给煤机累计）”：XRC-11"]
    show_not_run(pd.DataFrame(columns=["rule", "needs"]), "zh")
    assert capsys.readouterr().out == ""
