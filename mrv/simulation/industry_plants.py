"""The plants of cement, aluminium and steel in the demonstration. Every name, code and place detail is invented."""

from mrv.simulation.industry_specs import Columns, FacilitySpec, IndustrySpec, KilnSpec, PotlineSpec, SteelSpec

KILN: Columns = (
    ("clinker_kind", "portland_clinker"), ("clinker_variety", "通用硅酸盐水泥熟料"), ("combustion_equipment", "cement_kiln"),
    ("gypsum_acid_line", "no"),
)  # fmt: skip


def _kiln(unit_id: str, name: str, capacity: str, size: str, *more: tuple[str, str]) -> FacilitySpec:
    return FacilitySpec(unit_id, name, "clinker_line", capacity, "t/d", (*KILN, ("kiln_size", size), *more))


def _potline(unit_id: str, name: str, capacity: str, current: str, voltage: str, cells: str) -> FacilitySpec:
    columns = (("design_current", current), ("design_voltage", voltage), ("cells", cells), ("rectifiers", "6"))
    return FacilitySpec(unit_id, name, "electrolysis", capacity, "t/a", columns)


TWO_KILNS = IndustrySpec(
    "DEMO07", "cement", "青峡示例水泥有限公司（虚构）", "Qingxia Example Cement (fictitious)",
    "浙江省", "330199", "华东", "119.801234", "30.201234", "95.0",
    (
        KilnSpec(
            _kiln("CL1", "1号熟料生产线", "5000", "φ4.8×74", ("carbide_slag_line", "no"), ("flue_gas_monitoring", "yes")),
            5050, 3.14, 1.54, 58.0, 23.4, monitored=True,
        ),
        KilnSpec(
            _kiln("CL2", "2号熟料生产线（电石渣）", "2500", "φ4.0×60", ("carbide_slag_line", "yes"), ("flue_gas_monitoring", "no")),
            2520, 3.28, 1.56, 62.0, 22.9, slag=0.150,
        ),
    ),
    description=("5000 t/d 与 2500 t/d（掺电石渣）两条熟料线，1号线装烟气二氧化碳自动监测",
                 "two clinker lines, 5000 t/d and 2500 t/d with carbide slag; flue-gas CO2 monitoring on line 1"),
)  # fmt: skip

MIXED = IndustrySpec(
    "DEMO08", "cement", "平岗示例水泥股份有限公司（虚构）", "Pinggang Example Cement (fictitious)",
    "河南省", "410199", "华中", "113.251234", "34.401234", "180.0",
    (
        KilnSpec(
            _kiln("CL1", "1号熟料生产线", "3200", "φ4.3×66", ("carbide_slag_line", "no"), ("flue_gas_monitoring", "no")),
            3240, 3.20, 1.55, 60.0, 23.8,
        ),
    ),
    description=("3200 t/d 熟料线，另有自备机组同文件填报", "one clinker line of 3200 t/d; its captive unit is filed in the same file"),
)  # fmt: skip

TWO_POTLINES = IndustrySpec(
    "DEMO09", "aluminium", "银岭示例铝业有限公司（虚构）", "Yinling Example Aluminium (fictitious)",
    "宁夏回族自治区", "640199", "西北", "106.301234", "38.301234", "1110.0",
    (
        PotlineSpec(_potline("PL1", "一系列", "330000", "400", "3.95", "298"), 399.2, 294.0, 0.931, 13050, 411, analysed=True),
        PotlineSpec(_potline("PL2", "二系列", "320000", "400", "3.95", "290"), 398.6, 286.5, 0.928, 13120, 415),
    ),
    description=("两个 400 kA 电解系列，阳极硫分灰分一系列实测、二系列取缺省值",
                 "two 400 kA potlines; anode sulphur and ash measured for the first, default for the second"),
)  # fmt: skip

ONE_POTLINE = IndustrySpec(
    "DEMO10", "aluminium", "滇川示例铝业有限公司（虚构）", "Dianchuan Example Aluminium (fictitious)",
    "新疆维吾尔自治区", "650199", "西北", "87.701234", "44.101234", "560.0",
    (PotlineSpec(_potline("PL1", "电解系列", "310000", "400", "3.94", "280"), 400.1, 276.4, 0.934, 12980, 408),),
    description=("一个 400 kA 电解系列", "one 400 kA potline"),
)  # fmt: skip

LONG_ROUTE = IndustrySpec(
    "DEMO11", "steel", "渤湾示例钢铁有限公司（虚构）", "Bowan Example Steel (fictitious)",
    "河北省", "130199", "华北", "118.201234", "39.601234", "25.0",
    (
        SteelSpec("long", 11800, (
            FacilitySpec("CK1", "焦化厂", "coking", "1300000", "t/a", (("coke_oven_kind", "top_charged"),)),
            FacilitySpec("SN1", "烧结厂", "sintering", "6000000", "t/a"),
            FacilitySpec("BF1", "炼铁厂", "iron_making", "4400000", "t/a"),
            FacilitySpec("CV1", "转炉炼钢厂", "converter", "4700000", "t/a"),
            FacilitySpec("PW1", "煤气掺烧发电机组", "cofiring_power", "200", "MW"),
        )),
    ),
    description=("长流程：焦化、烧结、高炉、转炉，及掺烧自产煤气的发电机组",
                 "long route: coking, sintering, blast furnace, converter, and a power unit co-firing own gases"),
)  # fmt: skip

SHORT_ROUTE = IndustrySpec(
    "DEMO12", "steel", "江宁湾示例特钢有限公司（虚构）", "Jiangningwan Example Special Steel (fictitious)",
    "江苏省", "320199", "华东", "118.701234", "31.901234", "15.0",
    (SteelSpec("short", 2900, (FacilitySpec("EF1", "电炉炼钢厂", "electric_furnace", "1100000", "t/a"),)),),
    description=("短流程：电炉，外购废钢、直接还原铁和电极", "short route: electric furnace on purchased scrap, DRI and electrodes"),
)  # fmt: skip

DEMO_INDUSTRY = (TWO_KILNS, MIXED, TWO_POTLINES, ONE_POTLINE, LONG_ROUTE, SHORT_ROUTE)
