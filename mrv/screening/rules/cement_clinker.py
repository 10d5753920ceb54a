"""Clinker lines: process factors and deductions, raw meal, kiln heat, electricity, the clinker balance."""

import numpy as np
import pandas as pd

from emission_factors import constant
from mrv.screening.case import UNIT_KEY, Case
from mrv.screening.ratios import EPSILON, outside_range, over, ratio_rule
from mrv.screening.rows import fixed, offending, plain
from mrv.screening.rule import Rule, Text
from mrv.screening.silence import unless_slipped
from mrv.screening.table_values import filed_rows, of_method, off_table, process_values
from mrv.screening.thresholds import limit
from schemas.vocabulary import fuel_of

CEMENT = frozenset({"cement"})
GUIDE = "CETS-AG-02.01-V01-2024"
PORTLAND = "portland_clinker"
CARBIDE_SLAG = "carbide_slag"
_BALANCE = ("clinker_stock_opening", "clinker_output", "clinker_used", "clinker_stock_closing")


def _kinds(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Clinker category of each row's line, Portland where none is registered."""
    known = case.facilities.drop_duplicates(["plant_id", "sector", "unit_id"])
    key = ["plant_id", "sector", "unit_id"]
    found = rows[key].merge(known[[*key, "clinker_kind"]], on=key, how="left")["clinker_kind"].fillna("")
    return pd.Series(np.where(found == "", PORTLAND, found), index=rows.index, dtype="str")


def _category_factor(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Prescribed process factor of each row's clinker category [tCO2/t]; NaN where the table has none."""
    table = process_values(rows.assign(parameter="clinker_process_factor"), _kinds(case, rows))
    return pd.Series([np.nan if value is None else float(value) for value in table], index=rows.index, dtype=float)


def clinker_factor(case: Case) -> pd.DataFrame:
    rows = filed_rows(case, "clinker_process_factor")
    rows = rows[of_method(rows, "clinker", "factor")]
    wrong = off_table(rows, process_values(rows, _kinds(case, rows)))
    return pd.concat([wrong, _oxides(case)], ignore_index=True)


def _oxides(case: Case) -> pd.DataFrame:
    """Where CaO and MgO are filed: the factor they give lies far from the one of the category.

    The lime of a substitute is part of it: the prescribed factor stands before the deduction for substitutes.
    """
    rows = case.facilities
    rows = rows[rows["clinker_cao"].notna() & rows["clinker_mgo"].notna()]
    rows = rows[of_method(rows, "clinker", "factor")]
    if rows.empty:
        return rows[UNIT_KEY]
    carbon_dioxide = float(constant("co2_per_carbon_numerator").value)
    lime, magnesia = (float(constant(f"co2_per_{oxide}_denominator").value) for oxide in ("cao", "mgo"))
    streams = case.streams
    replaced = streams.loc[streams["substitute_consumption"] > 0, UNIT_KEY]
    apart = ~pd.MultiIndex.from_frame(rows[UNIT_KEY]).isin(pd.MultiIndex.from_frame(replaced))
    given = pd.Series(0.0, index=rows.index)
    for oxide, mass in (("clinker_cao", lime), ("clinker_mgo", magnesia)):
        carbonate = rows[oxide] - rows[f"{oxide}_noncarbonate"].fillna(0.0) * apart
        given = given + carbonate * carbon_dioxide / mass / 100
    factor = _category_factor(case, rows)
    bad = rows[(given - factor).abs() > limit("PHY-C1", "oxides") + EPSILON]
    return offending(
        bad,
        parameter="clinker_cao",
        expected=fixed(factor[bad.index], 3) + " ± " + plain(limit("PHY-C1", "oxides")) + " tCO₂/t",
        value=fixed(given[bad.index], 3),
        severity="note",
    )


def deduction_factor(case: Case) -> pd.DataFrame:
    rows = filed_rows(case, "substitute_deduction_factor")
    return off_table(rows, process_values(rows, rows["stream_id"].map(fuel_of)))


def below_zero(case: Case) -> pd.DataFrame:
    lines = case.accounts.lines
    rows = lines[lines["formula"] == "cement.floor"]
    given_back = rows["tco2"].map(float).astype(float)
    return offending(
        rows.drop(columns="stream_id"),
        parameter="clinker_output",
        stream_id="",
        expected=fixed(given_back, 2),
    )


def carbide_slag(case: Case) -> pd.DataFrame:
    """A ratio without slag, slag without a ratio, or a ratio that the slag does not bear out.

    The exemption of the allocation plan hangs from it. No public text gives the formula of the ratio, so it is held, within a wide
    factor, against the share of the process emission that the slag takes away.
    """
    streams = case.streams
    slag = streams[streams["fuel"] == CARBIDE_SLAG].groupby(UNIT_KEY)["substitute_consumption"].sum()
    rows = case.facilities.merge(slag.rename("slag").reset_index(), on=UNIT_KEY, how="left")
    amount, ratio = rows["slag"].fillna(0.0), rows["carbide_slag_ratio"]
    kinds = pd.Series(CARBIDE_SLAG, index=rows.index)
    deduction = pd.Series(
        process_values(rows.assign(parameter="substitute_deduction_factor"), kinds), index=rows.index
    ).astype(float)
    share = over(amount * deduction, rows["clinker_output"] * _category_factor(case, rows)) * 100
    factor = limit("CMT-03", "factor")
    used, stated = amount > 0, ratio > 0
    apart = used & stated & ((ratio > share * factor + EPSILON) | (ratio < share / factor - EPSILON))
    bad = rows[(stated & ~used) | (used & ~stated) | apart]
    expected = fixed(amount[bad.index], 2) + " t ≈ " + fixed(share[bad.index], 2) + " %"
    return offending(bad, parameter="carbide_slag_ratio", expected=expected)


@unless_slipped
def raw_meal(case: Case) -> pd.DataFrame:
    rows = case.facilities
    return outside_range(
        rows, "PHY-C2", over(rows["raw_meal_consumption"], rows["clinker_output"]), "raw_meal_consumption", "t/t", 3
    )


@unless_slipped
def kiln_heat(case: Case) -> pd.DataFrame:
    """Heat of the counted fuels per tonne of clinker; an alternative fuel gives heat that is not counted here."""
    lines = case.accounts.lines
    burnt = lines[lines["formula"] == "cement.combustion"]
    heat = burnt[UNIT_KEY].assign(heat=burnt["heat"].map(float, na_action="ignore").astype(float))
    heat = heat.groupby(UNIT_KEY, as_index=False)["heat"].sum()
    streams = case.streams
    other = streams[streams["alternative_fuel_quantity"] > 0][UNIT_KEY].drop_duplicates()
    rows = case.facilities.merge(heat, on=UNIT_KEY, how="left")
    replaced = pd.MultiIndex.from_frame(rows[UNIT_KEY]).isin(pd.MultiIndex.from_frame(other))
    return outside_range(
        rows, "PHY-C3", over(rows["heat"], rows["clinker_output"]), "clinker_output", "GJ/t", 2,
        pd.Series(~replaced, index=rows.index),
    )  # fmt: skip


@unless_slipped
def clinker_balance(case: Case) -> pd.DataFrame:
    rows = case.facilities
    rows = rows[rows[list(_BALANCE)].notna().all(axis=1)]
    expected = rows["clinker_stock_opening"] + rows["clinker_output"] + rows["clinker_purchased"].fillna(0.0)
    expected = expected - rows["clinker_sold"].fillna(0.0) - rows["clinker_used"]
    gap = (
        (rows["clinker_stock_closing"] - expected).abs()
        / rows["clinker_output"].where(rows["clinker_output"] > 0)
        * 100
    )
    bad = rows[gap > limit("PHY-C4", "tolerance") + EPSILON]
    return offending(
        bad,
        parameter="clinker_stock_closing",
        expected=fixed(expected[bad.index], 2) + " t",
        gap=fixed(gap[bad.index], 2),
    )


@unless_slipped
def kiln_electricity(case: Case) -> pd.DataFrame:
    rows = case.facilities
    per_tonne = over(rows["process_electricity"] * 1000.0, rows["clinker_output"])
    return outside_range(rows, "PHY-C5", per_tonne, "process_electricity", "kWh/t", 1)


_OUTPUT = ("parameter.clinker_output",)
_FIX = Text(
    "核对两项数量的计量记录和归属月份；确属工况变化的，请说明停窑、煤种或生料变化。",
    "Check the records and the month of both quantities; if operation changed (stops, fuel, raw meal), say so.",
)
RULES = (
    Rule(
        code="CMT-01",
        title=Text("替代原料扣减超过过程排放", "Deduction exceeds the process emission"),
        severity="must_answer",
        kind="calculation",
        basis=(f"{GUIDE} 附录A（扣减后不低于零）",),
        sectors=CEMENT,
        needs=("parameter.substitute_consumption",),
        body=below_zero,
        message=Text(
            "{period} {unit_id}的非碳酸盐替代原料扣减量超过熟料过程排放，超出的 {expected} tCO₂ 没有扣减，过程排放按零计。",
            "{period}: the deduction for substitutes of {unit_id} exceeds the process emission of its clinker; {expected} tCO₂ were "
            "not deducted and the process emission is zero.",
        ),
        why=Text(
            "过程排放不能为负；扣减量大于过程排放通常说明替代原料用量、单位或生产线填错。",
            "A process emission cannot be negative; a larger deduction usually means a wrong quantity, unit or line.",
        ),
        fix=Text("核对替代原料台账、单位（吨）和所属生产线。", "Check the ledger of substitutes, the unit (t) and the line."),
    ),
    Rule(
        code="CMT-02",
        title=Text("扣减系数与附录不符", "Deduction factor is not the one of the appendix"),
        severity="blocks",
        kind="calculation",
        basis=(f"{GUIDE} 附录A",),
        sectors=CEMENT,
        needs=("parameter.substitute_deduction_factor",),
        body=deduction_factor,
        message=Text(
            "{period} {subject}的{parameter}填报 {value} {unit}，附录规定为 {expected}。",
            "{period}: {parameter} of {subject} is filed as {value} {unit}; the appendix says {expected}.",
        ),
        why=Text("扣减系数为规定值，核算按规定值进行。", "The factor is prescribed; the account takes the prescribed one."),
        fix=Text("改为附录规定值；物料名称不符的请更正物料。", "File the prescribed value, or correct the material."),
    ),
    Rule(
        code="CMT-03",
        title=Text("电石渣替代率与用量矛盾", "Carbide-slag ratio contradicts its consumption"),
        severity="must_answer",
        kind="consistency",
        basis=("2024、2025年度钢铁、水泥、铝冶炼行业配额总量和分配方案（电石渣替代率）",),
        sectors=CEMENT,
        needs=_OUTPUT,
        body=carbide_slag,
        message=Text(
            "{period} {unit_id}的电石渣替代率与电石渣用量（{expected}）不符。",
            "{period}: the carbide-slag ratio of {unit_id} does not go with the slag used ({expected}).",
        ),
        why=Text(
            "电石渣替代率超过 15% 的生产线配额等于排放量，须与台账一致。",
            "A line above 15 % has allowances equal to its emission, so the ratio must follow from the ledger.",
        ),
        fix=Text("按台账补报用量或替代率。", "File the quantity or the ratio from the ledger."),
    ),
    Rule(
        code="PHY-C1",
        title=Text("熟料过程排放因子", "Clinker process factor"),
        severity="blocks",
        kind="calculation",
        basis=(f"{GUIDE} 附录A", "GB/T 32151.8-2015（氧化物法，供核对）"),
        sectors=CEMENT,
        needs=_OUTPUT,
        body=clinker_factor,
        message=Text(
            "{period} {unit_id}的{parameter}：{value}，熟料类别对应的过程排放因子为 {expected}。",
            "{period}: {parameter} of {unit_id}: {value}; the process factor of its clinker category is {expected}.",
        ),
        why=Text(
            "过程排放因子按熟料类别取规定值；由氧化物推算的因子相差较大时，熟料类别或化验结果可能有误。",
            "The factor is prescribed by clinker category; where the oxides give a very different one, the category or the analysis may be wrong.",
        ),
        fix=Text(
            "改为规定值；氧化物推算值偏离的，核对熟料类别登记和CaO、MgO化验记录。",
            "File the prescribed value; where oxides disagree check the registered category and the CaO and MgO records.",
        ),
    ),
    ratio_rule(
        "PHY-C2", "must_answer", CEMENT, Text("料耗异常", "Raw meal per clinker"), Text("生料料耗", "raw meal per clinker"), "t/t", raw_meal,
        ("parameter.raw_meal_consumption", *_OUTPUT), "Tanheng 规则目录（工程经验值）", _FIX,
    ),
    ratio_rule(
        "PHY-C3", "must_answer", CEMENT, Text("熟料热耗异常", "Kiln heat"), Text("熟料热耗", "kiln heat per clinker"), "GJ/t", kiln_heat,
        ("parameter.fuel_consumption", *_OUTPUT), "GB 16780（能耗限额，供参照）", _FIX,
    ),
    Rule(
        code="PHY-C4",
        title=Text("熟料平衡", "Clinker balance"),
        severity="must_answer",
        kind="consistency",
        basis=("物料守恒 / conservation of mass",),
        sectors=CEMENT,
        needs=("parameter.clinker_stock_closing", *_OUTPUT),
        body=clinker_balance,
        message=Text(
            "{period} {unit_id}的熟料期末库存填报 {value} t，按期初＋产量＋外购－外销－使用应为 {expected}，相差产量的 {gap}%。",
            "{period}: the closing stock of clinker of {unit_id} is filed as {value} t; opening + made + bought − sold − used gives "
            "{expected}, {gap} % of the output apart.",
        ),
        why=Text(
            "产量决定过程排放；平衡不闭合说明产量、库存或使用量至少一项有误。",
            "Output decides the process emission; an open balance means that output, stock or use is wrong.",
        ),
        fix=Text("核对产量计量和月末盘库记录。", "Check the metering of output and the stock-take."),
    ),
    ratio_rule(
        "PHY-C5", "note", CEMENT, Text("熟料电耗异常", "Kiln electricity"), Text("熟料电耗", "electricity per clinker"), "kWh/t", kiln_electricity,
        ("parameter.process_electricity", *_OUTPUT), "Tanheng 规则目录（工程经验值）", _FIX,
    ),
)  # fmt: skip
