"""C.3 of a power report: what each unit burnt, month by month (A to L), and the purchased electricity of the years that count it."""

from functools import cached_property

import numpy as np
import pandas as pd

from emission_factors import NoFactor
from mrv.accounting import operation
from mrv.accounting.combustion import fuel_heat
from mrv.accounting.inputs import choose
from mrv.reporting import annual_words as words
from mrv.reporting.annual_context import Context, matrix, reasons_of
from mrv.reporting.annual_grid import Rows, as_text, mean_of, places_of, present, rounded, sum_of
from mrv.reporting.annual_series import CALCULATED, Series, joined_reasons, marks, write
from schemas.vocabulary import unit_of
from schemas.vocabulary.parameters import counted_as_gas

CARBON = ("carbon_content_ar", "carbon_content_ad", "carbon_content_d")


class Burnt:
    """The emission lines of the year on the grid of streams."""

    def __init__(self, context: Context) -> None:
        self.context, self.grid, self.filed = context, context.streams, context.filed_streams
        lines = context.accounts.lines
        self.lines = lines[lines["source"] == "combustion"]
        self._place = self.grid.place(self.lines)
        self.gas = self.grid.keys["stream_id"].map(counted_as_gas).to_numpy(dtype=bool)
        self.provisional = np.where(self.used("provisional", False).astype(bool), "yes", "no").astype(object)

    def used(self, column: str, absent: object = None) -> np.ndarray:
        """A column of the emission lines, (n, 12)."""
        return self.grid.put(self._place, self.lines[column], absent)

    @cached_property
    def factor_ids(self) -> dict[str, np.ndarray]:
        """For each parameter the id of the factor row that stands in for it, empty where none does; (n, 12) each."""
        parameter = {}
        for text in self.lines["factors"].unique():
            for row_id in text.split():
                parameter[row_id] = parameter_of(self.context, row_id)
        split = {
            text: {parameter[row_id]: row_id for row_id in text.split()} for text in self.lines["factors"].unique()
        }
        return {
            name: self.grid.put(self._place, [split[text].get(name, "") for text in self.lines["factors"]], "")
            for name in ("net_calorific_value", "carbon_per_heat", "oxidation_rate")
        }

    @cached_property
    def state(self) -> np.ndarray:
        """Why a stream has no line in a month: (n, 12), empty where it has one."""
        unit = self.context.state[self.context.unit_of_stream]
        state = np.where((unit == "") & ~self.filed.anything(), words.FUEL_NOT_FILED, unit)
        unburnt = ~present(self.used("activity"))
        return np.where((state == "") & unburnt, words.NO_CONSUMPTION, state).astype(object)

    def unit(self, parameter: str) -> np.ndarray:
        """The unit of measure of each line."""
        return self.grid.keys["stream_id"].map(lambda stream: unit_of(parameter, stream)).to_numpy(dtype=object)

    def marks(self, of_lines: bool) -> dict[str, object]:
        """Provisional marks; those of the emission only where the number rests on the oxidation rate."""
        unsure = self.provisional if of_lines else matrix("no", self.provisional)
        return marks(self.context, self.context.missing[self.context.unit_of_stream], unsure)


def parameter_of(context: Context, row_id: str) -> str:
    """The parameter a factor row gives; rows that an operator imported are oxidation rates."""
    try:
        row = context.factors.row(row_id)
    except NoFactor:
        return "oxidation_rate"
    return dict(row.columns).get("parameter", "oxidation_rate" if row.table == "oxidation" else row.table)


def combustion(rows: Rows, context: Context, table: str) -> None:
    """Adds A to F of each fuel, and G to L of each unit."""
    burnt = Burnt(context)
    if len(burnt.grid):
        for code, series in zip("ABCDEF", _of_fuels(burnt), strict=True):
            write(rows, table, code, burnt.grid, series)
    _of_units(rows, context, table)


def _differs(filed: np.ndarray, used: np.ndarray, ids: np.ndarray | str = "") -> np.ndarray:
    """The reason where a filed value is not the one the rules take."""
    other = present(filed) & present(used) & (filed != used)
    return np.where(other, np.frompyfunc(words.overruled, 2, 1)(as_text(filed), ids), "").astype(object)


def shown(filed: np.ndarray, places: int, values: np.ndarray) -> np.ndarray:
    """The reason where the report shows fewer decimals than were filed."""
    longer = present(filed) & (filed != values)
    reason = np.frompyfunc(lambda text: words.shortened(text, places), 1, 1)
    return np.where(longer, reason(as_text(filed)), "").astype(object)


def _of_fuels(burnt: Burnt) -> list[Series]:
    context, filed, gas, rules = burnt.context, burnt.filed, burnt.gas, burnt.context.rules
    state, ids = burnt.state, burnt.factor_ids

    def source(*parameters: str) -> np.ndarray:
        return context.sources(filed, parameters)

    written = filed.value("fuel_consumption")
    consumption = rounded(written, rules, "fuel_consumption")
    amount = Series(
        "fuel_consumption",
        consumption,
        sum_of(consumption),
        burnt.unit("fuel_consumption"),
        filed.text("fuel_consumption", "method"),
        source("fuel_consumption"),
        joined_reasons(
            reasons_of(state, written, words.NOT_FILED),
            shown(written, places_of(rules, "fuel_consumption"), consumption),
        ),
        **burnt.marks(False),
    )
    carbon = _carbon(burnt, consumption)
    heat_value = _heat_value(burnt, consumption)
    own = filed.value("carbon_per_heat")
    per_heat = rounded(burnt.used("carbon_per_heat"), rules, "carbon_per_heat")
    penalty = ids["carbon_per_heat"]
    by_default = np.frompyfunc(words.substituted, 1, 1)
    heat = fuel_heat(consumption, heat_value.months)
    unit_heat = Series(
        "carbon_per_heat",
        per_heat,
        rounded(mean_of(per_heat, heat), rules, "carbon_per_heat"),
        burnt.unit("carbon_per_heat"),
        np.where(penalty != "", "default", filed.text("carbon_per_heat", "method")),
        np.where(present(per_heat) & (penalty == ""), source("carbon_per_heat"), ""),
        joined_reasons(
            np.where(penalty != "", by_default(penalty), "").astype(object), _differs(own, per_heat, penalty)
        ),
        **burnt.marks(False),
    )
    oxidation = _oxidation(burnt, consumption, carbon.months)
    tonnes = rounded(burnt.used("tco2"), rules, "emission")
    emission = Series(
        "combustion_emission",
        tonnes,
        sum_of(tonnes),
        "tCO2",
        CALCULATED,
        "",
        joined_reasons(
            reasons_of(state, tonnes, words.NO_CARBON),
            np.where(burnt.provisional == "yes", words.PROVISIONAL_RATE, "").astype(object),
        ),
        **burnt.marks(True),
    )
    assert gas.shape == (len(burnt.grid),)
    return [amount, carbon, heat_value, unit_heat, oxidation, emission]


def _carbon(burnt: Burnt, consumption: np.ndarray) -> Series:
    rules, filed = burnt.context.rules, burnt.filed
    formula = burnt.used("formula", "")
    written = filed.value("carbon_content_ar")
    used = rounded(burnt.used("carbon_content_ar"), rules, "carbon_content_ar", burnt.gas)
    as_written = rounded(written, rules, "carbon_content_ar", burnt.gas)
    mean = rounded(mean_of(used, consumption), rules, "carbon_content_ar", burnt.gas)
    tested = formula != "combustion.heat"
    return Series(
        "carbon_content_ar",
        used,
        mean,
        burnt.unit("carbon_content_ar"),
        np.where(formula == "combustion.ar", filed.text("carbon_content_ar", "method"), CALCULATED),
        np.where(tested, burnt.context.sources(filed, CARBON), ""),
        joined_reasons(reasons_of(burnt.state, used, words.NO_CARBON), _differs(as_written, used)),
        **burnt.marks(False),
    )


def _heat_value(burnt: Burnt, consumption: np.ndarray) -> Series:
    rules, filed = burnt.context.rules, burnt.filed
    written = filed.value("net_calorific_value")
    used = rounded(choose_matrix(burnt.used("net_calorific_value"), written), rules, "net_calorific_value")
    row_ids = burnt.factor_ids["net_calorific_value"]
    default = ~present(written) & present(used)
    reason = np.where(row_ids != "", np.frompyfunc(words.substituted, 1, 1)(row_ids), words.DEFAULT_HEAT)
    return Series(
        "net_calorific_value",
        used,
        rounded(mean_of(used, consumption), rules, "net_calorific_value"),
        burnt.unit("net_calorific_value"),
        np.where(default, "default", filed.text("net_calorific_value", "method")),
        burnt.context.sources(filed, ("net_calorific_value",)),
        joined_reasons(
            reasons_of(burnt.state, used, words.NOT_FILED),
            np.where(default, reason, "").astype(object),
            shown(written, places_of(rules, "net_calorific_value"), used),
        ),
        **burnt.marks(False),
    )


def choose_matrix(*candidates: np.ndarray) -> np.ndarray:
    """The first candidate that is not None, cell by cell."""
    return choose(*(candidate.ravel() for candidate in candidates)).reshape(candidates[0].shape)


def _oxidation(burnt: Burnt, consumption: np.ndarray, carbon: np.ndarray) -> Series:
    rules, filed, row_ids = burnt.context.rules, burnt.filed, burnt.factor_ids["oxidation_rate"]
    used = rounded(burnt.used("oxidation_rate"), rules, "oxidation_rate")
    unsure = burnt.provisional == "yes"
    method = np.where(row_ids != "", "default", np.where(unsure, "", filed.text("oxidation_rate", "method")))
    from_filing = present(used) & (row_ids == "") & ~unsure
    return Series(
        "oxidation_rate",
        used,
        rounded(mean_of(used, fuel_heat(consumption, carbon)), rules, "oxidation_rate"),
        "%",
        method,
        np.where(from_filing, burnt.context.sources(filed, ("oxidation_rate",)), ""),
        joined_reasons(
            reasons_of(burnt.state, used, ""),
            np.where(unsure, words.UPPER_BOUND, "").astype(object),
            _differs(filed.value("oxidation_rate"), used, row_ids),
        ),
        **burnt.marks(True),
    )


def unit_months(context: Context, column: str) -> np.ndarray:
    """A column of the monthly accounts on the grid of reporting units, (n, 12)."""
    months = context.accounts.unit_months.assign(stream_id="")
    return context.reporting_grid.put(context.reporting_grid.place(months), months[column])


def unit_provisional(context: Context) -> np.ndarray:
    """Which unit-months rest on a provisional oxidation rate: `yes` or `no`, (n, 12)."""
    flags = unit_months(context, "provisional")
    return np.where(flags == True, "yes", "no").astype(object)  # noqa: E712 - None where a month is absent


def _of_units(rows: Rows, context: Context, table: str) -> None:
    """G of each unit; H to L where biomass is fired."""
    grid, rules, filed = context.reporting_grid, context.rules, context.filed_units
    unsure = marks(context, context.missing, unit_provisional(context))
    tonnes = rounded(unit_months(context, "tco2"), rules, "emission")
    reason = reasons_of(context.state, tonnes, words.NO_CONSUMPTION)
    write(rows, table, "G", grid, Series("unit_combustion_emission", tonnes, sum_of(tonnes), "tCO2", reason=reason, **unsure))
    biomass = context.grouped(context.parameter[context.parameter["stream_id"].str.startswith("biomass")])
    names = grid.gather(grid.place(biomass.assign(stream_id="")), biomass["stream_id"])
    share_filed, efficiency = filed.value("biomass_heat_share"), filed.value("boiler_efficiency")
    fired = (names != "").any(axis=1) | present(share_filed).any(axis=1) | present(efficiency).any(axis=1)
    if not fired.any():
        return
    keys = grid.keys[fired]
    rows.add(table, "H", "biomass_name", keys, names[fired], grid.periods, reason=context.state[fired])
    boiler = rounded(filed.value("boiler_heat"), rules, "boiler_heat")
    efficiency = rounded(efficiency, rules, "boiler_efficiency")
    fossil = rounded(unit_months(context, "fuel_heat"), rules, "fossil_heat")
    share = choose_matrix(operation.biomass_heat_share(boiler, efficiency, fossil), share_filed)
    mean = rounded(mean_of(efficiency, boiler), rules, "boiler_efficiency")
    year_share = operation.biomass_heat_share(sum_of(boiler), mean, sum_of(fossil))
    certain = marks(context, context.missing, matrix("no", boiler))
    items = (
        ("I", "boiler_efficiency", efficiency, mean, "%", True),
        ("J", "boiler_heat", boiler, sum_of(boiler), "GJ", True),
        ("K", "fossil_heat", fossil, sum_of(fossil), "GJ", False),
        (
            "L",
            "biomass_heat_share",
            rounded(share, rules, "biomass_heat_share"),
            rounded(year_share, rules, "biomass_heat_share"),
            "%",
            False,
        ),
    )
    for code, item, months, year, unit, is_filed in items:
        series = Series(
            item,
            months,
            year,
            unit,
            filed.text(item, "method") if is_filed else CALCULATED,
            context.sources(filed, (item,)) if is_filed else "",
            reasons_of(context.state, months, words.NOT_FILED),
            **certain,
        )
        write(rows, table, code, grid, series, fired)


def electricity_lines(context: Context) -> pd.DataFrame:
    """Purchased electricity under its reporting unit."""
    lines = context.accounts.lines
    return context.grouped(lines[lines["source"] == "electricity"]).assign(stream_id="")


def electricity(rows: Rows, context: Context, table: str) -> None:
    """Adds M to O: purchased electricity, grid factor and the emission, unit by unit."""
    grid, rules, lines = context.reporting_grid, context.rules, electricity_lines(context)
    place = grid.place(lines)
    amount = rounded(grid.add(place, lines["activity"]), rules, "purchased_electricity")
    factor = grid.put(place, lines["grid_factor"])
    tonnes = rounded(grid.add(place, lines["tco2"]), rules, "emission")
    certain = marks(context, context.missing, matrix("no", amount))
    source = context.sources(context.filed_units, ("purchased_electricity",))
    reason = reasons_of(context.state, amount, words.NOT_FILED)
    method = context.filed_units.text("purchased_electricity", "method")
    mean = mean_of(factor, amount)
    everywhere = np.array([next((v for v in line if v is not None), None) for line in factor] or [None], dtype=object)
    series = (
        ("M", Series("purchased_electricity", amount, sum_of(amount), "MWh", method, source, reason, **certain)),
        ("N", Series("grid_factor", factor, choose(mean, everywhere[: len(mean)]), "tCO2/MWh", "default", "", reason, **certain)),
        ("O", Series("electricity_emission", tonnes, sum_of(tonnes), "tCO2", CALCULATED, "", reason, **certain)),
    )
    for code, one in series:
        write(rows, table, code, grid, one)
