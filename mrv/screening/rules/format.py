"""What cannot be read, or is not what a cell of its kind may hold. Raised by intake and the schema check, but for future dates."""

import calendar
from datetime import date

import pandas as pd

from mrv.screening.case import Case
from mrv.screening.rule import Rule, Text
from schemas import TABLES
from schemas.choices import SECTORS

ALL = frozenset(SECTORS)
TEMPLATE = "填报模板与数据字典 / filing template and data dictionary (schemas)"
REPORT_DATES = ("sampled_on", "sent_on", "received_on", "tested_on", "issued_on")


def _last_day(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1]).isoformat()


def not_yet(case: Case) -> pd.DataFrame:
    """Filings of a month that is not over on the day of judgement, and laboratory reports with a date after it."""
    if case.as_of is None:
        return pd.DataFrame()
    today = case.as_of.isoformat()
    months = {month: _last_day(month) for month in case.focus["month"].unique()}
    early = [month for month, last in months.items() if last > today]
    parameter = case.table("parameter")
    first = parameter[parameter["month"].isin(early)].drop_duplicates(["plant_id", "sector", "month"])
    filings = first[["plant_id", "sector", "month"]].assign(
        parameter="month",
        item="month",
        value=first["month"],
        table="parameter",
        position=first.index,
        expected="≤ " + today[:7],
        label=TABLES["parameter"].by_name["month"].zh,
        label_en=TABLES["parameter"].by_name["month"].en,
    )
    return pd.concat([filings, _reports(case, today, early)], ignore_index=True).assign(kind="future")


def _reports(case: Case, today: str, early: list[str]) -> pd.DataFrame:
    rows = case.table("coal_analysis")
    rows = rows[~rows["month"].isin(early)]
    parts = []
    for column in REPORT_DATES:
        bad = rows[rows[column] > today]
        parts.append(
            bad[["plant_id", "unit_id", "stream_id", "month"]].assign(
                item=bad["report_number"] + ":" + column,
                value=bad[column],
                expected="≤ " + today,
                table="coal_analysis",
                position=bad.index,
                column=column,
                label=TABLES["coal_analysis"].by_name[column].zh,
                label_en=TABLES["coal_analysis"].by_name[column].en,
            )
        )
    found = pd.concat(parts)
    # One report, one fault: the earliest step that lies in the future.
    return found[~found["position"].duplicated()]


RULES: tuple[Rule, ...] = (
    Rule(
        code="SCH-01",
        title=Text("文件无法解析", "Unreadable file"),
        severity="blocks",
        kind="format",
        basis=(TEMPLATE,),
        sectors=ALL,
        message=Text("文件“{item}”无法读取：{kind}。", "The file “{item}” cannot be read: {kind}."),
        why=Text("读不出的文件不能作为存证数据。", "A file that cannot be read cannot be deposited as data."),
        fix=Text(
            "请用 Excel 打开确认内容后另存为 .xlsx 再提交。",
            "Open it in Excel, check it, save it as .xlsx and submit that.",
        ),
    ),
    Rule(
        code="SCH-02",
        title=Text("模板版本未知", "Unknown template version"),
        severity="blocks",
        kind="format",
        basis=(TEMPLATE,),
        sectors=ALL,
        message=Text(
            "模板标识“{value}”：{kind}，应为“{expected}”。",
            "Template mark “{value}”: {kind}; “{expected}” is expected.",
        ),
        why=Text(
            "模板决定每个单元格的含义；版本或下发对象不符时，同一位置可能是另一个参数。",
            "The template says what each cell means; with another version or addressee the same place may be another "
            "quantity.",
        ),
        fix=Text(
            "请用系统为本企业、本月生成的最新模板重新填报。",
            "Fill in the current template that was generated for this plant and month.",
        ),
    ),
    Rule(
        code="SCH-10",
        title=Text("非法数值", "Illegal value"),
        severity="blocks",
        kind="format",
        basis=(TEMPLATE,),
        sectors=ALL,
        message=Text("{whose}“{label}”填写为“{value}”：{kind}。", "“{label}”{whose} holds “{value}”: {kind}."),
        why=Text(
            "该单元格不能读作有效内容，所在行未被采用。", "The cell cannot be understood, so its row was not used."
        ),
        fix=Text("更正该单元格：{advice}。", "Correct the cell: {advice}."),
    ),
    Rule(
        code="SCH-13",
        title=Text("日期非法", "Calendar error"),
        severity="blocks",
        kind="format",
        basis=(TEMPLATE,),
        needs=("parameter", "as_of"),
        sectors=ALL,
        body=not_yet,
        message=Text(
            "{whose}“{label}”填写为“{value}”：{kind}，应为 {expected}。",
            "“{label}”{whose} holds “{value}”: {kind}; {expected} is expected.",
        ),
        why=Text(
            "日期决定适用的核算规则、因子和存证时限，不存在或尚未到来的日期不能采用。",
            "Dates decide which rules, factors and deadlines apply; a date that does not exist or has not come cannot "
            "be used.",
        ),
        fix=Text("请核对原始记录，改为实际日期。", "Check the original record and enter the actual date."),
    ),
    Rule(
        code="SCH-15",
        title=Text("工作簿隐患", "Traps of the workbook"),
        severity="note",
        kind="format",
        basis=(TEMPLATE,),
        sectors=ALL,
        message=Text("工作簿“{item}”：{kind}。", "Workbook “{item}”: {kind}."),
        why=Text(
            "隐藏的数据、没有结果的公式、错误值和合并单元格，会使人看到的与系统读到的不同。",
            "Hidden data, formulas without a result, error values and merged cells make a person and the program see "
            "different things.",
        ),
        fix=Text(
            "请取消隐藏与合并，用 Excel 重新计算后将公式粘贴为数值，再保存提交。",
            "Unhide and unmerge, recalculate in Excel, paste formulas as values, then save and submit.",
        ),
    ),
    Rule(
        code="SCH-16",
        title=Text("写法已规范", "Notation was normalised"),
        severity="note",
        kind="format",
        basis=(TEMPLATE,),
        sectors=ALL,
        message=Text(
            "“{label}”的“{value}”：{kind}，读作“{read_as}”。", "“{value}” of “{label}”: {kind}; read as “{read_as}”."
        ),
        why=Text(
            "数值本身没有改变，只是写法不同；请确认系统的理解正确。",
            "The value is unchanged, only its notation; confirm that it was understood as meant.",
        ),
        fix=Text(
            "如理解有误，请改为“{read_as}”这样的普通写法。",
            "If it was misunderstood, write it plainly, like “{read_as}”.",
        ),
    ),
    Rule(
        code="SCH-17",
        title=Text("未知列已忽略", "Unknown column ignored"),
        severity="note",
        kind="format",
        basis=(TEMPLATE,),
        sectors=ALL,
        message=Text(
            "列“{column}”不在数据字典中，其中的内容没有读取。",
            "The column “{column}” is unknown; what it holds was not read.",
        ),
        why=Text("若表头写错，重要数据会被漏读。", "If the header is misspelt, data that matter are left out."),
        fix=Text(
            "如该列是填报内容，请改用模板中的表头文字；否则不必处理。",
            "If the column belongs to the filing, use the header of the template; otherwise leave it.",
        ),
    ),
    Rule(
        code="SCH-18",
        title=Text("参数或燃料名称不符", "Parameter or fuel does not fit"),
        severity="blocks",
        kind="format",
        basis=(TEMPLATE,),
        sectors=ALL,
        message=Text("{whose}“{label}”填写为“{value}”：{kind}。", "“{label}”{whose} holds “{value}”: {kind}."),
        why=Text(
            "参数、燃料和行业决定采用哪个公式和因子；不认识的名称不能参与核算，该行未被采用。",
            "Parameter, fuel and sector decide the formula and the factor; an unknown name cannot be computed, its "
            "row was not used.",
        ),
        fix=Text("请改为：{expected}。", "Change it to: {expected}."),
    ),
    Rule(
        code="SCH-20",
        title=Text("同一项目填报不同数值", "One key, different values"),
        severity="blocks",
        kind="consistency",
        basis=(TEMPLATE,),
        sectors=ALL,
        message=Text(
            "{whose}“{label}”填报了不止一次且内容不同：{others}。",
            "“{label}”{whose} was filed more than once with different content: {others}.",
        ),
        why=Text(
            "系统不替企业选择以哪一行为准，因此这些行都没有采用。",
            "The program does not choose between rows for the plant, so none of them was used.",
        ),
        fix=Text("请核对原始记录，只保留正确的一行。", "Check the original record and keep only the right row."),
    ),
)
