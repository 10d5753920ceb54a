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
FORMULAS: dict[str, Formula] = {formula.id: formula for formula in _ALL}
# How the carbon content of an emission line was found.
CARBON_OF = {f"combustion.{way}": f"carbon.{way}" for way in ("ar", "ad", "d", "heat", "none")}
