"""The catalogue of formulas: what the id beside a computed number means, as a person checks it with a pocket calculator."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Formula:
    """One formula: its names, its text with units, and where it stands."""

    id: str
    zh: str
    en: str
    text: str
    clause: str


_GUIDE = "《企业温室气体排放核算与报告指南 发电设施》"
_CHECK = "CETS-VG-01.01-V02-2026《核查技术指南 发电设施》"
_EMISSION = "E [tCO₂] = FC [t, 10⁴Nm³] × Car [tC/t, tC/10⁴Nm³] × OF [%] × 44/12"
_PLAN = "发电行业配额总量和分配方案"

_ALL = (
    Formula(
        "combustion.ar",
        "化石燃料燃烧排放（收到基元素碳）",
        "Combustion, carbon as received",
        _EMISSION,
        f"{_GUIDE}公式（1）",
    ),
    Formula(
        "combustion.ad",
        "化石燃料燃烧排放（由空气干燥基换算）",
        "Combustion, carbon from the air-dry basis",
        _EMISSION,
        f"{_GUIDE}公式（1）、（2）",
    ),
    Formula(
        "combustion.d",
        "化石燃料燃烧排放（由干燥基换算）",
        "Combustion, carbon from the dry basis",
        _EMISSION,
        f"{_GUIDE}公式（1）、（3）",
    ),
    Formula(
        "combustion.heat",
        "化石燃料燃烧排放（由热值计算元素碳）",
        "Combustion, carbon from heat",
        _EMISSION,
        f"{_GUIDE}公式（1）、（4）",
    ),
    Formula(
        "combustion.none", "缺元素碳含量，未能计算", "No carbon content, not computed", _EMISSION, f"{_GUIDE}公式（1）"
    ),
    Formula("carbon.ar", "收到基元素碳含量（填报值）", "Carbon as received, as filed", "Car [tC/t]", f"{_CHECK}表8"),
    Formula(
        "carbon.ad",
        "空气干燥基换算为收到基",
        "Air-dry basis to as received",
        "Car [tC/t] = Cad [tC/t] × (100 − Mar [%]) / (100 − Mad [%])",
        f"{_GUIDE}公式（2）；{_CHECK}表8",
    ),
    Formula(
        "carbon.d",
        "干燥基换算为收到基",
        "Dry basis to as received",
        "Car [tC/t] = Cd [tC/t] × (100 − Mar [%]) / 100",
        f"{_GUIDE}公式（3）；{_CHECK}表8",
    ),
    Formula(
        "carbon.heat",
        "由低位发热量和单位热值含碳量计算元素碳",
        "Carbon from heat value and carbon per heat",
        "Car [tC/t, tC/10⁴Nm³] = NCVar [GJ/t, GJ/10⁴Nm³] × CC [tC/GJ]",
        f"{_GUIDE}公式（4）；{_CHECK}表8、表9",
    ),
    Formula("carbon.none", "缺元素碳含量", "No carbon content", "Car", f"{_CHECK}表8"),
    Formula(
        "electricity.grid",
        "购入使用电力排放",
        "Purchased electricity",
        "E [tCO₂] = AD [MWh] × EF [tCO₂/MWh]",
        f"{_GUIDE}公式（5）（2025年度及以前）",
    ),
    Formula("sum", "合计（各行四舍五入后相加）", "Sum of the rounded rows", "E = Σ E_i", f"{_GUIDE}公式（6）"),
    Formula(
        "sum.lines",
        "各行合计（四舍五入后相加）",
        "Sum of the rounded lines",
        "E = Σ E_i",
        "CETS-AG-03.01-V01-2024 附录C；水泥、铝冶炼指南同例",
    ),
    Formula("sum.months", "全年合计（各月值相加）", "Sum of the months", "X = Σ X_月", _GUIDE),
    Formula(
        "mean.consumption",
        "以消耗量加权的年平均",
        "Yearly mean weighted by consumption",
        "X = Σ(FC_月 × X_月) / Σ FC_月",
        f"{_CHECK}表12",
    ),
    Formula(
        "mean.heat",
        "以热量加权的年平均",
        "Yearly mean weighted by heat",
        "X = Σ(Q_月 × X_月) / Σ Q_月",
        f"{_CHECK}表12",
    ),
    Formula(
        "mean.carbon",
        "以碳量加权的年平均",
        "Yearly mean weighted by carbon",
        "OF = Σ(FC × Car × OF) / Σ(FC × Car)",
        _GUIDE,
    ),
    Formula(
        "run_hours",
        "运行小时数（合并机组按容量加权）",
        "Operating hours, weighted by capacity",
        "t [h] = Σ(t_i × P_i) / Σ P_i",
        f"{_CHECK}表16",
    ),
    Formula(
        "load_factor",
        "负荷（出力）系数",
        "Load factor",
        "X [%] = Σ W_i [MWh] / Σ(P_i [MW] × t_i [h]) × 100",
        f"{_CHECK}表17",
    ),
    Formula(
        "load_factor.year",
        "全年负荷（出力）系数",
        "Load factor of the year",
        "X [%] = Σ W_月 / Σ(W_月 / X_月) ",
        f"{_CHECK}表17",
    ),
    Formula(
        "heat_supply_ratio", "供热比", "Heat supply ratio", "a [%] = Q_gr [GJ] / Q_cr [GJ] × 100", f"{_GUIDE}附录E"
    ),
    Formula(
        "generation_coal_rate",
        "发电煤（气）耗",
        "Fuel rate of generation",
        "b_f [tce/MWh] = Σ(FC × NCV) / q_tce [GJ/tce] × (1 − a) / W",
        f"{_GUIDE}附录E",
    ),
    Formula(
        "heat_coal_rate",
        "供热煤（气）耗",
        "Fuel rate of heat",
        "b_r [tce/GJ] = Σ(FC × NCV) / q_tce [GJ/tce] × a / Q_gr",
        f"{_GUIDE}附录E",
    ),
    Formula(
        "generation_intensity",
        "发电碳排放强度",
        "Intensity of generation",
        "S_e [tCO₂/MWh] = E × (1 − a) / W",
        f"{_GUIDE}附录E",
    ),
    Formula("heat_intensity", "供热碳排放强度", "Intensity of heat", "S_h [tCO₂/GJ] = E × a / Q_gr", f"{_GUIDE}附录E"),
    Formula("allowance", "机组配额", "Allowance of a unit", "A [t] = Ae + Ah", _PLAN),
    Formula(
        "allowance.electricity",
        "电量配额",
        "Allowance for electricity",
        "Ae [t] = Q [MWh] × Be [tCO₂/MWh] × 修正系数，取整（舍去小数）",
        _PLAN,
    ),
    Formula(
        "allowance.heat", "供热配额", "Allowance for heat", "Ah [t] = Qh [GJ] × Bh [tCO₂/GJ]，取整（舍去小数）", _PLAN
    ),
    Formula(
        "allowance.none",
        "无基准：配额等于应清缴排放量",
        "No benchmark: the allowance equals the emission",
        "A [t] = E，取整",
        _PLAN,
    ),
    Formula("gap", "配额缺口", "Gap", "缺口 [t] = 应清缴排放量 − 配额", _PLAN),
)
_STEEL = "CETS-AG-03.01-V01-2024"
_CEMENT = "CETS-AG-02.01-V01-2024"
_ALUMINIUM = "CETS-AG-04.01-V01-2024"
_BURNT = "E [tCO₂] = FC [t, 10⁴Nm³] × NCV [GJ/t, GJ/10⁴Nm³] × CC [tC/GJ] × OF [%] × 44/12"
_BALANCE = "E [tCO₂] = FC [t, 10⁴Nm³] × NCV [GJ/t, GJ/10⁴Nm³] × CC [tC/GJ] × 44/12"
_INDUSTRY = (
    Formula(
        "steel.balance",
        "企业层级化石燃料（质量平衡）",
        "Fuel of the enterprise (mass balance)",
        _BALANCE,
        f"{_STEEL} 6.1.1 公式（1）",
    ),
    Formula(
        "steel.material",
        "外购碳酸盐、电极和含碳原料",
        "Purchased carbonates, electrodes and materials",
        "E [tCO₂] = AD [t] × EF [tCO₂/t]",
        f"{_STEEL} 6.1.1 公式（1）、表A.2",
    ),
    Formula(
        "steel.product",
        "含碳产品隐含的排放（扣减）",
        "Carbon in products (deducted)",
        "E [tCO₂] = −AD [t] × EF [tCO₂/t]",
        f"{_STEEL} 6.1.1 公式（1）、表A.2",
    ),
    Formula("steel.fuel_input", "工序输入的化石燃料", "Fuel into a process", _BALANCE, f"{_STEEL} 7.1.1 公式（2）"),
    Formula(
        "steel.fuel_output",
        "工序输出的化石燃料（扣减）",
        "Fuel out of a process (deducted)",
        "E [tCO₂] = −FC [t, 10⁴Nm³] × NCV × CC × 44/12",
        f"{_STEEL} 7.1.1 公式（2）",
    ),
    Formula(
        "steel.cofiring",
        "掺烧发电设施化石燃料燃烧",
        "Fuel of a co-firing power unit",
        _BURNT,
        f"{_STEEL} 7.2.1 公式（3）",
    ),
    Formula(
        "steel.other",
        "其他排放（差值）",
        "Other emissions, by difference",
        "E_其他 = E_企业 − ΣE_工序 − ΣE_掺烧",
        f"{_STEEL} 7.3 公式（4）",
    ),
    Formula("cement.combustion", "化石燃料燃烧", "Fossil fuel combustion", _BURNT, _CEMENT),
    Formula(
        "cement.clinker",
        "熟料生产过程排放",
        "Process emission of clinker",
        "E [tCO₂] = Q [t] × EF [tCO₂/t]",
        f"{_CEMENT} 附录A",
    ),
    Formula(
        "cement.substitute",
        "非碳酸盐替代原料扣减",
        "Deduction of non-carbonate substitutes",
        "E [tCO₂] = −M [t] × DF [tCO₂/t]",
        f"{_CEMENT} 附录A",
    ),
    Formula(
        "cement.floor",
        "过程排放不低于零（扣减超出部分不计）",
        "Process emission not below zero",
        "E [tCO₂] = max(0, Q×EF − ΣM×DF) − (Q×EF − ΣM×DF)",
        _CEMENT,
    ),
    Formula(
        "cement.oxides",
        "熟料生产过程排放（氧化物法）",
        "Process emission of clinker by oxides",
        "E [tCO₂] = (Q + Q_窑头灰 + Q_旁路灰) [t] × [(CaO − CaO′) × 44/56 + (MgO − MgO′) × 44/40] [%]",
        "GB/T 32151.8-2015",
    ),
    Formula(
        "cement.raw_meal",
        "生料中非燃料碳煅烧",
        "Non-fuel carbon of raw meal",
        "E [tCO₂] = Q_生料 [t] × FR₀ [%] × 44/12",
        "GB/T 32151.8-2015",
    ),
    Formula(
        "aluminium.anode",
        "炭阳极消耗排放",
        "Consumption of carbon anodes",
        "E [tCO₂] = M [t] × (1 − L [%]) × (1 − S [%] − A [%]) × 44/12",
        _ALUMINIUM,
    ),
    Formula(
        "aluminium.anode_rate",
        "炭阳极消耗排放（按吨铝净耗）",
        "Carbon anodes by net consumption per tonne",
        "E [tCO₂] = P [t] × NC [t/t铝] × (1 − S [%] − A [%]) × 44/12",
        "中国电解铝生产企业温室气体排放核算方法与报告指南（2013）",
    ),
    Formula(
        "aluminium.pfc", "阳极效应排放", "Anode effects", "E [tCO₂e] = P [t] × EF [kg/t铝] / 1000 × GWP", _ALUMINIUM
    ),
    Formula("aluminium.combustion", "化石燃料燃烧", "Fossil fuel combustion", _BURNT, _ALUMINIUM),
    Formula(
        "aluminium.carbonate",
        "碳酸盐分解排放",
        "Decomposition of carbonates",
        "E [tCO₂] = AD [t] × EF [tCO₂/t] × 纯度 [%]",
        _ALUMINIUM,
    ),
    Formula(
        "intensity",
        "单位产品排放强度",
        "Emission per tonne of product",
        "I [tCO₂e/t] = E [tCO₂e] / P [t]",
        f"{_STEEL} 6.1.1、{_CEMENT}、{_ALUMINIUM}",
    ),
    Formula(
        "allowance.intensity",
        "配额（排放强度法）",
        "Allowance by intensity",
        "A [t] = E × (1 + α)，α = 0.15 × (B − I)/B，|(B − I)/B| ≥ 20% 时为 ±3%",
        "2024、2025年度钢铁、水泥、铝冶炼行业配额总量和分配方案",
    ),
)
FORMULAS: dict[str, Formula] = {formula.id: formula for formula in (*_ALL, *_INDUSTRY)}
# How the carbon content of an emission line was found.
CARBON_OF = {f"combustion.{way}": f"carbon.{way}" for way in ("ar", "ad", "d", "heat", "none")}
