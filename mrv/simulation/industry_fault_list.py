"""The faults of the demonstration's industrial plants, far outside the limits of the rules that must find them."""

from mrv.simulation.editing import Place
from mrv.simulation.industry_faults import (
    Slip,
    added,
    becomes,
    lean_heat,
    left_out,
    scaled_by,
    swapped_digits,
    unit_left_out,
    without_evidence,
)

COAL, SLAG = "bituminous_coal", "carbide_slag"


def _cement(unit: str, month: str, stream: str = "") -> Place:
    return Place("DEMO07", unit, stream, month)


def _aluminium(unit: str, month: str, stream: str = "") -> Place:
    return Place("DEMO09", unit, stream, month)


def _steel(unit: str, month: str, stream: str = "") -> Place:
    return Place("DEMO11", unit, stream, month)


CEMENT_FAULTS = (
    Slip("PHY-C2", _cement("CL1", "2025-04"), "raw_meal_consumption", scaled_by("80"),
         "生料消耗少记两成，料耗约1.23", "a fifth of the raw meal was not recorded: about 1.23 t per t of clinker"),
    Slip("PHY-C3", _cement("CL2", "2025-06", COAL), "net_calorific_value", lean_heat("70"),
         "入窑煤低位发热量偏低三成，熟料热耗约2.3 GJ/t，排放量随之偏低",
         "the heat value of the kiln coal is 30 % too low: 2.3 GJ per t of clinker, and a lower emission"),
    Slip("IND-01", _cement("CL1", "2025-08", "diesel"), "net_calorific_value", becomes("43.330"),
         "柴油低位发热量声明取缺省值，数值却是43.330", "the heat value of diesel is declared to be the default but is 43.330"),
    Slip("PHY-C4", _cement("CL1", "2025-09"), "clinker_used", scaled_by("90"),
         "熟料使用量少记一成，产销存不平", "a tenth of the clinker used was not recorded, so that the balance does not close"),
    Slip("CMT-02", _cement("CL2", "2025-11", SLAG), "substitute_deduction_factor", becomes("0.600"),
         "电石渣扣减系数误用熟石灰的0.600", "the deduction factor of slaked lime (0.600) was taken for carbide slag"),
    Slip("PHY-C5", _cement("CL1", "2025-12"), "process_electricity", scaled_by("160"),
         "熟料线电量并入粉磨电量，约93 kWh/t", "the electricity of the mills was added to the line: about 93 kWh/t"),
    Slip("CMT-03", _cement("CL2", "2026-02"), "carbide_slag_ratio", becomes("68.00"),
         "电石渣替代率填68%，与电石渣消耗量不符", "a carbide-slag substitution of 68 % that the slag consumed does not bear out"),
    Slip("CMT-01", _cement("CL2", "2026-04", SLAG), "substitute_consumption", scaled_by("1000"),
         "电石渣消耗量大了10倍，扣减超过过程排放",
         "carbide slag ten times too large: the deduction exceeds the process emission"),
    Slip("PHY-C1", _cement("CL1", "2026-06"), "clinker_process_factor", becomes("0.525"),
         "熟料过程排放因子填0.525，不是规定值", "a clinker process factor of 0.525, which is not the prescribed one"),
    Slip("CMP-06", _cement("CL2", "2026-08"), "clinker_output", unit_left_out,
         "已登记的2号熟料生产线当月未填报", "nothing was filed for the registered line 2"),
)  # fmt: skip

ALUMINIUM_FAULTS = (
    Slip("PHY-A3", _aluminium("PL1", "2025-03"), "aluminium_output", scaled_by("110"),
         "铝液产量多记一成，电流效率超过100%", "a tenth too much aluminium: the current efficiency would exceed 100 %"),
    Slip("PHY-A1", _aluminium("PL2", "2025-08"), "dc_electricity", scaled_by("88"),
         "直流电耗少记，约11550 kWh/t", "direct current electricity too low: about 11,550 kWh/t"),
    Slip("PHY-A4", _aluminium("PL1", "2025-10"), "cf4_factor", becomes("0.034"),
         "CF4排放因子沿用旧版0.034", "the CF4 factor of the older guide (0.034) was kept"),
    Slip("ALU-01", _aluminium("PL2", "2026-01"), "ac_electricity", scaled_by("94"),
         "交流电耗小于直流电耗", "less alternating current electricity than direct current electricity"),
    Slip("ALU-02", _aluminium("ENT", "2026-03", "sodium_carbonate"), "carbonate_purity", left_out,
         "碳酸钠纯度未填，按100%计", "the purity of the soda is not filed, so that it counts as pure"),
    Slip("PHY-A2", _aluminium("PL1", "2026-05"), "anode_consumption", scaled_by("122"),
         "炭阳极消耗量多计残极，净耗约500 kg/t", "butts were counted as anodes consumed: about 500 kg/t net"),
    Slip("CMP-03", _aluminium("PL2", "2026-07"), "anode_consumption", left_out,
         "炭阳极消耗量未填", "the anode consumption is not filed"),
    Slip("SCH-06", _aluminium("ENT", "2026-08", "natural_gas"), "reported_emission", swapped_digits,
         "天然气填报排放量两位数字颠倒", "two digits of the reported emission of natural gas are swapped"),
)  # fmt: skip

STEEL_FAULTS = (
    Slip("PHY-S2", _steel("BF1", "2025-02", "coke"), "fuel_input", scaled_by("65"),
         "高炉焦炭输入少记，燃料比约390 kg/t", "coke into the furnace too low: a fuel ratio of about 390 kg/t"),
    Slip("PHY-S3", _steel("CK1", "2025-05", "coke"), "fuel_output", scaled_by("130"),
         "焦炭产出多记三成，成焦率约0.96", "a third too much coke: a yield of about 0.96"),
    Slip("STL-04", _steel("ENT", "2025-06", "dolomite"), "material_factor", becomes("0.471"),
         "白云石排放因子沿用旧版0.471", "the dolomite factor of the older guide (0.471) was kept"),
    Slip("STL-02", _steel("ENT", "2025-07", "anthracite"), "carbon_per_heat", becomes("0.02618", "measured"),
         "无烟煤单位热值含碳量误用烟煤的0.02618", "the carbon per heat of bituminous coal was taken for anthracite"),
    Slip("PHY-S4", _steel("BF1", "2025-08", "blast_furnace_gas"), "fuel_output", scaled_by("150"),
         "高炉煤气产出多记五成，约2400 Nm3/t", "half too much blast-furnace gas: about 2,400 Nm3/t"),
    Slip("PHY-S5", _steel("BF1", "2025-10"), "hot_metal_carbon", becomes("3.05"),
         "铁水含碳量填3.05%", "3.05 % of carbon in the hot metal"),
    Slip("CMP-05", _steel("ENT", "2025-11"), "crude_steel_output", without_evidence,
         "粗钢产量未附生产台账", "the production ledger of crude steel is not attached"),
    Slip("STL-01", _steel("ENT", "2025-12", "coke"), "net_calorific_value", becomes("27.100", "measured"),
         "焦炭低位发热量填实测值27.100，应一律取缺省值", "a measured heat value of coke (27.100), which always takes the default"),
    Slip("MAT-02", _steel("ENT", "2026-01", "washed_coking_coal"), "quantity_purchased", scaled_by("106"),
         "洗精煤购入量多6%，购销存与消耗量不平", "6 % more coking coal bought than the ledger explains"),
    Slip("STL-08", _steel("PW1", "2026-04"), "secondary_energy_share", becomes("50.00"),
         "自产二次能源热量占比填50%，与燃料不符", "a share of own secondary energy of 50 % that the fuels do not give"),
    Slip("STL-05", _steel("ENT", "2026-06", "blast_furnace_gas"), "fuel_consumption",
         added("12000.00", "measured", origin="own", fc_source="flow_meter"),
         "自产高炉煤气填入企业层级消耗量", "own blast-furnace gas filed in the balance of the enterprise"),
    Slip("MAT-01", _steel("ENT", "2026-07", "other_carbon_material"), "material_consumption", added("860.00", "measured"),
         "填报了表A.2未列的含碳原料，不计排放", "a material that table A.2 does not list, and that is not counted"),
    Slip("STL-03", _steel("ENT", "2026-08", "anthracite"), "net_calorific_value", becomes("25.024", "default"),
         "无烟煤年内由实测改回缺省热值", "measured heat value of anthracite turned back into the default within the year"),
)  # fmt: skip

INDUSTRY_FAULTS = (*CEMENT_FAULTS, *ALUMINIUM_FAULTS, *STEEL_FAULTS)
