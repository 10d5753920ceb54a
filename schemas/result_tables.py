"""What the pipeline writes: emissions, findings, the annual report."""

from schemas import choices
from schemas.column import Column, Table, choice, number
from schemas.filing_tables import MONTH, PLANT, SECTOR, STREAM, UNIT

EMISSION = Table(
    "emission",
    "排放量",
    "Emissions",
    (
        PLANT,
        SECTOR,
        UNIT,
        STREAM,
        MONTH,
        choice("source", "排放源", "Source", choices.SOURCES, required=True),
        choice("level", "层级", "Level", choices.LEVELS, required=True),
        Column("gas", "气体", "Gas", required=True),
        number("tonnes", "气体质量", "Tonnes of gas", "t", None, required=True),
        number("tco2e", "排放量", "Emission", "tCO2e", 2, required=True),
        Column("formula", "公式编号", "Formula", required=True),
        Column("inputs", "输入", "Inputs", "json", required=True),
        Column("factors", "因子行", "Factor rows", "json", required=True),
        Column("rule_set", "规则集", "Rule set", required=True),
        choice("provisional", "暂定", "Provisional", choices.YES_NO, required=True),
    ),
    key=("plant_id", "sector", "unit_id", "stream_id", "month", "source", "level", "gas"),
)

FINDING = Table(
    "finding",
    "检查结果",
    "Findings",
    (
        Column("id", "标识", "Identity", "hash", required=True),
        Column("rule", "规则", "Rule", required=True),
        choice("severity", "严重程度", "Severity", choices.SEVERITIES, required=True),
        choice("class", "类别", "Class", choices.CLASSES, required=True),
        PLANT,
        choice("sector", "行业", "Sector", choices.SECTORS),  # empty for a fault of the file as a whole
        Column("unit_id", "机组编号", "Unit"),
        STREAM,
        Column("parameter", "参数", "Parameter"),
        Column("period", "期间", "Period", required=True),
        Column("item", "对象", "Item"),
        Column("message_zh", "问题", "What (Chinese)", required=True),
        Column("message_en", "问题（英文）", "What", required=True),
        Column("why_zh", "原因", "Why (Chinese)"),
        Column("why_en", "原因（英文）", "Why"),
        Column("fix_zh", "处理办法", "Fix (Chinese)", required=True),
        Column("fix_en", "处理办法（英文）", "Fix", required=True),
        Column("sheet", "工作表", "Sheet"),
        Column("cell", "单元格", "Cell"),
        Column("value", "填报值", "Value as written"),
        Column("expected", "应为", "Expected"),
        number("impact_tco2e", "排放影响", "Effect on emissions", "tCO2", 2),
        number("impact_allowance_t", "配额影响", "Effect on allowances", "t", 2),
        number("impact_gap_t", "缺口影响", "Effect on the gap", "t", 2),
        Column("impact_scope", "影响范围", "Scope of the impact"),
        Column("basis", "依据", "Basis"),
        Column("file_sha256", "文件SHA-256", "File SHA-256", "hash"),
    ),
    key=("id",),
)

ANNUAL_REPORT = Table(
    "annual_report",
    "年度排放报告",
    "Annual report",
    (
        PLANT,
        SECTOR,
        Column("year", "报告年度", "Year", required=True),
        Column("table", "报告表", "Report table", required=True),
        Column("row_code", "行号", "Row", required=True),
        Column("unit_id", "机组编号", "Unit"),
        STREAM,
        Column("item", "项目", "Item", required=True),
        Column("unit", "计量单位", "Unit of measure"),
        Column("period", "月份或年度", "Month or year", required=True),
        Column("reported", "填报值", "Reported"),
        Column("verified", "核查值", "Verified"),
        Column("method", "取值方式", "Method"),
        Column("source_document", "数据来源", "Source document"),
        Column("reason", "差异原因", "Reason for a difference"),
        choice("provisional", "暂定", "Provisional", choices.YES_NO),
    ),
    key=("plant_id", "sector", "year", "table", "row_code", "unit_id", "stream_id", "item", "period"),
)

RULE = Table(
    "rule",
    "规则目录",
    "Rule catalogue",
    (
        Column("rule", "规则", "Rule", required=True),
        Column("version", "版本", "Version", required=True),
        Column("title_zh", "名称", "Title (Chinese)", required=True),
        Column("title_en", "名称（英文）", "Title", required=True),
        choice("severity", "严重程度", "Severity", choices.SEVERITIES, required=True),
        choice("class", "类别", "Class", choices.CLASSES, required=True),
        Column("basis", "依据", "Basis", required=True),
    ),
    key=("rule",),
)

RESULT_TABLES = (EMISSION, FINDING, ANNUAL_REPORT, RULE)
