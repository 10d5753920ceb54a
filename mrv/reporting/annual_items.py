"""Names of what stands in an annual report: items, codes, tables and units, each in Chinese and English."""

import re
from collections.abc import Mapping

from emission_factors import NoRuleSet, rule_set
from mrv.reporting import industry_items
from mrv.reporting.annual_context import SECTOR
from schemas import TABLES, choices
from schemas.vocabulary import FUELS, PARAMETERS, UNIT_LABELS, fuel_of

Words = tuple[str, str]
FACTOR_TABLES = ("FACTORS", "ALTERNATIVES")

_ITEMS: dict[str, Words] = {
    "legal_form": ("单位性质（营业执照）", "Legal form (business licence)"),
    "registered_on": ("注册日期", "Date of registration"),
    "registered_capital": ("注册资本（万元人民币）", "Registered capital (10⁴ CNY)"),
    "registered_address": ("注册地址", "Registered address"),
    "postcode": ("邮政编码", "Postcode"),
    "telephone": ("联系电话", "Telephone"),
    "industry": ("行业分类与纳入全国碳市场的子类", "Industry and carbon-market subclass"),
    "operating_changes": ("生产经营变化情况", "Changes in operation"),
    "report_body": ("编制温室气体排放报告的技术服务机构", "Technical body that prepared the report"),
    "combustion_emission": ("化石燃料燃烧排放量（分燃料）", "Emission of this fuel"),
    "unit_combustion_emission": ("化石燃料燃烧排放量（机组合计）", "Fossil fuel combustion emission of the unit"),
    "biomass_name": ("生物质燃料种类", "Biomass fuel"),
    "fossil_heat": ("化石燃料热量", "Heat of fossil fuels"),
    "grid_factor": ("电网排放因子", "Grid emission factor"),
    "electricity_emission": ("购入使用电力排放量", "Emission of purchased electricity"),
    "unit_emission": ("机组二氧化碳排放量", "CO₂ emission of the unit"),
    "total_emission": ("全部机组二氧化碳排放总量", "CO₂ emission of all units"),
    "allowance_certainty": ("分配方案状态", "State of the allocation plan"),
    "allocation_class": ("基准类别", "Benchmark class"),
    "benchmark_electricity": ("电量基准值", "Electricity benchmark"),
    "benchmark_heat": ("供热基准值", "Heat benchmark"),
    "load_factor_correction": ("调峰（负荷）修正系数", "Load correction"),
    "allowance_electricity": ("电量配额", "Allowance for electricity"),
    "allowance_heat": ("供热配额", "Allowance for heat"),
    "allowance": ("机组配额测算值", "Allowance (estimate)"),
    "tco2_surrender": ("应清缴排放量", "Emission to be surrendered for"),
    "gap": ("配额缺口（排放量－配额）", "Gap (emission − allowance)"),
    "gap_rate": ("缺口率", "Gap rate"),
    "blocking_findings": ("阻断性问题数", "Findings that block"),
    "blocking_impact": ("阻断性问题的排放影响", "Effect of blocking findings on emissions"),
    "decimals.carbon_content_ar": ("收到基元素碳含量的保留位数", "Decimals of the carbon content"),
    "decimals.oxidation_rate": ("碳氧化率的保留位数", "Decimals of the oxidation rate"),
}
# The register calls both the plant's and the unit's name `name`.
_OF_TABLE: dict[tuple[str, str], Words] = {
    ("C.1", "name"): ("重点排放单位名称", "Name of the key emitter"),
    ("C.2", "name"): ("机组名称", "Name of the unit"),
    ("C.2", "fuels"): ("燃料种类", "Fuels"),
}
_DETERMINED: dict[str, Words] = {
    "own": ("自行检测", "Own laboratory"),
    "commissioned": ("委托检测", "Commissioned"),
    "not_measured": ("未实测", "Not measured"),
    "measured": ("实测", "Measured"),
}
CERTAINTIES: dict[str, Words] = {
    "official": ("正式文件", "Official"),
    "secondary": ("间接来源", "Secondary source"),
    "uncertain": ("未确证", "Uncertain"),
    "draft": ("征求意见稿", "Draft"),
    "stoichiometric": ("化学计量", "Stoichiometric"),
    "": ("因子表无此行", "Not in the tables"),
}
CLASSES: dict[str, Words] = {
    "conventional_coal_above_300": ("300MW等级以上常规燃煤机组", "Conventional coal above the 300 MW class"),
    "conventional_coal_300_and_below": ("300MW等级及以下常规燃煤机组", "Conventional coal, 300 MW class and below"),
    "unconventional_coal": ("非常规燃煤机组", "Unconventional coal"),
    "gas": ("燃气机组", "Gas"),
    "": ("无基准（配额等于排放量）", "No benchmark (allowance equals emission)"),
}
OWN_TABLES: dict[str, Words] = {
    "ALLOCATION": ("配额测算", "Estimate of allowances"),
    "FACTORS": ("采用的因子与参数", "Factor rows used"),
    **industry_items.TABLES_BEHIND,
    "PENDING": ("待处理的阻断性问题", "Findings that block the report"),
}
_CODES: dict[str, Mapping[str, Words]] = {
    "unit_class": choices.UNIT_CLASSES,
    "product_class": choices.PRODUCT_CLASSES,
    "boiler_type": choices.BOILER_TYPES,
    "cooling_mode": choices.COOLING_MODES,
    "standby": choices.YES_NO,
    **industry_items.CODES,
    "allocation_class": CLASSES,
    "allowance_certainty": CERTAINTIES,
}


# What the report of a sector is about, as the guides of the sectors name it.
_SECTORS: dict[str, Words] = {
    SECTOR: ("发电设施", "Power generation"),
    "cement": ("水泥行业", "Cement"),
    "aluminium": ("铝冶炼行业", "Aluminium smelting"),
    "steel": ("钢铁行业", "Iron and steel"),
}


def sector_words(sector: str) -> Words:
    """What the report of a sector is about."""
    return _SECTORS[sector]


def side(lang: str) -> int:
    """Position of a language in a pair of words."""
    return 1 if lang == "en" else 0


def item_words(table: str, item: str, sector: str = SECTOR) -> Words:
    """Name of an item; an item of another table's key (a factor row, a finding) is its own name.

    Power plants speak of units where other sectors speak of lines and processes, so some names depend on the sector.
    """
    own = industry_items.OF_SECTOR.get(sector, {})
    if item in own and table != "C.1":
        return own[item]
    if (table, item) in _OF_TABLE:
        return _OF_TABLE[table, item]
    if table == "ALTERNATIVES":
        return industry_items.alternative_words(item) or (item, item)
    if item in PARAMETERS:
        return PARAMETERS[item].zh, PARAMETERS[item].en
    for items in (_ITEMS, industry_items.ITEMS):
        if item in items:
            return items[item]
    # A capacity is one thing of a unit and another of a line.
    for register in (*industry_items.REGISTERS, "plant") if own else ("plant", "unit"):
        column = TABLES[register].by_name.get(item)
        if column is not None:
            return column.zh, column.en
    return item, item


def stream_words(stream_id: str) -> Words:
    """Name of a fuel or material: 烟煤#2 for `bituminous_coal#2`; what is neither (a meter) is its own name."""
    name = fuel_of(stream_id)
    fuel = FUELS.get(name)
    words = (fuel.zh, fuel.en) if fuel else industry_items.material_words(name)
    suffix = stream_id[len(name) :]
    return (words[0] + suffix, words[1] + suffix) if words else (stream_id, stream_id)


def value_words(table: str, item: str, value: str) -> Words:
    """A reported value as a person reads it: labels in place of codes, numbers as they are."""
    if item in (*industry_items.LISTS, "biomass_name"):
        parts = [stream_words(part) for part in re.split(r"[;；]\s*", value) if part]
        return "、".join(part[0] for part in parts), ", ".join(part[1] for part in parts)
    if value in _DETERMINED and item in ("carbon_content_ar", "net_calorific_value"):
        return _DETERMINED[value]
    if (table, item) == ("C.7", "unit"):
        return unit_words(value), unit_words(value)
    codes = _CODES.get(item, {})
    return codes.get(value, (value, value)) if value or item == "allocation_class" else ("", "")


def method_words(table: str, method: str) -> Words:
    """How a value was found; of a factor row how certain it is."""
    if table in FACTOR_TABLES and method in CERTAINTIES:
        return CERTAINTIES[method]
    parts = [choices.METHODS.get(part, (part, part)) for part in method.split("; ") if part]
    return "、".join(part[0] for part in parts), ", ".join(part[1] for part in parts)


def unit_words(unit: str) -> str:
    """A unit of measure as it is printed."""
    return UNIT_LABELS.get(unit, industry_items.UNITS.get(unit, unit))


def table_words(sector: str, year: str) -> dict[str, Words]:
    """The tables of a report in order, with their titles."""
    try:
        tables = rule_set(sector, f"{year}-12").report_tables
    except NoRuleSet:
        tables = ()
    return {table.code: (table.zh, table.en) for table in tables} | OWN_TABLES
