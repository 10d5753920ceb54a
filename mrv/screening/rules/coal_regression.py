"""Laboratory values against the quality of the same coal: what belongs together must move together."""

import numpy as np
import pandas as pd

from emission_factors import constant
from mrv.screening.case import Case
from mrv.screening.robust import robust_residuals
from mrv.screening.rows import CHECKS, filed_instead, fixed, flag, graded, offending
from mrv.screening.rule import Rule, Text
from mrv.screening.thresholds import limit

PAPER = "Energies 2023 16(22):7592 (coal quality regression)"


def _residuals(case: Case, target: str, predictors: list[str]) -> pd.DataFrame:
    """Reports that could be modelled, with `residual` and `fitted` of `target`.

    A plant with enough reports is fitted on its own; the others are held against all reports of the batch together.
    """
    rows = case.reports.dropna(subset=[target, *predictors]).copy()
    rows["residual"], rows["fitted"] = np.nan, np.nan
    tuning = limit("PHY-01", "huber_tuning")
    own = rows.groupby("plant_id")[target].transform("size") >= limit("PHY-01", "own_reports")
    parts = [(own, rows.loc[own, "plant_id"].astype("category").cat.codes.to_numpy(dtype=int), own)]
    if len(rows) >= limit("PHY-01", "pooled_reports") and not own.all():
        parts.append((own | True, np.zeros(len(rows), dtype=int), ~own))
    for fit_on, groups, judged in parts:
        part = rows[fit_on]
        residual, fitted = robust_residuals(part[predictors].to_numpy(), part[target].to_numpy(), groups, tuning)
        rows.loc[judged, "residual"] = pd.Series(residual, index=part.index)[judged]
        rows.loc[judged, "fitted"] = pd.Series(fitted, index=part.index)[judged]
    return rows.dropna(subset=["residual"])


def carbon_regression(case: Case) -> pd.DataFrame:
    rows = _residuals(
        case, "carbon_ar", ["net_calorific_value_ar", "moisture_ar", "ash_ad", "volatile_ad", "sulphur_ad"]
    )
    size = rows["residual"].abs() / limit("PHY-01", "rmse")
    rows = rows[size > limit("PHY-01", "note_multiple")]
    strong = size[rows.index] > limit("PHY-01", "must_answer_multiple")
    estimate = fixed(rows["fitted"] / 100.0, 4).where(strong & rows["alone"], "")
    return offending(
        rows,
        parameter="carbon",
        item=rows["item"],
        value=fixed(rows["carbon"], 2),
        expected=fixed(rows["carbon"] * rows["fitted"] / rows["carbon_ar"], 2) + " %",
        difference=fixed(rows["carbon_ar"] - rows["fitted"], 2),
        severity=graded(strong & False, strong),
        table="coal_analysis",
        position=rows["position"],
        column="carbon",
        counterfactual=filed_instead(
            rows.index, carbon_content_ar=estimate, carbon_content_ad=None, carbon_content_d=None
        ),
    )


def heat_regression(case: Case) -> pd.DataFrame:
    rows = _residuals(case, "net_calorific_value_ar", ["moisture_ar", "ash_ad", "volatile_ad", "sulphur_ad"])
    size = rows["residual"].abs() / limit("PHY-02", "rmse")
    rows = rows[size > limit("PHY-02", "note_multiple")]
    strong = size[rows.index] > limit("PHY-02", "must_answer_multiple")
    return offending(
        rows,
        parameter="net_calorific_value_ar",
        item=rows["item"],
        value=fixed(rows["net_calorific_value_ar"], 3),
        expected=fixed(rows["fitted"], 2) + " MJ/kg",
        difference=fixed(rows["net_calorific_value_ar"] - rows["fitted"], 2),
        severity=graded(strong & False, strong),
        table="coal_analysis",
        position=rows["position"],
        column="net_calorific_value_ar",
    )


def heat_and_ash(case: Case) -> pd.DataFrame:
    """Streams whose dry heat value rises with dry ash, told at their latest judged report."""
    key = ["plant_id", "unit_id", "stream_id"]
    rows = case.reports.dropna(subset=["net_calorific_value_ar", "moisture_ar", "ash_ad", "moisture_ad"]).copy()
    rows = rows[(rows["moisture_ar"] < 100) & (rows["moisture_ad"] < 100)]
    # The heat that evaporates the water is added back [MJ/kg], so that only the dry coal is compared.
    latent = float(constant("latent_heat_moisture").value) / 1000.0 * rows["moisture_ar"]
    rows["x"] = rows["ash_ad"] / (100.0 - rows["moisture_ad"])
    rows["y"] = (rows["net_calorific_value_ar"] + latent) / (100.0 - rows["moisture_ar"])
    rows[["x", "y"]] -= rows.groupby(key)[["x", "y"]].transform("mean")
    rows["xy"], rows["xx"], rows["yy"] = rows["x"] * rows["y"], rows["x"] ** 2, rows["y"] ** 2
    sums = rows.groupby(key)[["xy", "xx", "yy"]].sum()
    count = rows.groupby(key).size()
    spread = np.sqrt(sums["xx"] * sums["yy"])
    correlation = (sums["xy"] / spread.where(spread > 0)).clip(-1.0, 1.0)
    statistic = correlation * np.sqrt((count - 2).clip(lower=0) / (1.0 - correlation**2).clip(lower=1e-12))
    odd = (count >= limit("V16", "reports")) & (statistic > limit("V16", "statistic"))
    bad = pd.DataFrame({"correlation": correlation, "count": count})[odd].reset_index()
    filings = case.focus[["plant_id", "month"]].drop_duplicates()
    judged = rows.merge(filings, on=["plant_id", "month"])
    judged = judged.sort_values([*key, "month", "item"]).drop_duplicates(key, keep="last")
    latest = judged.merge(bad, on=key)
    return offending(
        latest,
        parameter="net_calorific_value_ar",
        correlation=fixed(latest["correlation"], 2),
        reports=latest["count"].astype(str),
        expected="< 0",
        table="coal_analysis",
        position=latest["position"],
        column="net_calorific_value_ar",
    )


RULES = (
    Rule(
        code="PHY-01",
        title=Text("元素碳与煤质指标不匹配", "Carbon does not fit the quality of the coal"),
        severity="must_answer",
        kind="anomaly",
        basis=(PAPER, f"{CHECKS} V15"),
        needs=("coal_analysis",),
        message=Text(
            "{period} 检测报告{item}的元素碳为 {value}{unit}；按同一煤样的发热量、全水、灰分、挥发分和全硫推算约为 "
            "{expected}，"
            "折收到基相差 {difference} 个百分点。",
            "{period}: report {item} gives {value}{unit} carbon; heat value, moisture, ash, volatile matter and "
            "sulphur of "
            "the same sample suggest about {expected}, {difference} points apart as received.",
        ),
        why=flag(
            "元素碳直接决定排放量，1个百分点约相当于该煤种排放的1.7%。同一煤样的碳与发热量、灰分、水分高度相关，"
            "单独偏离通常是抄录、基准或样品问题。",
            "Carbon decides the emission: one point is about 1.7 % of it. Carbon moves with heat value, ash and "
            "moisture of "
            "the same sample; when it alone departs, the cause is mostly transcription, basis or a wrong sample.",
        ),
        fix=Text(
            "核对报告原件的元素碳及基准、样品编号与煤种；必要时复测留样，或说明当月煤源变化并附化验原始记录。",
            "Check carbon and its basis, sample number and coal on the original report; test the retained sample again "
            "if "
            "needed, or explain the change of coal source and attach the laboratory's raw record.",
        ),
        body=carbon_regression,
        waivable=True,
    ),
    Rule(
        code="PHY-02",
        title=Text("发热量与工业分析不匹配", "Heat value does not fit the proximate analysis"),
        severity="must_answer",
        kind="anomaly",
        basis=(PAPER, f"{CHECKS} V16"),
        needs=("coal_analysis",),
        message=Text(
            "{period} 检测报告{item}的收到基低位发热量为 {value} {unit}；按全水、灰分、挥发分和全硫推算约为 "
            "{expected}，相差 {difference} MJ/kg。",
            "{period}: report {item} gives a net calorific value of {value} {unit}; moisture, ash, volatile matter and "
            "sulphur suggest about {expected}, {difference} MJ/kg apart.",
        ),
        why=flag(
            "发热量用于核对元素碳、热效率和煤耗，并在未实测元素碳时直接进入排放计算。",
            "The heat value is the yardstick for carbon, efficiency and coal rate, and enters the emission itself "
            "where "
            "carbon was not tested.",
        ),
        fix=Text(
            "核对报告的发热量、单位（MJ/kg）、基准和全水；与当月入炉煤质报表对照，不一致时请检测机构确认并说明。",
            "Check heat value, unit (MJ/kg), basis and total moisture on the report against the as-fired quality "
            "sheet; if "
            "they differ have the laboratory confirm and explain.",
        ),
        body=heat_regression,
        waivable=True,
    ),
    Rule(
        code="V16",
        title=Text("发热量随灰分升高", "Heat value rises with ash"),
        severity="note",
        kind="anomaly",
        basis=(f"{CHECKS} V16",),
        needs=("coal_analysis", "history"),
        message=Text(
            "{subject}近 {reports} 份检测报告中，干基发热量与灰分的相关系数为 {correlation}，应为负相关（{expected}）。",
            "Over {reports} reports of {subject} the dry heat value and ash correlate at {correlation}; the sign should "
            "be "
            "negative ({expected}).",
        ),
        why=flag(
            "灰分不可燃，灰分升高时发热量应下降；长期反向多为煤种混填、数据错列或煤样不对应。",
            "Ash does not burn, so the heat value falls as ash rises; a lasting opposite sign often means mixed-up "
            "coals, "
            "columns or samples.",
        ),
        fix=Text(
            "逐份核对各月报告的灰分和发热量是否对应同一煤样；不同煤种请分别作为不同燃料流填报。",
            "Check month by month that ash and heat value belong to the same sample; file different coals as separate "
            "streams.",
        ),
        body=heat_and_ash,
        waivable=True,
    ),
)
