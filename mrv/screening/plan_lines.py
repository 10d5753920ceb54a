"""The data quality control plan beside what was filed: which lines are in force in which month, and what they compare with."""

import re
from functools import cache

import pandas as pd

from mrv.screening.case import Case
from mrv.screening.deposit_list import CARBON

LINE = ["plant_id", "sector", "unit_id", "stream_id", "month", "kind"]
_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "半": 0}
_PERIOD = re.compile(r"每?([0-9]+|[一二两三四五六]|半)?(?:个)?(年|季度|季|月|周|日|天)")
_MONTHS = {"年": 12.0, "季度": 3.0, "季": 3.0, "月": 1.0, "周": 12 / 52, "日": 12 / 365, "天": 12 / 365}
_ENGLISH = {"yearly": 12, "annually": 12, "half-yearly": 6, "quarterly": 3, "monthly": 1}


def kind_of(parameters: pd.Series) -> pd.Series:
    """What a plan names: carbon is one quantity, on whatever basis the report states it."""
    return parameters.where(~parameters.isin(CARBON), CARBON[0])


@cache
def months_between(text: str) -> float | None:
    """A frequency in words as months between two times: 每年一次 is 12, 每半年 6, 每季度 3; None when it is not understood."""
    plain = text.strip().lower()
    if plain in _ENGLISH:
        return float(_ENGLISH[plain])
    found = _PERIOD.match(plain)
    if found is None:
        return None
    number, period = found[1] or "1", found[2]
    if number == "半":
        return _MONTHS[period] / 2
    return _MONTHS[period] * (_DIGITS[number] if number in _DIGITS else int(number))


def in_force(case: Case) -> pd.DataFrame:
    """Lines of the plan in force in each judged filing: the columns of the plan and `sector`, `month` of the filing, `kind`.

    A line holds in every month that has a day between `valid_from` and `valid_to`. One without an end holds until the next
    version of the plant begins. In a month with two versions what either of them says is right.
    """
    plan = case.table("control_plan")
    begins = plan[["plant_id", "sector", "version", "valid_from"]].drop_duplicates()
    later = begins.merge(begins, on=["plant_id", "sector"], suffixes=("", "_next"))
    later = later[later["valid_from_next"] > later["valid_from"]]
    ends = later.groupby(["plant_id", "sector", "version"])["valid_from_next"].min()
    following = pd.Series(
        ends.reindex(pd.MultiIndex.from_frame(plan[["plant_id", "sector", "version"]])).fillna("").to_numpy(),
        index=plan.index,
    )
    filings = case.focus[["plant_id", "sector", "month"]].drop_duplicates()
    rows = plan.assign(following=following).merge(filings, on="plant_id", suffixes=("_of_line", ""))
    begun = rows["valid_from"].str[:7] <= rows["month"]
    # The next version may begin on the first of a month: then the month before was the last of this one.
    succeeded = (rows["following"] != "") & (rows["following"] <= rows["month"] + "-01")
    over = (rows["valid_to"] != "") & (rows["valid_to"].str[:7] < rows["month"])
    own = (rows["sector_of_line"] == "") | (rows["sector_of_line"] == rows["sector"])
    rows = rows[begun & ~over & ~((rows["valid_to"] == "") & succeeded) & own]
    return rows.assign(kind=kind_of(rows["parameter"])).reset_index(drop=True)


def judged(case: Case, lines: pd.DataFrame) -> pd.DataFrame:
    """Filed rows of the judged filings that have a plan in force, with `position` in `parameter` and `kind`."""
    filed = case.table("parameter").reset_index(names="position")
    planned = lines[["plant_id", "sector", "month"]].drop_duplicates()
    return filed.merge(planned).assign(kind=lambda rows: kind_of(rows["parameter"]))


def departing(case: Case, column: str) -> pd.DataFrame:
    """Filed rows that say something else in `column` than the plan: by `position`, with `filed` and `planned` (all that it allows).

    Only quantities that the plan names and for which both sides say something.
    """
    lines = case.plan[case.plan[column] != ""]
    rows = judged(case, lines)
    both = rows[rows[column] != ""].merge(lines[[*LINE, "parameter", column]], on=LINE, suffixes=("", "_planned"))
    # The basis that was filed counts where the plan names it; otherwise the other basis stands for it.
    same = both["parameter"] == both["parameter_planned"]
    both = both[same | ~both["position"].isin(both.loc[same, "position"])]
    right = both.loc[both[column] == both[f"{column}_planned"], "position"]
    both = both[~both["position"].isin(right)]
    if both.empty:
        return both.set_index("position").assign(filed="", planned="")
    allowed = both.groupby("position")[f"{column}_planned"].agg(lambda said: tuple(sorted(set(said))))
    result = both.drop_duplicates("position").set_index("position")
    return result.assign(filed=result[column], planned=allowed.reindex(result.index))
