"""A list of findings as a person reads it: the words of each column, of a cell's comment, and of the summary line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from mrv.findings.words import parameter_label, stream_label
from mrv.reporting.sheet_styles import as_decimal
from schemas.choices import SEVERITIES
from schemas.location import sheet_and_cell

Language = Literal["zh", "en"]
Finding = dict[str, Any]  # one object of `findings` in the output of `mrv check --json`
TITLES = {"zh": "检查结果", "en": "Findings"}
IN_COMMENT = 6  # findings of one cell spelled out in its comment; the rest are counted
LONGEST = 32_000  # characters of a cell or comment, below Excel's own limit of 32 767


@dataclass(frozen=True)
class ListColumn:
    """One column of the list: its header in both languages and its width."""

    name: str
    zh: str
    en: str
    width: float
    number: bool = False


COLUMNS = (
    ListColumn("number", "序号", "No.", 6),
    ListColumn("severity", "严重程度", "Severity", 12),
    ListColumn("rule", "规则", "Rule", 11),
    ListColumn("place", "位置", "Place", 20),
    ListColumn("unit", "机组/生产线/工序", "Unit, line or process", 12),
    ListColumn("stream", "燃料或物料", "Fuel or material", 14),
    ListColumn("parameter", "参数", "Parameter", 20),
    ListColumn("period", "期间", "Period", 10),
    ListColumn("message", "问题", "What is wrong", 50),
    ListColumn("fix", "怎样处理", "How to fix it", 40),
    ListColumn("value", "填报值", "As written", 14),
    ListColumn("expected", "应为", "Expected", 16),
    ListColumn("impact_tco2e", "排放影响（tCO₂）", "Effect on emissions (tCO₂)", 12, True),
    ListColumn("impact_allowance_t", "配额影响（t）", "Effect on allowances (t)", 12, True),
    ListColumn("impact_gap_t", "缺口影响（t）", "Effect on the gap (t)", 12, True),
)
_WORDS = {
    "whole": ("整份文件", "whole file"),
    "fix": ("处理：", "Fix: "),
    "rule": ("规则：", "Rule: "),
    "more": ("另有{}条，见“检查结果”。", "{} more on the sheet “Findings”."),
    "none": ("没有发现问题。", "No findings."),
    "advice": (
        "点击“位置”跳到单元格。提示是需要核对之处，不等于认定有误。改好后保存并重新提交即可，本页不用删除。",
        "Click a place to go to the cell. A finding asks for a check and is no verdict. "
        "Correct, save and submit again; this sheet may stay.",
    ),
}
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def word(name: str, lang: Language) -> str:
    return _WORDS[name][lang == "en"]


def clean(text: object) -> str:
    """Text without the control characters no workbook can hold, and not longer than a cell."""
    return _ILLEGAL.sub("", "" if text is None else str(text))[:LONGEST]


def severity_word(finding: Finding, lang: Language) -> str:
    return SEVERITIES[finding["severity"]][lang == "en"]


def first_sentence(text: str) -> str:
    """Up to and with the first full stop of a sentence; a point inside a number or a word is none."""
    found = re.match(r".*?(?:[。！？]|[.!?](?=\s|$))", text, re.DOTALL)
    return (found.group() if found else text).strip()


def comment_of(findings: Sequence[Finding], lang: Language) -> str:
    """One comment for all findings of a cell, worst first: severity, first sentence, fix, rule."""
    ordered = sorted(findings, key=lambda finding: list(SEVERITIES).index(finding["severity"]))
    parts = []
    for finding in ordered[:IN_COMMENT]:
        severity = severity_word(finding, lang)
        opening = f"【{severity}】" if lang == "zh" else f"[{severity}] "
        lines = [opening + first_sentence(finding["message"][lang])]
        if finding["fix"][lang]:
            lines.append(word("fix", lang) + finding["fix"][lang])
        parts.append("\n".join([*lines, word("rule", lang) + finding["rule"]]))
    if len(ordered) > IN_COMMENT:
        parts.append(word("more", lang).format(len(ordered) - IN_COMMENT))
    return clean("\n\n".join(parts))


def worst(findings: Sequence[Finding]) -> str:
    """The severity code of the worst finding."""
    return min((finding["severity"] for finding in findings), key=list(SEVERITIES).index)


def place_of(finding: Finding, lang: Language) -> str:
    """Sheet and cell as a person names them."""
    sheet, cell = finding.get("sheet") or "", finding.get("cell") or ""
    return clean(sheet_and_cell(sheet, cell)) or word("whole", lang)


def cells_of_row(number: int, finding: Finding, lang: Language) -> list[str | int | Decimal]:
    """The cells of one line of the list, in the order of `COLUMNS`; codes are shown by their labels."""
    stream, parameter = finding.get("stream_id") or "", finding.get("parameter") or ""
    texts: dict[str, object] = {
        "severity": severity_word(finding, lang),
        "rule": finding["rule"],
        "place": place_of(finding, lang),
        "unit": finding.get("unit_id"),
        "stream": getattr(stream_label(stream), lang),
        "parameter": getattr(parameter_label(parameter), lang),
        "period": finding.get("period"),
        "message": finding["message"][lang],
        "fix": finding["fix"][lang],
        "value": finding.get("value"),
        "expected": finding.get("expected"),
    }
    row: list[str | int | Decimal] = [number]
    for column in COLUMNS[1:]:
        if column.number:
            amount = as_decimal(str(finding.get(column.name) if finding.get(column.name) is not None else ""))
            row.append("" if amount is None else amount)
        else:
            row.append(clean(texts[column.name]))
    return row


def summary(findings: Sequence[Finding], lang: Language) -> str:
    """How many findings there are, by severity."""
    if not findings:
        return word("none", lang)
    counts = [(SEVERITIES[code][lang == "en"], sum(f["severity"] == code for f in findings)) for code in SEVERITIES]
    if lang == "zh":
        return f"共{len(findings)}条：" + "，".join(f"{label}{count}条" for label, count in counts)
    return f"{len(findings)} findings: " + ", ".join(f"{label.lower()} {count}" for label, count in counts)
