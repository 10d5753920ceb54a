"""A rule's page, made from its declaration and its rows of the threshold table, and the page of the whole catalogue."""

from emission_factors import factors
from mrv.screening.catalogue import subjects
from mrv.screening.rule import Rule, Text
from schemas.choices import CLASSES, SEVERITIES

SUBJECTS = {
    "aluminium_electrolysis": Text("铝电解", "Aluminium electrolysis"),
    "cement_clinker": Text("水泥熟料", "Cement clinker"),
    "industry_materials": Text("工业行业：物料与缺省值", "Industry: materials and defaults"),
    "steel_factors": Text("钢铁：规定值与取值方式", "Steel: prescribed values"),
    "steel_processes": Text("钢铁：工序", "Steel: processes"),
    "arithmetic": Text("算术关系", "Arithmetic"),
    "balances": Text("物料与能量平衡", "Balances"),
    "carbon_content": Text("元素碳含量", "Carbon content"),
    "coal_analysis": Text("煤质检测报告的内部关系", "Coal analysis"),
    "coal_rate": Text("供电煤耗与排放强度", "Coal rate and intensity"),
    "coal_regression": Text("煤质指标的相关关系", "Coal quality together"),
    "completeness": Text("完整性与时限", "Completeness and time limits"),
    "control_plan": Text("数据质量控制方案", "Control plan"),
    "cross_sources": Text("不同来源的交叉核对", "Second sources"),
    "energy": Text("能量与效率", "Energy and efficiency"),
    "evidence": Text("支撑材料", "Evidence"),
    "format": Text("格式", "Format"),
    "gas_and_biomass": Text("天然气与生物质", "Natural gas and biomass"),
    "heat_supply": Text("供热量", "Heat supplied"),
    "laboratory": Text("检测机构与检测报告", "Laboratories and reports"),
    "meter_months": Text("表计月度数据", "Meters by the month"),
    "meter_readings": Text("表计读数", "Meter readings"),
    "meters_calibration": Text("计量器具检定与校准", "Meters and calibration"),
    "operation": Text("机组运行", "Operation of units"),
    "register": Text("机组档案", "Unit register"),
    "temporal": Text("时间序列", "Month against month"),
    "unit_class": Text("机组类别", "Class of the unit"),
    "units_of_measure": Text("计量单位与数量级", "Units of measure"),
}
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


def catalogue_page() -> str:
    """The whole catalogue as one Markdown page: an index by subject, then each rule in Chinese and English.

    KeyError for a subject without a name in `SUBJECTS`.
    """
    lines = ["# 规则目录 / Catalogue of rules", ""]
    lines += ["由规则的声明生成，请勿手工修改。提示不等于错误。", ""]
    lines += ["Made from the declarations of the rules; not edited by hand. A flag is not a proof of an error.", ""]
    pages = []
    for subject, rules in subjects().items():
        title = SUBJECTS[subject]
        lines += [
            f"## {title.zh} / {title.en}",
            "",
            "| 规则 / rule | 严重程度 / severity | 名称 / title |",
            "|---|---|---|",
        ]
        for rule in sorted(rules, key=lambda one: one.code):
            severity = " / ".join(SEVERITIES[rule.severity])
            lines.append(f"| [{rule.code}](#{rule.code.lower()}) | {severity} | {rule.title.zh} / {rule.title.en} |")
            # The pages of one rule stand two levels below the title of this one.
            texts = [page(rule, lang).replace("\n## ", "\n#### ") for lang in ("zh", "en")]
            pages += ["---", "", f'<a id="{rule.code.lower()}"></a>', ""]
            pages += [f"##{text}\n" for text in texts]
        lines.append("")
    return "\n".join([*lines, *pages])
