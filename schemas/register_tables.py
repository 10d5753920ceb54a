"""The plant register and what meters send: tables that change rarely, or arrive by the hour."""

from schemas import choices
from schemas.column import Column, Table, choice, number
from schemas.filing_tables import MONTH, PLANT, SECTOR, UNIT
from schemas.vocabulary import MATERIALS, PLAN_ITEMS, PLAN_SECTIONS, PROCESSES

PLANT_TABLE = Table(
    "plant",
    "重点排放单位",
    "Key emitters",
    (
        PLANT,
        SECTOR,
        Column("name", "单位名称", "Name", required=True),
        Column("credit_code", "统一社会信用代码", "Unified social credit code", required=True),
        Column("province", "省份", "Province", required=True),
        Column("address", "生产场所地址", "Production site address"),
        number("longitude", "经度", "Longitude", "°", 6, "73", "136"),
        number("latitude", "纬度", "Latitude", "°", 6, "3", "54"),
        number("altitude", "海拔", "Altitude", "m", 1, "-160", "6000"),
        Column("legal_representative", "法定代表人", "Legal representative"),
        Column("contact", "联系人", "Contact"),
        Column("reporting_authority", "管辖生态环境部门", "Reporting authority"),
        Column("laboratories", "煤样检测机构", "Coal laboratories"),
        Column("grid_region", "所属电网", "Grid region"),
    ),
    key=("plant_id", "sector"),
)

UNIT_TABLE = Table(
    "unit",
    "机组",
    "Units",
    (
        PLANT,
        UNIT,
        Column("name", "机组名称", "Name"),
        choice("unit_class", "机组类别", "Unit class", choices.UNIT_CLASSES, required=True),
        choice("product_class", "产品类别", "Product class", choices.PRODUCT_CLASSES, required=True),
        number("capacity", "装机容量", "Rated capacity", "MW", 3, "0", "2000", required=True),
        choice("boiler_type", "锅炉类型", "Boiler type", choices.BOILER_TYPES),
        choice("cooling_mode", "冷却方式", "Cooling mode", choices.COOLING_MODES),
        Column("fuels", "燃料（分号分隔）", "Fuels (separated by semicolons)"),
        Column("merged_with", "合并填报组", "Merged reporting group"),
        choice("standby", "备用机组", "Stand-by unit", choices.YES_NO),
        Column("boiler_code", "锅炉编号", "Boiler code"),
        Column("turbine_code", "汽轮机编号", "Turbine code"),
        Column("generator_code", "发电机编号", "Generator code"),
        Column("pressure_class", "压力参数", "Pressure class"),
        Column("commissioned_on", "投运日期", "Commissioned", "date"),
        Column("closed_on", "关停日期", "Closed", "date"),
    ),
    key=("plant_id", "unit_id"),
)

FACILITY_TABLE = Table(
    "facility",
    "生产线与工序",
    "Production lines and processes",
    (
        PLANT,
        SECTOR,
        UNIT,
        Column("name", "名称", "Name"),
        choice(
            "process",
            "工序类别",
            "Kind of process",
            {name: (entry.zh, entry.en) for name, entry in PROCESSES.items()},
            required=True,
        ),
        Column("fuels", "燃料（分号分隔）", "Fuels (separated by semicolons)"),
        Column("materials", "原料与产品（分号分隔）", "Materials and products (separated by semicolons)"),
        number("capacity", "核定产能", "Approved capacity", "", 4, "0"),
        Column("capacity_unit", "产能单位", "Unit of the capacity"),
        choice(
            "clinker_kind",
            "熟料类别",
            "Clinker category",
            {name: (entry.zh, entry.en) for (_, name), entry in MATERIALS.items() if entry.role == "clinker"},
        ),
        Column("clinker_variety", "熟料品种", "Clinker variety"),
        Column("kiln_size", "窑规格（m）", "Kiln size (m)"),
        choice("carbide_slag_line", "核定为电石渣生产线", "Approved as a carbide-slag line", choices.YES_NO),
        choice("gypsum_acid_line", "石膏制硫酸联产熟料线", "Gypsum-to-sulphuric-acid line", choices.YES_NO),
        Column("alternative_fuels", "核定替代燃料种类与能力", "Approved alternative fuels"),
        Column("co_processing", "核定协同处置种类与能力", "Approved co-processing"),
        choice("combustion_equipment", "燃烧设备", "Combustion equipment", choices.COMBUSTION_EQUIPMENT),
        number("design_current", "设计电流", "Design current", "kA", 2, "0", "1500"),
        number("design_voltage", "设计电压", "Design voltage", "V", 3, "0", "10"),
        number("cells", "电解槽数", "Number of cells", "", 0, "0", "3000"),
        number("rectifiers", "整流机组数", "Number of rectifiers", "", 0, "0", "100"),
        choice("coke_oven_kind", "焦炉类型", "Kind of coke oven", choices.COKE_OVENS),
        choice("flue_gas_monitoring", "烟气二氧化碳自动监测", "Flue-gas CO₂ monitoring", choices.YES_NO),
        Column("commissioned_on", "投产日期", "Commissioned", "date"),
        Column("closed_on", "关停日期", "Closed", "date"),
    ),
    key=("plant_id", "sector", "unit_id"),
)

METER = Table(
    "meter",
    "计量器具",
    "Meters",
    (
        PLANT,
        UNIT,
        Column("meter_id", "表计编号", "Meter", required=True),
        Column("parameter", "对应参数", "Parameter", required=True),
        Column("stream_id", "燃料或物料", "Fuel or material"),
        choice("reading_kind", "读数类型", "Kind of reading", choices.READING_KINDS, required=True),
        Column("unit", "计量单位", "Unit of measure", required=True),
        number("multiplier", "倍率", "Multiplier", "", None, "0", required=True),
        number("register_limit", "满度值", "Register limit", "", None, "0"),
        number("interval_minutes", "采集间隔", "Interval", "min", 0, "1", "1440"),
        number("specified_accuracy", "规定准确度", "Specified accuracy", "%", 3, "0", "20"),
        number("calibrated_accuracy", "检定准确度", "Calibrated accuracy", "%", 3, "0", "20"),
        Column("calibrated_on", "检定日期", "Calibrated", "date"),
        Column("calibration_valid_to", "检定有效期至", "Calibration valid to", "date"),
        Column("certificate", "检定证书编号", "Certificate"),
    ),
    key=("plant_id", "meter_id"),
)

METER_READING = Table(
    "meter_reading",
    "表计时序读数",
    "Meter readings",
    (
        PLANT,
        Column("meter_id", "表计编号", "Meter", required=True),
        Column("timestamp", "时段结束时间（UTC）", "End of interval (UTC)", "timestamp", required=True),
        Column("value", "读数", "Value", "decimal", required=True),
        Column("unit", "计量单位", "Unit of measure", required=True),
        choice("quality", "数据质量", "Quality", choices.QUALITIES),
    ),
    key=("plant_id", "meter_id", "timestamp"),
)

CONTROL_PLAN = Table(
    "control_plan",
    "数据质量控制方案",
    "Data quality control plan",
    (
        PLANT,
        # A line without a sector holds for every sector of the plant.
        choice("sector", "行业", "Sector", choices.SECTORS),
        Column("version", "版本", "Version", required=True),
        Column("valid_from", "生效日期", "Valid from", "date", required=True),
        Column("valid_to", "失效日期", "Valid to", "date"),
        UNIT,
        Column("stream_id", "燃料或物料", "Fuel or material"),
        Column("parameter", "参数", "Parameter", required=True),
        choice("method", "取值方式", "Method", choices.PLAN_METHODS, required=True),
        Column("description", "数据来源说明（原始记录与台账全称）", "Raw records and ledgers by their exact names"),
        Column("meter_id", "表计编号", "Meter"),
        Column("location", "安装位置", "Place of the meter"),
        choice("fc_source", "消耗量获取方式", "Source of consumption", choices.FC_SOURCES),
        choice("carbon_scheme", "元素碳检测方式", "Carbon test scheme", choices.CARBON_SCHEMES),
        Column("frequency", "监测频次", "Frequency"),
        Column("accuracy_class", "准确度等级", "Accuracy class"),
        Column("calibration_frequency", "检定频次", "Calibration frequency"),
        Column("recording_frequency", "记录频次", "Recording frequency"),
        Column("missing_data_treatment", "缺失数据处理", "Treatment of missing data"),
        Column("department", "负责部门", "Department"),
    ),
    key=("plant_id", "sector", "version", "unit_id", "stream_id", "parameter"),
)

PLAN_SECTION = Table(
    "plan_section",
    "数据质量控制方案文本",
    "Texts of the data quality control plan",
    (
        PLANT,
        SECTOR,
        Column("version", "版本", "Version", required=True),
        choice(
            "section",
            "部分",
            "Section",
            {name: (f"{name} {zh}", f"{name} {en}") for name, (zh, en) in PLAN_SECTIONS.items()},
            required=True,
        ),
        choice(
            "item",
            "项目",
            "Item",
            {name: (entry.zh, entry.en) for name, entry in PLAN_ITEMS.items()},
            required=True,
        ),
        Column("text", "内容", "Text", required=True),
    ),
    key=("plant_id", "sector", "version", "section", "item"),
)

METER_MONTH = Table(
    "meter_month",
    "表计月度汇总",
    "Monthly quantities from meters",
    (
        PLANT,
        UNIT,
        Column("meter_id", "表计编号", "Meter", required=True),
        Column("stream_id", "燃料或物料", "Fuel or material"),
        Column("parameter", "对应参数", "Parameter", required=True),
        MONTH,
        Column("quantity", "本月用量", "Quantity", "decimal", required=True),
        Column("unit", "计量单位", "Unit of measure", required=True),
        number("hours_expected", "应有小时数", "Hours expected", "h", 2, "0", "744"),
        number("hours_present", "实有小时数", "Hours present", "h", 2, "0", "744"),
        number("longest_gap", "最长缺失", "Longest gap", "h", 2, "0", "744"),
        number("longest_flat_run", "最长恒值", "Longest flat run", "h", 2, "0", "744"),
    ),
    key=("plant_id", "meter_id", "month"),
)

REGISTER_TABLES = (
    PLANT_TABLE,
    UNIT_TABLE,
    FACILITY_TABLE,
    METER,
    CONTROL_PLAN,
    PLAN_SECTION,
    METER_READING,
    METER_MONTH,
)
