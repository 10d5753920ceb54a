"""A rule's page, made from its declaration and its rows of the threshold table."""

from emission_factors import factors
from mrv.screening.rule import Rule
from schemas.choices import CLASSES, SEVERITIES

HEADINGS = {
    "zh": (
        "严重程度",
        "类别",
        "版本",
        "依据",
        "需要的数据",
        "检查到的问题",
        "为什么重要",
        "如何处理",
        "阈值",
        "（无）",
    ),
    "en": (
        "Severity",
        "Class",
        "Version",
        "Basis",
        "Needs",
        "What it says",
        "Why it matters",
        "How to fix",
        "Thresholds",
        "(none)",
    ),
}


def page(rule: Rule, lang: str) -> str:
    """The page of one rule as Markdown, in Chinese (`zh`) or English (`en`)."""
    side = 0 if lang == "zh" else 1
    severity, kind, version, basis, needs, what, why, fix, limits, none = HEADINGS[lang]
    lines = [f"# {rule.code} {getattr(rule.title, lang)}", ""]
    lines += [
        f"- {severity}: {SEVERITIES[rule.severity][side]}",
        f"- {kind}: {CLASSES[rule.kind][side]}",
        f"- {version}: {rule.version}",
    ]
    lines += [f"- {needs}: {', '.join(rule.needs) or none}", "", f"## {what}", "", getattr(rule.message, lang)]
    lines += ["", f"## {why}", "", getattr(rule.why, lang), "", f"## {fix}", "", getattr(rule.fix, lang)]
    lines += ["", f"## {basis}", "", *(f"- {text}" for text in rule.basis), "", f"## {limits}", ""]
    rows = [row for row in factors().rows("thresholds") if row.column("rule") == rule.code]
    lines += [f"- {row.column('name')} = {row.text} {row.unit} ({row.certainty}; {row.source})" for row in rows] or [
        none
    ]
    return "\n".join(lines)
