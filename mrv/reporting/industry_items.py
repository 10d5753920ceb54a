"""Names of what stands in an industrial report and not in that of a power plant, each in Chinese and English."""

from mrv.accounting.input_words import NOT_FILED
from schemas import TABLES
from schemas.vocabulary import MATERIALS, PARAMETERS

Words = tuple[str, str]

ITEMS: dict[str, Words] = {
    "material_emission": ("原料排放量", "Emission of this material"),
    "product_deduction": ("固碳产品隐含的排放量（扣减）", "Carbon in this product (deducted)"),
    "input_emission": ("工序燃料输入对应的排放量", "Emission of the fuel put in"),
    "output_deduction": ("工序燃料输出对应的排放量（扣减）", "Emission of the fuel given off (deducted)"),
    "clinker_emission": ("熟料生产过程排放量", "Process emission of clinker"),
    "substitute_deduction": ("非碳酸盐替代原料扣减量", "Deduction for non-carbonate substitutes"),
    "floor_emission": ("过程排放低于零的部分（补足至零）", "Process emission below zero (raised to zero)"),
    "anode_emission": ("炭阳极消耗排放量", "Emission of the anodes"),
    "cf4_emission": ("阳极效应CF₄排放量", "CF₄ emission of the anode effect"),
    "c2f6_emission": ("阳极效应C₂F₆排放量", "C₂F₆ emission of the anode effect"),
    "pfc_emission": ("阳极效应全氟化碳排放量", "PFC emission of the anode effect"),
    "fuel_total": ("化石燃料燃烧排放量合计", "Fossil fuel combustion emission"),
    "material_total": ("原料排放量合计", "Emission of the materials"),
    "product_total": ("固碳产品隐含的排放量合计（扣减）", "Carbon in products (deducted)"),
    "carbonate_total": ("碳酸盐分解排放量合计", "Emission of the carbonates"),
    "process_total": ("过程排放量合计", "Process emission"),
    "other_fuel_emission": ("企业层级其他化石燃料燃烧排放量", "Other fuel combustion of the enterprise"),
    "lines_emission": ("各生产线、工序排放量合计", "Emission of all lines and processes"),
    "facility_emission": ("生产线、工序或设施排放量", "Emission of the line, process or unit"),
    "enterprise_emission": ("企业层级排放量", "Emission of the enterprise"),
    "process_sum": ("各工序排放量合计", "Emission of all processes"),
    "cofiring_sum": ("各掺烧发电设施排放量合计", "Emission of all co-firing power units"),
    "other_emission": ("其他设施排放量（企业减工序与掺烧发电设施）", "Rest of the enterprise"),
    "emission_intensity": ("排放强度", "Emission per tonne of product"),
    "output": ("核定产品产量", "Output of the product"),
    "intensity": ("产品排放强度", "Emission per tonne of product"),
    "balance_value": ("行业排放强度平衡值", "Balance value of the sector"),
    "intensity_coefficient": ("强度调整系数", "Intensity coefficient"),
    "allowance_low": ("配额测算值下限", "Allowance, lower bound"),
    "allowance_high": ("配额测算值上限", "Allowance, upper bound"),
    "meters": ("计量器具", "Meters"),
    "training": ("统计核算与计量人员培训情况", "Training of the staff who measure and account"),
    "trained_staff": ("接受培训人数", "Number of trained staff"),
} | {name: words[:2] for name, words in NOT_FILED.items()}
# What the sectors call differently; the report of a power plant speaks of units.
_WHOLE: Words = ("企业二氧化碳排放总量", "CO₂ emission of the enterprise")
_COMMON: dict[str, Words] = {
    "total_emission": _WHOLE,
    "allowance": ("配额测算值", "Allowance (estimate)"),
    "combustion_emission": ("化石燃料燃烧排放量（分品种）", "Emission of this fuel"),
    "name": ("名称", "Name"),
    "materials": ("原料与产品", "Materials and products"),
}
OF_SECTOR: dict[str, dict[str, Words]] = {
    "cement": _COMMON,
    "aluminium": _COMMON | {"total_emission": ("企业温室气体排放总量", "Greenhouse gas emission of the enterprise")},
    "steel": _COMMON,
}
TABLES_BEHIND: dict[str, Words] = {
    "ALTERNATIVES": ("文件不一致的因子与差异", "Where documents differ"),
    "UNLISTED": ("未列入附录、未计入的物料", "Materials not listed and not counted"),
}
REGISTERS = ("facility", "meter", "flue_gas_daily")
CODES: dict[str, dict[str, Words]] = {
    column.name: dict(zip(column.choices, column.choice_labels, strict=True))
    for table in REGISTERS
    for column in TABLES[table].columns
    if column.choices and column.name != "sector"
} | {"parameter": {name: (entry.zh, entry.en) for name, entry in PARAMETERS.items()}}
# Lists of codes in one cell, separated by semicolons.
LISTS = ("fuels", "materials")
# Units that only registers, flue gas and factor rows have; they are printed as they are, but for a bare ratio.
UNITS: dict[str, str] = {"1": "—"} | {
    unit: unit for unit in ("", "°", "m", "MW", "V", "°C", "m/s", "g/m³", "g/mol", "kg/tAl", "(kg/tAl)/(min/(cell·d))")
}
_MATERIALS: dict[str, Words] = {name: (entry.zh, entry.en) for (_, name), entry in MATERIALS.items()}
_SUBJECTS: dict[str, Words] = {
    "solid": ("固体燃料", "Solid fuels"),
    "liquid": ("液体燃料", "Liquid fuels"),
    "gas": ("气体燃料", "Gaseous fuels"),
    "anode": ("炭阳极", "Anodes"),
    "anode_effect": ("阳极效应", "Anode effect"),
    "raw_meal": ("生料", "Raw meal"),
    "electricity": ("电力", "Electricity"),
    "clinker": ("熟料", "Clinker"),
}
_PARAMETERS: dict[str, Words] = {
    "balance_oxidation_rate": ("碳氧化率（企业碳平衡）", "Oxidation rate (balance of the enterprise)"),
    "cf4_slope": ("CF₄斜率系数", "CF₄ slope"),
    "c2f6_share": ("C₂F₆与CF₄之比", "C₂F₆ to CF₄"),
}
_CANDIDATES: dict[str, Words] = {
    "guide_2013": ("2013年指南", "guide of 2013"),
    "steel_guide": ("钢铁行业指南", "guide of the steel sector"),
    "stoichiometric": ("化学计量值", "stoichiometric"),
    "eu": ("欧盟", "EU"),
    "older": ("此前文件", "older documents"),
    "implementation": ("公开实施", "public implementation"),
    "industrial_boiler": ("工业锅炉", "industrial boilers"),
}


def material_words(name: str) -> Words | None:
    """Name of a material, or of what else a factor row can be about; None for a fuel or an unknown name."""
    return _MATERIALS.get(name, _SUBJECTS.get(name))


def alternative_words(row_id: str) -> Words | None:
    """Name of another published value: its parameter and where it comes from; the row is `….subject.parameter.candidate`."""
    *_, parameter, candidate = row_id.split(".")
    entry = PARAMETERS.get(parameter)
    named = (entry.zh, entry.en) if entry else _PARAMETERS.get(parameter, ITEMS.get(parameter))
    by = _CANDIDATES.get(candidate)
    return (f"{named[0]}（{by[0]}）", f"{named[1]} ({by[1]})") if named and by else None
