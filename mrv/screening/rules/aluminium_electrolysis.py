"""Electrolysis: electricity per tonne, Faraday's limit, anodes, prescribed factors, purity of carbonates."""

import numpy as np
import pandas as pd

from emission_factors import constant
from mrv.screening.case import Case
from mrv.screening.ratios import EPSILON, outside_range, over
from mrv.screening.rows import fixed, flag, graded, offending, plain
from mrv.screening.rule import Rule, Text
from mrv.screening.silence import unless_slipped
from mrv.screening.table_values import filed_rows, of_method, off_table, process_values
from mrv.screening.thresholds import limit

ALUMINIUM = frozenset({"aluminium"})
GUIDE = "CETS-AG-04.01-V01-2024"
_OUTPUT = ("parameter.aluminium_output",)
# What the guide prescribes, and the subject of the factor table it stands under.
_PRESCRIBED = {"cf4_factor": "anode_effect", "c2f6_factor": "anode_effect", "anode_loss_rate": "anode"}
_METHOD = {
    "cf4_factor": ("anode_effect", "factor"),
    "c2f6_factor": ("anode_effect", "factor"),
    "anode_loss_rate": ("anode", "gross"),
}
EXPERIENCE = "Tanheng 规则目录（工程经验值）"


@unless_slipped
def direct_current(case: Case) -> pd.DataFrame:
    rows = case.facilities
    per_tonne = over(rows["dc_electricity"] * 1000.0, rows["aluminium_output"])
    return outside_range(rows, "PHY-A1", per_tonne, "dc_electricity", "kWh/t", 0)


@unless_slipped
def net_anode(case: Case) -> pd.DataFrame:
    """Net consumption per tonne, from the line of the account (gross less the prescribed loss)."""
    lines = case.accounts.lines
    lines = lines[lines["formula"] == "aluminium.anode"]
    net = [dict(inputs).get("anode_net_consumption") for inputs in lines["inputs"]]
    key = ["plant_id", "sector", "unit_id", "month"]
    known = lines[key].assign(net=[np.nan if value is None else float(value) for value in net])
    rows = case.facilities.merge(known, on=key, how="left")
    return outside_range(
        rows, "PHY-A2", over(rows["net"] * 1000.0, rows["aluminium_output"]), "anode_consumption", "kg/t", 0
    )


@unless_slipped
def faraday(case: Case) -> pd.DataFrame:
    rows = case.facilities
    hours = rows["run_hours"].fillna(rows["hours_in_month"])
    possible = (
        float(constant("aluminium_per_kiloampere_hour").value) * rows["line_current"] * hours * rows["operating_cells"]
    )
    efficiency = over(rows["aluminium_output"] * 1000.0, possible)
    low, high = limit("PHY-A3", "low"), limit("PHY-A3", "high")
    bad = rows[(efficiency < low - EPSILON) | (efficiency > high + EPSILON)]
    return offending(
        bad,
        parameter="aluminium_output",
        ratio=fixed(efficiency[bad.index] * 100.0, 2),
        expected=f"{plain(low * 100)}–{plain(high * 100)} %",
    )


def prescribed(case: Case) -> pd.DataFrame:
    rows = filed_rows(case, *_PRESCRIBED)
    holds = np.zeros(len(rows), dtype=bool)
    for name, (subject, method) in _METHOD.items():
        holds |= ((rows["parameter"] == name) & of_method(rows, subject, method)).to_numpy(dtype=bool)
    rows = rows[holds]
    wrong = off_table(rows, process_values(rows, rows["parameter"].map(_PRESCRIBED)))
    return pd.concat([wrong, _net(case)], ignore_index=True)


def _net(case: Case) -> pd.DataFrame:
    """A filed net consumption that is not gross less the prescribed loss."""
    lines = case.accounts.lines
    lines = lines[lines["formula"] == "aluminium.anode"]
    key = ["plant_id", "sector", "unit_id", "month"]
    net = [dict(inputs)["anode_net_consumption"] for inputs in lines["inputs"]]
    known = lines[key].assign(net=net)
    filed = filed_rows(case, "anode_net_consumption")
    rows = filed.reset_index(names="position").merge(known, on=key)
    rows.index = pd.Index(rows["position"], name=None)
    return off_table(rows.drop(columns=["position", "net"]), rows["net"].to_numpy(dtype=object))


@unless_slipped
def alternating_current(case: Case) -> pd.DataFrame:
    rows = case.facilities
    alternating, direct = rows["ac_electricity"], rows["dc_electricity"]
    per_tonne = over(alternating * 1000.0, rows["aluminium_output"])
    below = alternating < direct - EPSILON
    low, high = limit("ALU-01", "low"), limit("ALU-01", "high")
    outside = (per_tonne < low - EPSILON) | (per_tonne > high + EPSILON)
    bad = rows[below | outside]
    words = np.where(below[bad.index], "≥ " + fixed(direct[bad.index], 3) + " MWh", f"{plain(low)}–{plain(high)} kWh/t")
    return offending(
        bad,
        parameter="ac_electricity",
        ratio=fixed(per_tonne[bad.index], 0).where(per_tonne[bad.index].notna(), "—"),
        expected=words,
        severity=graded(below[bad.index] & False, below[bad.index]),
    )


def unstated_purity(case: Case) -> pd.DataFrame:
    streams = case.streams
    used = streams[(streams["material_consumption"] > 0) & streams["carbonate_purity"].isna()]
    lines = case.accounts.lines
    counted = lines.loc[
        lines["formula"] == "aluminium.carbonate", ["plant_id", "sector", "unit_id", "stream_id", "month"]
    ]
    keys = pd.MultiIndex.from_frame(used[counted.columns.tolist()])
    bad = used[keys.isin(pd.MultiIndex.from_frame(counted))]
    return offending(bad, parameter="material_consumption", expected="100 %")


RULES = (
    Rule(
        code="ALU-01",
        title=Text("交流电耗不合理", "AC electricity"),
        severity="must_answer",
        kind="anomaly",
        basis=(EXPERIENCE, f"{GUIDE} 辅助参数"),
        sectors=ALUMINIUM,
        needs=("parameter.ac_electricity",),
        body=alternating_current,
        waivable=True,
        message=Text(
            "{period} {unit_id}的铝电解工序交流电消耗量 {value} MWh（吨铝 {ratio} kWh），应为 {expected}。",
            "{period}: AC electricity of {unit_id} is {value} MWh ({ratio} kWh per tonne); it should be {expected}.",
        ),
        why=flag(
            "交流电经整流后才成为直流电，不可能少于直流电量；吨铝电耗由槽电压和电流效率决定。",
            "AC becomes DC in the rectifiers and cannot be the smaller; electricity per tonne follows from voltage and efficiency.",
        ),
        fix=Text(
            "核对整流所电表范围、倍率和单位（MWh）。",
            "Check the scope, multiplier and unit (MWh) of the rectifier meters.",
        ),
    ),
    Rule(
        code="ALU-02",
        title=Text("碳酸盐纯度未填报", "Purity of a carbonate not filed"),
        severity="note",
        kind="completeness",
        basis=(f"{GUIDE} 企业层级碳酸盐分解",),
        sectors=ALUMINIUM,
        needs=("parameter.material_consumption",),
        body=unstated_purity,
        message=Text(
            "{period} {subject}没有填报纯度，按 {expected} 计入，排放量可能偏高。",
            "{period}: no purity is filed for {subject}; it counts as {expected}, which may be too much.",
        ),
        why=Text(
            "没有检测或供应商证明时按上限计算。", "Without a test or a supplier's statement the upper bound holds."
        ),
        fix=Text(
            "按检测报告或供应商质量证明补报纯度。",
            "File the purity from the test report or the supplier's certificate.",
        ),
    ),
    Rule(
        code="PHY-A1",
        title=Text("直流电耗异常", "DC electricity per tonne"),
        severity="must_answer",
        kind="anomaly",
        basis=(EXPERIENCE,),
        sectors=ALUMINIUM,
        needs=("parameter.dc_electricity", *_OUTPUT),
        body=direct_current,
        waivable=True,
        message=Text(
            "{period} {unit_id}的吨铝直流电耗为 {ratio} kWh，经验范围为 {expected}。",
            "{period}: DC electricity of {unit_id} is {ratio} kWh per tonne; experience says {expected}.",
        ),
        why=flag(
            "直流电耗由槽电压和电流效率决定，变化很小；偏离多为产量或电量的单位、归属月份错误。",
            "Voltage and efficiency set it within narrow bounds; a departure is mostly a unit or the wrong month of output or electricity.",
        ),
        fix=Text(
            "核对铝液产量和直流电量的计量记录与单位。", "Check the records and units of output and DC electricity."
        ),
    ),
    Rule(
        code="PHY-A2",
        title=Text("阳极净耗异常", "Net anode consumption"),
        severity="must_answer",
        kind="anomaly",
        basis=(EXPERIENCE,),
        sectors=ALUMINIUM,
        needs=("parameter.anode_consumption", *_OUTPUT),
        body=net_anode,
        waivable=True,
        message=Text(
            "{period} {unit_id}的吨铝炭阳极净耗为 {ratio} kg，经验范围为 {expected}。",
            "{period}: net anode consumption of {unit_id} is {ratio} kg per tonne; experience says {expected}.",
        ),
        why=flag(
            "净耗由化学计量和电流效率决定；偏低多为漏计阳极或误填净耗为毛耗。",
            "Stoichiometry and efficiency set it; too little mostly means anodes left out, or the net filed as gross.",
        ),
        fix=Text(
            "核对阳极领用、残极回收台账，确认填报的是毛耗（吨）。",
            "Check anode and butt ledgers; the quantity filed is the gross one (t).",
        ),
    ),
    Rule(
        code="PHY-A3",
        title=Text("铝液产量与法拉第定律不符", "Output against Faraday's law"),
        severity="blocks",
        kind="anomaly",
        basis=("法拉第电解定律：0.33556 kg/(kA·h)",),
        sectors=ALUMINIUM,
        needs=("parameter.line_current", "parameter.operating_cells", *_OUTPUT),
        body=faraday,
        message=Text(
            "{period} {unit_id}的铝液产量 {value} t 对应电流效率 {ratio}%，物理上可能的范围为 {expected}。",
            "{period}: the output {value} t of {unit_id} means a current efficiency of {ratio} %; physics allows {expected}.",
        ),
        why=flag(
            "铝产量不能超过电流、时间和槽数所能析出的量；明显偏低则说明产量、电流或槽数有误。",
            "No more aluminium can come out than current, time and cells deposit; far less means a wrong output, current or number of cells.",
        ),
        fix=Text(
            "核对铝液产量、平均系列电流（kA）、运行槽数和运行小时。",
            "Check output, mean line current (kA), cells in operation and hours.",
        ),
    ),
    Rule(
        code="PHY-A4",
        title=Text("规定因子或损失率不符", "Prescribed factor or loss rate"),
        severity="blocks",
        kind="calculation",
        basis=(f"{GUIDE} 附录A",),
        sectors=ALUMINIUM,
        body=prescribed,
        message=Text(
            "{period} {unit_id}的{parameter}填报 {value} {unit}，按指南应为 {expected}。",
            "{period}: {parameter} of {unit_id} is filed as {value} {unit}; the guide gives {expected}.",
        ),
        why=Text(
            "这些数值由指南规定，核算按规定值进行。",
            "The guide prescribes these values; the account takes the prescribed ones.",
        ),
        fix=Text(
            "改为指南规定值，或按毛耗×（1－损失率）重算净耗。",
            "File the prescribed value, or recompute the net from gross × (1 − loss).",
        ),
    ),
)
