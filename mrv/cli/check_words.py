"""What `mrv check` says beside the findings: values put in for absent ones, and what would let more rules run."""

from typing import Any

import pandas as pd

from mrv.cli.common import say
from mrv.findings.words import parameter_label
from mrv.pipeline.documents import line_inputs
from schemas import TABLES
from schemas.vocabulary import UNIT_LABELS

# What an officer can give beside the filing, in the order in which it is asked for.
GIVEN = {
    "register": ("给出企业和机组档案（--plant 文件）", "give the register of plant and units (--plant FILE)"),
    "control_plan": ("给出数据质量控制方案（--plant 文件）", "give the control plan (--plant FILE)"),
    "history": ("给出往期填报（--history 目录）", "give earlier filings (--history DIR)"),
    "as_of": ("给出检查日期（--as-of 日期）", "give the day of judgement (--as-of DATE)"),
    "attachments": ("随填报一并提交附件（zip）", "send the evidence files along (zip)"),
    "meter_month": (
        "导入表计读数（mrv ingest-meters，由夜间检查判断）",
        "take in meter readings (mrv ingest-meters; judged by the night)",
    ),
    "evidence": ("填写证据清单", "fill in the evidence list"),
}
LARGEST = "oxidation_rate"


def substitutions(line: dict[str, Any], lang: str) -> str:
    """In brackets, what an emission line was computed with though it was not filed; empty where everything was."""
    names = line["substituted"].split()
    inputs = line_inputs(line)
    zh = lang == "zh"
    defaults = [name for name in names if name != LARGEST or not line["provisional"]]
    told = [" ".join(part for part in (_label(name, zh), _amount(inputs.get(name))) if part) for name in defaults]
    parts = []
    if told:
        parts.append(f"采用缺省值：{'、'.join(told)}" if zh else f"defaults used: {', '.join(told)}")
    if line["provisional"]:
        parts.append("暂定：碳氧化率按上限 100 %" if zh else "provisional: oxidation rate at its upper bound 100 %")
    return "" if not parts else f"（{'；'.join(parts)}）" if zh else f" ({'; '.join(parts)})"


def _label(name: str, zh: bool) -> str:
    label = parameter_label(name)
    return label.zh if zh else label.en


def _amount(entry: dict[str, str | None] | None) -> str:
    if not entry or entry["value"] is None:
        return ""
    unit = entry["unit"] or ""
    return f"{entry['value']} {UNIT_LABELS.get(unit, unit)}".strip()


def show_not_run(not_run: pd.DataFrame, lang: str) -> None:
    """Rules that had nothing to look at, under what would let them run; the first thing lacking where there are several."""
    if not_run.empty:
        return
    zh = lang == "zh"
    groups: dict[str, list[str]] = {}
    for rule, needs in zip(not_run["rule"], not_run["needs"], strict=True):
        lacking = needs.split()
        given = next((name for name in GIVEN if name in lacking), lacking[0])
        groups.setdefault(given, []).append(rule)
    say(
        lang,
        f"  资料不足、未运行的规则 {len(not_run)} 条（说明见 mrv rules 编号）；补充以下资料即可运行：",
        f"  Rules not run for lack of data: {len(not_run)} (mrv rules CODE tells each); they run once you",
        dim=True,
    )
    known = [name for name in GIVEN if name in groups]
    for name in [*known, *(name for name in groups if name not in GIVEN)]:
        codes = ("、" if zh else ", ").join(groups[name])
        what = _given(name, zh)
        say(lang, f"    {what}：{codes}", f"    {what}: {codes}", dim=True)


def _given(need: str, zh: bool) -> str:
    if need in GIVEN:
        return GIVEN[need][0 if zh else 1]
    table = TABLES.get(need)
    if table is not None:
        return f"填报“{table.zh}”" if zh else f"file “{table.en}”"
    label = _label(need.removeprefix("parameter."), zh)
    return f"填报“{label}”" if zh else f"file “{label}”"
