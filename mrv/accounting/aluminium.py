"""Aluminium smelting (CETS-AG-04.01-V01-2024, and the generation before it): anodes, anode effects, fuels, carbonates."""

import numpy as np
import pandas as pd

from emission_factors import co2_per_carbon
from mrv.accounting import process
from mrv.accounting.combustion import HUNDRED
from mrv.accounting.decimals import round_half_up
from mrv.accounting.industry import Sectoral, combustion_lines, filed_or_default, full, joined, lines_of, measured
from mrv.accounting.inputs import UNIT_KEY, choose, only, present, wide

NET = "anode_net_consumption"
GASES = (("CF4", "cf4_factor"), ("C2F6", "c2f6_factor"))
ANALYSED = ("anode_sulphur", "anode_ash")


def lines(sectoral: Sectoral) -> pd.DataFrame:
    """Emission lines of aluminium smelters, all of them `total`: anodes and perfluorocarbons of each electrolysis process, fuels
    and carbonates of the enterprise. Defaults hold where nothing was measured; the loss of anodes is always the fixed one."""
    return joined(
        [
            _anodes(sectoral),
            *_perfluorocarbons(sectoral),
            combustion_lines(sectoral, "aluminium.combustion"),
            _carbonates(sectoral),
        ]
    )


def _with_stream(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.reset_index(drop=True).assign(stream_id="")


def _anodes(sectoral: Sectoral) -> pd.DataFrame:
    texts = [(name, "method") for name in ANALYSED]
    names = ("anode_consumption", "aluminium_output", *ANALYSED)
    frame = wide(sectoral.parameter, UNIT_KEY, names, texts)
    gross_months = sectoral.of_months("gross", "anode")
    by_gross = frame["month"].isin(gross_months)
    needed = np.where(by_gross, present(frame["anode_consumption"]), present(frame["aluminium_output"]))
    frame = _with_stream(frame[needed.astype(bool)])
    if frame.empty:
        return frame
    anode = full(len(frame), "anode")
    loss, loss_ids = sectoral.factor(frame, anode, "anode_loss_rate")
    per_tonne, rate_ids = sectoral.factor(frame, anode, "anode_net_rate")
    by_gross = frame["month"].isin(gross_months).to_numpy()
    gross, output = frame["anode_consumption"].to_numpy(), frame["aluminium_output"].to_numpy()
    net = choose(
        only(by_gross, process.anode_net_consumption(gross, loss)),
        only(~by_gross, process.material_emission(output, per_tonne)),
    )
    net = _rounded(sectoral, frame, net)
    analysed = [filed_or_default(measured(frame, name), sectoral.factor(frame, anode, name)) for name in ANALYSED]
    emission = process.anode_emission(net, analysed[0][0], analysed[1][0], co2_per_carbon())
    inputs = [("anode_consumption", only(by_gross, gross)), ("anode_loss_rate", only(by_gross, loss))]
    inputs += [("aluminium_output", only(~by_gross, output)), ("anode_net_rate", only(~by_gross, per_tonne))]
    inputs += [(NET, net), *((name, values) for name, (values, _) in zip(ANALYSED, analysed, strict=True))]
    ids = (np.where(by_gross, loss_ids, rate_ids), *(row_ids for _, row_ids in analysed))
    formula = np.where(by_gross, "aluminium.anode", "aluminium.anode_rate")
    return lines_of(sectoral, frame, "process", formula, inputs, emission, ids)


def _rounded(sectoral: Sectoral, frame: pd.DataFrame, net: np.ndarray) -> np.ndarray:
    """Net consumption with the decimals of the rule set where it says that the report's value enters the product."""
    result = net.copy()
    for month, rules in sectoral.sets.items():
        here = (frame["month"] == month).to_numpy()
        if NET in rules.rounded_inputs and here.any():
            result[here] = round_half_up(net[here], rules.decimals(NET))
    return result


def _perfluorocarbons(sectoral: Sectoral) -> list[pd.DataFrame]:
    frame = wide(sectoral.parameter, UNIT_KEY, ("aluminium_output", "anode_effect_minutes"))
    frame = _with_stream(frame[present(frame["aluminium_output"])])
    if frame.empty:
        return []
    effect = full(len(frame), "anode_effect")
    output = frame["aluminium_output"].to_numpy()
    by_slope = frame["month"].isin(sectoral.of_months("slope", "anode_effect")).to_numpy()
    minutes = only(by_slope, frame["anode_effect_minutes"])
    slope, slope_ids = sectoral.factor(frame, effect, "cf4_slope")
    share, share_ids = sectoral.factor(frame, effect, "c2f6_share")
    from_slope = process.slope_factor(minutes, slope)
    computed = {
        "cf4_factor": (from_slope, slope_ids),
        "c2f6_factor": (process.slope_factor(from_slope, share), share_ids),
    }
    parts = []
    for gas, name in GASES:
        default, ids = sectoral.factor(frame, effect, name)
        measured_here, law = computed[name]
        factor = choose(measured_here, default)
        used = np.where(present(measured_here), law, ids)
        asked = frame[["month"]].assign(assessment=[sectoral.sets[month].gwp for month in frame["month"]], gas=gas)
        potential, potential_ids = sectoral.factors.as_of_many("gwp", asked)
        mass = process.perfluorocarbon_mass(output, factor)
        emission = process.carbon_dioxide_equivalent(mass, potential)
        inputs = [("aluminium_output", output), ("anode_effect_minutes", only(present(measured_here), minutes))]
        inputs += [(name, factor), ("gwp", potential)]
        row_ids = (used, potential_ids)
        parts.append(lines_of(sectoral, frame, "pfc", "aluminium.pfc", inputs, emission, row_ids, gas=gas, tonnes=mass))
    return parts


def _carbonates(sectoral: Sectoral) -> pd.DataFrame:
    frame = sectoral.materials(("carbonate",), "material_consumption", "carbonate_purity")
    frame = frame[present(frame["material_consumption"])].reset_index(drop=True)
    factor, ids = sectoral.factor(frame, frame["material"], "material_factor")
    amount = frame["material_consumption"].to_numpy()
    # A carbonate whose purity was not filed counts as pure: the upper bound.
    purity = choose(frame["carbonate_purity"].to_numpy(), full(len(frame), HUNDRED))
    inputs = (("material_consumption", amount), ("material_factor", factor), ("carbonate_purity", purity))
    emission = process.carbonate_emission(amount, factor, purity)
    return lines_of(sectoral, frame, "process", "aluminium.carbonate", inputs, emission, (ids,))
