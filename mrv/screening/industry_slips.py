"""Slips of a power of ten in industrial filings: contents, outputs, and what is used per tonne of output."""

import numpy as np
import pandas as pd

from emission_factors import fuel_group
from mrv.accounting.industry_units import PRODUCTS
from mrv.accounting.inputs import each_distinct
from mrv.screening.case import STREAM_KEY, UNIT_KEY, Case
from mrv.screening.facilities import INDUSTRY, quantities
from mrv.screening.powers_of_ten import gases, judged, logarithms
from mrv.screening.thresholds import limit
from schemas.vocabulary import fuel_of

_CONTENT = ("net_calorific_value", "carbon_per_heat")


def industry_slips(case: Case) -> pd.DataFrame:
    """Values of industrial filings a power of ten away from the other months: the stream key, `parameter` and `power`.

    Contents are compared as they are, outputs with the months of their unit, and what is used per tonne of output, with a slip of
    the output taken out first. An output has slipped only when its inputs per tonne are off by the inverse: one slip is blamed
    once. Oil, which a line burns when it is started, counts only when a thousand times too large.
    """
    outputs = _outputs(case)
    made = case.facilities
    slipped = made[UNIT_KEY].merge(outputs[[*UNIT_KEY, "power"]], on=UNIT_KEY, how="left")["power"].fillna(0)
    made = made.assign(output=made["output"].to_numpy() / 10.0 ** slipped.to_numpy())
    rest = pd.concat([_contents(case), _inputs(quantities(case, made))], ignore_index=True)
    columns = [*STREAM_KEY, "parameter", "power"]
    return pd.concat([outputs[columns], judged(rest)[columns]], ignore_index=True)


def _contents(case: Case) -> pd.DataFrame:
    streams = case.streams[case.streams["sector"].isin(INDUSTRY)]
    allowed = np.where(gases(streams["stream_id"]), "gas", "usual")
    parts = [streams[STREAM_KEY].assign(parameter=name, allowed=allowed, indicator=streams[name]) for name in _CONTENT]
    return pd.concat(parts, ignore_index=True)


def _inputs(used: pd.DataFrame) -> pd.DataFrame:
    oil = each_distinct(used["stream_id"], lambda stream: fuel_group(fuel_of(stream)) == "oil").astype(bool)
    allowed = np.where(oil, "thousand", np.where(gases(used["stream_id"]), "gas", "usual"))
    rows = used[[*STREAM_KEY, "parameter"]]
    return rows.assign(allowed=allowed, indicator=used["amount"] / used["output"])


def _outputs(case: Case) -> pd.DataFrame:
    made = case.facilities
    filed = made[list(PRODUCTS)].notna()
    name = filed.idxmax(axis=1).where(filed.any(axis=1), "") if len(made) else ""
    found = judged(made[UNIT_KEY].assign(stream_id="", parameter=name, allowed="usual", indicator=made["output"]))
    if found.empty:
        return found
    inputs = _inputs(quantities(case))
    of_unit = inputs[UNIT_KEY].assign(against=-logarithms(inputs)[0]).groupby(UNIT_KEY, as_index=False)["against"]
    against = found[UNIT_KEY].merge(of_unit.median(), on=UNIT_KEY, how="left")["against"].to_numpy()
    near = np.abs(against - found["power"].to_numpy()) <= 2 * limit("SCH-03", "window")
    return found[np.isnan(against) | near]
