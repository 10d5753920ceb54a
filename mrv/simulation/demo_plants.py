"""The power plants of the demonstration. Every name, code and place detail is invented."""

from mrv.simulation.specs import GroupSpec, HeatSpec, Outage, PlantSpec, StreamSpec, UnitSpec

WINTER = ((11, 0.5), (12, 1.0), (1, 1.0), (2, 1.0), (3, 0.5))

CONDENSING = PlantSpec(
    "DEMO01", "云山示例发电有限公司（虚构）", "Yunshan Example Power (fictitious)",
    "江苏省", "320199", "华东", "118.801234", "32.101234", "12.0",
    (
        GroupSpec(
            "U1",
            (
                UnitSpec("U1", 600, 7.90, 0.052, 0.72, (
                    Outage("2025-04-06", "2025-04-24", "overhaul"), Outage("2025-10-12", "2025-10-15"),
                    Outage("2026-05-08", "2026-05-26", "overhaul"),
                ), register_start="2204.5617"),
            ),
            (StreamSpec("bituminous_coal", sources=("port_blend", "north_open_cast", "river_mine")),),
            boiler_efficiency=0.930,
        ),
    ),
    hourly=("U1",), heating_peak=-0.06, replaced_meters=(("U1", "2026-04", True),),
    description=("600 MW 纯凝机组，烟煤，皮带秤，月度缩分样委托检测", "600 MW condensing unit, bituminous coal, belt scale, commissioned composite"),
)  # fmt: skip

HEAT_AND_POWER = PlantSpec(
    "DEMO02", "朔原示例热电有限公司（虚构）", "Shuoyuan Example Heat and Power (fictitious)",
    "山西省", "140199", "华北", "112.551234", "37.861234", "802.0",
    tuple(
        GroupSpec(
            unit_id,
            (
                UnitSpec(unit_id, 350, 8.05, 0.062, 0.70, outages, product_class="chp", cooling_mode="water",
                         pressure_class="超临界", commissioned_on="2014-11-20", register_start=start),
            ),
            (StreamSpec("bituminous_coal", sources=("river_mine", "valley_mine", "plateau_mine"), laboratory=1),),
            boiler_efficiency=0.925, heat=heat,
        )
        for unit_id, outages, heat, start in (
            ("U1", (Outage("2025-05-05", "2025-05-23", "overhaul"), Outage("2026-06-04", "2026-06-22", "overhaul")), (
                HeatSpec("工业蒸汽一线", "turbine_direct", "steam", 60, 305, 0.981, 0.55, 78),
                HeatSpec("采暖热水一线", "turbine_direct", "water", 2000, 95, season=WINTER),
            ), "8204.1180"),
            ("U2", (Outage("2025-09-08", "2025-09-22", "overhaul"), Outage("2026-04-18", "2026-04-22")), (
                HeatSpec("工业蒸汽二线", "turbine_direct", "steam", 45, 298, 0.962),
                HeatSpec("采暖热水二线", "turbine_direct", "water", 1900, 94, season=WINTER),
            ), "0318.4402"),
        )
    ),
    hourly=("U1",), heating_peak=0.07,
    description=("2×350 MW 热电联产，季节性采暖加工业蒸汽", "2×350 MW heat and power, winter heating and process steam"),
)  # fmt: skip

UNCONVENTIONAL = PlantSpec(
    "DEMO03", "石岭示例煤矸石发电有限公司（虚构）", "Shiling Example Gangue Power (fictitious)",
    "内蒙古自治区", "150199", "华北", "111.651234", "40.821234", "1065.0",
    (
        GroupSpec(
            "U1",
            (
                UnitSpec("U1", 300, 8.35, 0.090, 0.74, (
                    Outage("2025-03-10", "2025-03-25", "overhaul"), Outage("2025-12-08", "2025-12-11"),
                    Outage("2026-03-06", "2026-03-20", "overhaul"),
                ), unit_class="unconventional_coal", boiler_type="cfb", cooling_mode="air", commissioned_on="2012-08-15"),
            ),
            (
                StreamSpec("coal_gangue", 0.40, ("gangue_heap", "gangue_washery"), fc_source="feeder", laboratory=1),
                StreamSpec("coal_slime", 0.32, ("slime_pond",), fc_source="feeder", laboratory=1),
                StreamSpec("bituminous_coal", 0.28, ("valley_mine",), fc_source="feeder", laboratory=1),
            ),
            boiler_efficiency=0.895,
        ),
    ),
    heating_peak=0.04, replaced_meters=(("U1", "2025-07", False),),
    description=("300 MW 循环流化床，煤矸石、煤泥掺烧烟煤，空冷", "300 MW CFB on gangue and slime with some bituminous coal, air cooled"),
)  # fmt: skip

GAS = PlantSpec(
    "DEMO04", "澜港示例燃气发电有限公司（虚构）", "Langang Example Gas Power (fictitious)",
    "广东省", "440199", "南方", "113.301234", "23.101234", "8.0",
    (
        GroupSpec(
            "U1",
            (
                UnitSpec("U1", 430, 6.35, 0.022, 0.70, (
                    Outage("2025-02-10", "2025-02-20", "overhaul"), Outage("2026-02-12", "2026-02-24", "overhaul"),
                ), unit_class="gas", boiler_type="other", pressure_class="联合循环", commissioned_on="2017-12-30"),
            ),
            (StreamSpec("natural_gas", net_calorific_value=352.4, fc_source="flow_meter", carbon_scheme=""),),
            diesel=False,
        ),
    ),
    heating_peak=-0.08,
    description=("430 MW 燃气-蒸汽联合循环，供应商热值，单位热值含碳量取缺省值", "430 MW gas combined cycle, supplier's heat value, default carbon per heat"),
)  # fmt: skip

CAPTIVE = PlantSpec(
    "DEMO05", "临沂湾示例纸业自备电厂（虚构）", "Linyiwan Example Paper captive plant (fictitious)",
    "山东省", "370199", "华北", "118.351234", "35.051234", "60.0",
    (
        GroupSpec(
            "G1",
            tuple(
                UnitSpec(unit_id, 135, 8.45, 0.080, 0.71, outages, product_class="chp", pressure_class="超高压",
                         commissioned_on="2008-05-18", multiplier=300, register_start=start)
                for unit_id, outages, start in (
                    ("U1", (Outage("2025-03-04", "2025-03-18", "overhaul"), Outage("2026-04-06", "2026-04-19", "overhaul")), "1530.2204"),
                    ("U2", (Outage("2025-06-05", "2025-06-20", "overhaul"),), "1988.7310"),
                    ("U3", (Outage("2025-11-03", "2025-11-17", "overhaul"), Outage("2026-07-14", "2026-07-18")), "0724.0095"),
                )
            ),
            (StreamSpec("bituminous_coal", sources=("valley_mine", "river_mine"), laboratory=2, carbon_scheme="composite_own"),),
            boiler_efficiency=0.905, merged=True,
            heat=(
                HeatSpec("工艺蒸汽", "turbine_direct", "steam", 180, 320, 1.50, 0.40, 82),
                HeatSpec("减温减压蒸汽", "boiler_direct", "steam", 25, 440, 3.90),
            ),
        ),
    ),
    description=("3×135 MW 自备机组，母管制合并填报（G1）", "3×135 MW captive units on a common header, reported together (G1)"),
)  # fmt: skip

CO_FIRING = PlantSpec(
    "DEMO06", "松湾示例生物质耦合发电有限公司（虚构）", "Songwan Example Biomass Co-firing (fictitious)",
    "黑龙江省", "230199", "东北", "126.651234", "45.751234", "140.0",
    (
        GroupSpec(
            "U1",
            (
                UnitSpec("U1", 135, 8.60, 0.085, 0.70, (
                    Outage("2025-05-12", "2025-05-27", "overhaul"), Outage("2026-03-09", "2026-03-13"),
                ), pressure_class="超高压", commissioned_on="2009-09-09", multiplier=300),
            ),
            (
                StreamSpec("bituminous_coal", 0.91, ("plateau_mine", "port_blend")),
                StreamSpec("biomass", 0.09, net_calorific_value=13.6, carbon_scheme=""),
            ),
            boiler_efficiency=0.900,
        ),
    ),
    heating_peak=0.05,
    description=("135 MW 煤粉炉掺烧生物质", "135 MW pulverised-coal unit co-firing biomass"),
)  # fmt: skip

# The power part of a cement works: filed together with its clinker line (`industry_plants.MIXED`).
CAPTIVE_OF_CEMENT = PlantSpec(
    "DEMO08", "平岗示例水泥股份有限公司（虚构）", "Pinggang Example Cement (fictitious)",
    "河南省", "410199", "华中", "113.251234", "34.401234", "180.0",
    (
        GroupSpec(
            "U1",
            (
                UnitSpec("U1", 135, 8.50, 0.082, 0.70, (
                    Outage("2025-04-07", "2025-04-21", "overhaul"), Outage("2026-05-11", "2026-05-24", "overhaul"),
                ), pressure_class="超高压", commissioned_on="2011-03-31", multiplier=300),
            ),
            (StreamSpec("bituminous_coal", sources=("river_mine", "port_blend"), laboratory=1),),
            boiler_efficiency=0.905,
        ),
    ),
    description=("135 MW 自备机组（与水泥部分同一企业、同一文件填报）", "135 MW captive unit, filed in one file with the cement part"),
)  # fmt: skip

DEMO_PLANTS = (CONDENSING, HEAT_AND_POWER, UNCONVENTIONAL, GAS, CAPTIVE, CO_FIRING, CAPTIVE_OF_CEMENT)
DEMO_MONTHS = ("2025-01", "2026-09")  # first and last
NOT_YET_DEPOSITED = ("DEMO03", "DEMO05", "DEMO06")  # plants that have not deposited the last month by 2026-10-15
