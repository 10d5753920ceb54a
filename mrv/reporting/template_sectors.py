"""What the workbook of a sector is made of and how it speaks: sheets, titles, the word for a unit, the guide's lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mrv.intake.header import UNIT_WORDS

GUIDE_SHEET, ESTIMATE_SHEET = "填报说明", "本月测算"
FUEL_SHEET, MATERIAL_SHEET, PRODUCTION_SHEET = "燃料参数", "物料参数", "生产参数"
UNIT_SHEET, FACILITY_SHEET = "机组", "生产线与工序"


@dataclass(frozen=True)
class Part:
    """One sheet as the guide presents it."""

    sheet: str
    what: str
    who: str
    when: str


@dataclass(frozen=True)
class SectorPages:
    """The pages of one sector's workbook. `tables`: the table sheets; `names`: sheets that are not called as the table is."""

    title: str
    unit_header: str
    unit_word: str
    register_sheet: str
    parameter_sheets: tuple[str, ...]
    fuel_choices: tuple[str, ...]
    tables: tuple[str, ...]
    parts: tuple[Part, ...]
    sector_step: str
    names: Mapping[str, str] = field(default_factory=dict)
    event_hint: str = "停机、检修、启动、燃料变化、计量器具更换各填一行；当月没有则不填。"
    advice: Mapping[str, str] = field(default_factory=dict)


_ADVICE = {
    "net_calorific_value": "有实测时填实测值（检测报告带CMA或CNAS标识）；没有实测的留空，系统按缺省值计算。",
    "carbon_per_heat": "有实测时填实测值；没有实测的留空，系统按缺省值计算。",
    "fuel_consumption": "消耗量＝购入量＋期初库存量－期末库存量－外销量。",
    "material_consumption": "净消耗量＝购入量＋期初库存量－期末库存量－外销量。排放因子一律取缺省值，不用填报。",
    "carbonate_purity": "没有检测的留空，按100%计算（偏高）。",
    "substitute_consumption": "入窑的非碳酸盐替代原料消耗量。扣减系数一律取缺省值，不用填报。",
    "clinker_output": "熟料过程排放因子按登记的熟料类别取缺省值，不用填报。",
    "reported_emission": "本单位自行算出的排放量，仅供复算核对，不计入核算结果。",
    "anode_consumption": "预焙阳极毛耗（含残极）。阳极损失率一律取缺省值，不用填报。",
    "anode_sulphur": "有实测时填实测值；没有实测的留空，系统按缺省值计算。",
    "anode_ash": "有实测时填实测值；没有实测的留空，系统按缺省值计算。",
    "aluminium_output": "当月铝液产量。CF₄、C₂F₆ 排放因子一律取缺省值，不用填报。",
    "run_hours": "当月运行小时数，不超过当月日历小时数。",
}
_STEEL_ADVICE = {
    "fuel_consumption": "外购燃料的净消耗量（外销大于购入时为负）；来源请选外购或自产，自产燃料不计入企业层级。"
    "单位热值含碳量一律取缺省值，不用填报。",
    "net_calorific_value": "外购固体燃料有实测时填实测值，全年不得再改回缺省值；没有实测的留空，系统按缺省值计算。"
    "焦炭的低位发热量和所有燃料的单位热值含碳量一律取缺省值，不用填报。",
    "fuel_input": "输入本工序的化石燃料（含自产），单独填报，不与输出相抵。低位发热量取企业层级的值。",
    "fuel_output": "本工序输出的化石燃料（如焦炉输出的焦炭、焦炉煤气），单独填报。",
    "crude_steel_output": "粗钢产量只在此填一次，固碳产品中的粗钢自动取此数。",
    "carbon_product_output": "外销量。固碳产品的排放因子一律取缺省值，不用填报。",
    "fuel_consumption_dry": "外购固体燃料的干燥基净消耗量（辅助参数）。",
    "moisture_ar": "外购固体燃料的月平均收到基水分（辅助参数）。",
}

_POWER = SectorPages(
    "发电企业碳排放关键参数月度填报表",
    "机组编号",
    "机组",
    UNIT_SHEET,
    (FUEL_SHEET, PRODUCTION_SHEET),
    ("origin", "state", "fc_source", "carbon_scheme"),
    ("coal_analysis", "daily_coal", "heat_flow", "meter_total", "event", "evidence"),
    (
        Part(UNIT_SHEET, "登记的机组信息，只读，供核对", "碳排放管理员", "月初核对"),
        Part(
            FUEL_SHEET,
            "每种燃料的消耗量、元素碳、水分、低位发热量、碳氧化率；下半部分为交叉核对数据",
            "燃料部、化验室",
            "月末5日内",
        ),
        Part(PRODUCTION_SHEET, "发电量、供热量、运行小时数、负荷系数及辅助参数", "生产技术部", "月末5日内"),
        Part(
            ESTIMATE_SHEET,
            "自动算出的收到基元素碳、热量与排放量估算，以及各表之间是否一致",
            "碳排放管理员",
            "提交前查看",
        ),
        Part("煤样检测", "元素碳检测报告，每份一行", "化验室", "收到报告后"),
        Part("每日煤量", "每日入炉煤量、全水、发热量、留样质量", "燃料部、化验室", "每日或月末"),
        Part("供热明细", "每条供热管线的流量、温度、压力、回水与补水", "生产技术部", "月末5日内"),
        Part("表计读数", "期末表码；本月用量自动得出", "生产技术部", "月末抄表日"),
        Part("机组事件", "停机、检修、启动、燃料变化、换表", "生产技术部", "发生时"),
        Part("证据清单", "应提交的支撑材料和文件名", "碳排放管理员", "提交前"),
    ),
    "6.  消耗量、元素碳、低位发热量应采用同一煤样状态（都为入炉，或都为入厂）。消耗量优先采用入炉计量。",
)


def _industry(
    company: str, fuels: str, materials: str, production: str, step: str, advice: Mapping[str, str]
) -> SectorPages:
    events = "停产与检修事件"
    return SectorPages(
        f"{company}企业碳排放关键参数月度填报表",
        UNIT_WORDS[0],
        "编号",
        FACILITY_SHEET,
        (FUEL_SHEET, MATERIAL_SHEET, PRODUCTION_SHEET),
        ("origin", "fc_source"),
        ("meter_total", "event", "flue_gas_daily", "evidence"),
        (
            Part(FACILITY_SHEET, "登记的生产线与工序信息，只读，供核对", "碳排放管理员", "月初核对"),
            Part(FUEL_SHEET, fuels, "能源部、化验室", "月末5日内"),
            Part(MATERIAL_SHEET, materials, "生产部、供销部", "月末5日内"),
            Part(PRODUCTION_SHEET, production, "生产部、能源部", "月末5日内"),
            Part(
                ESTIMATE_SHEET,
                "按填报数据和缺省因子自动算出的排放量估算，以及各表数据是否一致",
                "碳排放管理员",
                "提交前查看",
            ),
            Part("表计读数", "期末表码；本月用量自动得出", "计量部门", "月末抄表日"),
            Part(events, "停产、检修、启动、燃料变化、换表", "生产部", "发生时"),
            Part("烟气监测日均值", "装有烟气二氧化碳自动监测的设施，每天一行；没有则不填", "环保部门", "每日或月末"),
            Part("证据清单", "应提交的支撑材料和文件名", "碳排放管理员", "提交前"),
        ),
        step,
        {"event": events},
        "停产、检修、启动、燃料变化、计量器具更换各填一行；当月没有则不填。",
        {**_ADVICE, **advice},
    )


PAGES: dict[str, SectorPages] = {
    "power": _POWER,
    "cement": _industry(
        "水泥",
        "每条生产线每种燃料的消耗量；有实测的再填低位发热量、单位热值含碳量；下半部分为购销存核对数据",
        "入窑的非碳酸盐替代原料消耗量；下半部分为购销存核对数据",
        "每条生产线的熟料产量；辅助参数（电、热、生料、熟料成分）与熟料库存平衡数据",
        "6.  熟料过程排放因子、替代原料扣减系数一律取缺省值，不用填报；某条生产线扣减后小于零的，过程排放按零计。编号 ENT 为企业层级。",
        {},
    ),
    "aluminium": _industry(
        "铝冶炼",
        "企业层级每种燃料的消耗量；有实测的再填低位发热量、单位热值含碳量；下半部分为购销存核对数据",
        "碳酸盐的消耗量与纯度；下半部分为购销存核对数据",
        "每个电解系列的铝液产量、炭阳极消耗量、含硫量与灰分；辅助参数（交流电、直流电、系列电流、运行槽数）",
        "6.  阳极损失率、CF₄ 与 C₂F₆ 排放因子一律取缺省值，不用填报；炭阳极含硫量、灰分没有实测的留空。编号 ENT 为企业层级。",
        {},
    ),
    "steel": _industry(
        "钢铁",
        "企业层级外购燃料消耗量；各工序的燃料输入量与输出量；掺烧发电设施的燃料消耗量",
        "外购碳酸盐、电极、含碳原料的消耗量，外销含碳产品；下半部分为购销存核对数据",
        "粗钢产量、工序产品产量；辅助参数（电、热、发电设施）",
        "6.  编号 ENT 为企业层级。自产燃料在工序之间流转，不计入企业合计；“必填其一”的输入量、输出量填实际发生的一项（两项都有的都填）。单位热值含碳量与排放因子一律取缺省值，不用填报。",
        _STEEL_ADVICE,
    ),
}
