"""Canonical tables that a plant deposits every month (关键参数月度存证)."""

from schemas import choices
from schemas.column import LOCATION, Column, Table, choice, number

PLANT = Column("plant_id", "企业编号", "Plant", required=True)
SECTOR = choice("sector", "行业", "Sector", choices.SECTORS, required=True)
UNIT = Column("unit_id", "机组编号", "Unit", required=True)
STREAM = Column("stream_id", "燃料或物料", "Fuel or material")
MONTH = Column("month", "月份", "Month", "month", required=True)

PARAMETER = Table(
    "parameter",
    "关键参数",
    "Key parameters",
    (
        PLANT,
        SECTOR,
        UNIT,
        STREAM,
        MONTH,
        Column("parameter", "参数", "Parameter", required=True, clause="schemas/vocabulary/parameters.csv"),
        Column("value", "数值", "Value", "decimal", required=True),
        Column("unit", "计量单位", "Unit of measure", required=True),
        choice("method", "取值方式", "Method", choices.METHODS, required=True),
        Column("source_document", "数据来源", "Source document"),
        choice("origin", "来源", "Origin", choices.ORIGINS),
        choice("state", "煤样状态", "State of the coal", choices.STATES, clause="CETS-VG-01.01-V02 表8、表9"),
        choice(
            "fc_source", "消耗量获取方式", "Source of consumption", choices.FC_SOURCES, clause="CETS-VG-01.01-V02 表7"
        ),
        choice(
            "carbon_scheme",
            "元素碳检测方式",
            "Carbon test scheme",
            choices.CARBON_SCHEMES,
            clause="CETS-VG-01.01-V02 表8",
        ),
        Column("file_sha256", "文件SHA-256", "File SHA-256", "hash", template=False),
        Column("sheet", "工作表", "Sheet", template=False),
        Column("cell", "单元格", "Cell", template=False),
    ),
    key=("plant_id", "sector", "unit_id", "stream_id", "month", "parameter"),
    sheet="关键参数",
)

DAILY_COAL = Table(
    "daily_coal",
    "每日煤量",
    "Daily coal",
    (
        PLANT,
        UNIT,
        Column("stream_id", "煤种", "Coal", required=True),
        Column("day", "日期", "Day", "date", required=True),
        number("fuel_consumption", "入炉煤量", "Coal fired", "t", 2, "0", "200000", required=True),
        number("moisture_ar", "收到基全水", "Total moisture", "%", 2, "0", "100"),
        number("net_calorific_value", "收到基低位发热量", "Net calorific value", "GJ/t", 3, "1", "60"),
        number("sample_mass", "留样质量", "Sample mass", "kg", 3, "0"),
        *LOCATION,
    ),
    key=("plant_id", "unit_id", "stream_id", "day"),
    sheet="每日煤量",
)

COAL_ANALYSIS = Table(
    "coal_analysis",
    "煤样检测",
    "Coal analysis",
    (
        PLANT,
        UNIT,
        Column("stream_id", "煤种", "Coal", required=True),
        Column("month", "代表月份", "Represented month", "month", required=True),
        Column("report_number", "报告编号", "Report number", required=True),
        Column("verification_code", "防伪码", "Verification code"),
        Column("laboratory", "检测机构", "Laboratory", required=True),
        Column("cma_number", "CMA编号", "CMA number"),
        Column("cnas_number", "CNAS编号", "CNAS number"),
        Column("accreditation_scope", "资质能力范围", "Scope (C;NCV;H;S;M)"),
        Column("accreditation_valid_to", "资质有效期至", "Accreditation valid to", "date"),
        Column("sampled_on", "采样日期", "Sampled", "date", required=True),
        Column("sent_on", "送样日期", "Sent", "date"),
        Column("received_on", "收样日期", "Received", "date"),
        Column("tested_on", "检测日期", "Tested", "date"),
        Column("issued_on", "报告日期", "Issued", "date", required=True),
        choice("basis", "元素碳基准", "Basis of carbon", choices.BASES, required=True),
        number("carbon", "元素碳", "Carbon", "%", 2, "0", "100", required=True),
        number("hydrogen_ad", "空气干燥基氢", "Hydrogen (air dry)", "%", 2, "0", "20"),
        number("sulphur_ad", "空气干燥基全硫", "Total sulphur (air dry)", "%", 2, "0", "20"),
        number("ash_ad", "空气干燥基灰分", "Ash (air dry)", "%", 2, "0", "100"),
        number("volatile_ad", "空气干燥基挥发分", "Volatile matter (air dry)", "%", 2, "0", "100"),
        number("fixed_carbon_ad", "空气干燥基固定碳", "Fixed carbon (air dry)", "%", 2, "0", "100"),
        number("moisture_ad", "空气干燥基水分", "Moisture (air dry)", "%", 2, "0", "100"),
        number("moisture_ar", "收到基全水", "Total moisture", "%", 2, "0", "100"),
        number(
            "gross_calorific_value_ad", "空气干燥基高位发热量", "Gross calorific value (air dry)", "MJ/kg", 3, "1", "60"
        ),
        number(
            "net_calorific_value_ar", "收到基低位发热量", "Net calorific value (as received)", "MJ/kg", 3, "1", "60"
        ),
        number("sample_mass", "样品质量", "Sample mass", "kg", 3, "0"),
        Column("seal_number", "封条编号", "Seal number"),
        Column("retained_place", "留样存放地点", "Place of the retained sample"),
        Column("retained_until", "留样保存至", "Retained until", "date"),
        Column("sampling_standard", "采样标准", "Sampling standard"),
        Column("preparation_standard", "制样标准", "Preparation standard"),
        Column("test_standard", "检测标准", "Test standard"),
        Column("sampler", "采样人", "Sampler"),
        Column("tester", "检测人", "Tester"),
        Column("signatory", "授权签字人", "Signatory"),
        Column("evidence_file", "报告文件名", "Report file"),
        Column("evidence_sha256", "报告文件SHA-256", "Report SHA-256", "hash", template=False),
        *LOCATION,
    ),
    key=("plant_id", "unit_id", "stream_id", "month", "report_number"),
    sheet="煤样检测",
)

HEAT_FLOW = Table(
    "heat_flow",
    "供热明细",
    "Heat deliveries",
    (
        PLANT,
        UNIT,
        Column("month", "月份", "Month", "month", required=True),
        Column("delivery", "供热管线", "Delivery", required=True),
        choice("route", "供热方式", "Route", choices.HEAT_ROUTES, required=True),
        choice("medium", "介质", "Medium", choices.MEDIA, required=True),
        number("mass", "供出量", "Mass delivered", "t", 2, "0", required=True),
        number("temperature", "供出温度", "Temperature", "°C", 2, "0", "700"),
        number("pressure", "供出压力（绝对）", "Pressure (absolute)", "MPa", 3, "0", "40"),
        number("return_mass", "回水量", "Return mass", "t", 2, "0"),
        number("return_temperature", "回水温度", "Return temperature", "°C", 2, "0", "375"),
        number("makeup_mass", "补水量", "Make-up mass", "t", 2, "0"),
        number("makeup_temperature", "补水温度", "Make-up temperature", "°C", 2, "0", "100"),
        number("heat", "供热量", "Heat", "GJ", 2, "0"),
        *LOCATION,
    ),
    key=("plant_id", "unit_id", "month", "delivery"),
    sheet="供热明细",
)

METER_TOTAL = Table(
    "meter_total",
    "表计读数",
    "Meter readings of the month",
    (
        PLANT,
        UNIT,
        Column("month", "月份", "Month", "month", required=True),
        Column("meter_id", "表计编号", "Meter", required=True),
        Column("stream_id", "燃料或物料", "Fuel or material"),
        Column("parameter", "对应参数", "Parameter", required=True),
        number("opening_reading", "期初表码", "Opening reading", "", None, "0", required=True),
        number("closing_reading", "期末表码", "Closing reading", "", None, "0", required=True),
        number("multiplier", "倍率", "Multiplier", "", None, "0", required=True),
        number("quantity", "本月用量", "Quantity", "", None, "0"),
        number("specified_accuracy", "规定准确度", "Specified accuracy", "%", 3, "0", "20"),
        number("calibrated_accuracy", "检定准确度", "Calibrated accuracy", "%", 3, "0", "20"),
        Column("calibrated_on", "检定日期", "Calibrated", "date"),
        Column("calibration_valid_to", "检定有效期至", "Calibration valid to", "date"),
        *LOCATION,
    ),
    key=("plant_id", "unit_id", "month", "meter_id"),
    sheet="表计读数",
)

EVENT = Table(
    "event",
    "机组事件",
    "Unit events",
    (
        PLANT,
        UNIT,
        choice("event", "事件", "Event", choices.EVENTS, required=True),
        Column("start", "开始日期", "From", "date", required=True),
        Column("end", "结束日期", "To", "date"),
        Column("item", "对象（表计或燃料）", "Item (meter or fuel)"),
        Column("remark", "说明", "Remark"),
        *LOCATION,
    ),
    key=("plant_id", "unit_id", "event", "start", "item"),
    sheet="机组事件",
)

EVIDENCE = Table(
    "evidence",
    "证据清单",
    "Evidence list",
    (
        PLANT,
        Column("unit_id", "机组编号", "Unit"),
        Column("stream_id", "燃料或物料", "Fuel or material"),
        Column("month", "月份", "Month", "month", required=True),
        Column("parameter", "对应参数", "Parameter", required=True),
        Column("evidence_file", "文件名", "File name", required=True),
        Column("description", "说明", "Description"),
        Column("evidence_sha256", "证据文件SHA-256", "Evidence SHA-256", "hash", template=False),
        *LOCATION,
    ),
    key=("plant_id", "unit_id", "stream_id", "month", "parameter", "evidence_file"),
    sheet="证据清单",
)

FLUE_GAS_DAILY = Table(
    "flue_gas_daily",
    "烟气监测日均值",
    "Daily means of flue-gas monitoring",
    (
        PLANT,
        UNIT,
        Column("day", "日期", "Day", "date", required=True),
        number("co2_share", "二氧化碳体积分数", "CO₂ by volume", "%", 2, "0", "100", clause="CETS-AG-03.01 表C.8"),
        number("co2_mass_concentration", "二氧化碳质量浓度", "CO₂ mass concentration", "g/m³", 3, "0", "2000"),
        number("flue_gas_temperature", "烟气温度", "Flue-gas temperature", "°C", 2, "-50", "600"),
        number("flue_gas_velocity", "烟气流速", "Flue-gas velocity", "m/s", 2, "0", "100"),
        number("flue_gas_moisture", "烟气湿度", "Flue-gas moisture", "%", 2, "0", "100"),
        number("oxygen_share", "氧含量", "Oxygen by volume", "%", 2, "0", "25"),
        number("flue_gas_flow", "烟气流量", "Flue-gas flow", "1e4Nm3/d", 3, "0"),
        number("co2_mass", "二氧化碳日排放量", "CO₂ of the day", "t/d", 3, "0", required=True),
        number("load", "生产负荷", "Load", "%", 1, "0", "150"),
        *LOCATION,
    ),
    key=("plant_id", "unit_id", "day"),
    sheet="烟气监测日均值",
)

FILING_TABLES = (PARAMETER, DAILY_COAL, COAL_ANALYSIS, HEAT_FLOW, METER_TOTAL, EVENT, FLUE_GAS_DAILY, EVIDENCE)
