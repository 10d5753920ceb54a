"""C.3 of a power report: what each unit burnt of each fuel, month by month (A to F)."""

from functools import cached_property

import numpy as np

from emission_factors import NoFactor
from mrv.accounting.combustion import fuel_heat
from mrv.reporting import annual_words as words
from mrv.reporting.annual_context import Context, matrix, reasons_of
from mrv.reporting.annual_grid import Rows, as_text, choose_matrix, mean_of, places_of, present, rounded, sum_of
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


def fuels(rows: Rows, context: Context, table: str) -> None:
    """Adds A to F of each fuel."""
    burnt = Burnt(context)
    if len(burnt.grid):
        for code, series in zip("ABCDEF", _of_fuels(burnt), strict=True):
            write(rows, table, code, burnt.grid, series)


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
    context, filed, rules = burnt.context, burnt.filed, burnt.context.rules
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
    # What was filed is shown also where the carbon content itself was filed and the emission does not rest on it.
    seen = np.where(present(per_heat), per_heat, rounded(own, rules, "carbon_per_heat"))
    unused = present(own) & ~present(per_heat)
    unit_heat = Series(
        "carbon_per_heat",
        seen,
        rounded(mean_of(seen, heat), rules, "carbon_per_heat"),
        burnt.unit("carbon_per_heat"),
        np.where(penalty != "", "default", filed.text("carbon_per_heat", "method")),
        np.where(present(seen) & (penalty == ""), source("carbon_per_heat"), ""),
        joined_reasons(
            reasons_of(state, seen, ""),
            np.where(unused, words.NOT_USED, "").astype(object),
            np.where(penalty != "", by_default(penalty), "").astype(object),
            _differs(own, per_heat, penalty),
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


def _oxidation(burnt: Burnt, consumption: np.ndarray, carbon: np.ndarray) -> Series:
    rules, filed, row_ids = burnt.context.rules, burnt.filed, burnt.factor_ids["oxidation_rate"]
    used = rounded(burnt.used("oxidation_rate"), rules, "oxidation_rate")
    unsure = burnt.provisional == "yes"
    method = np.where(row_ids != "", "default", np.where(unsure, "", filed.text("oxidation_rate", "method")))
    from_filing = present(used) & (row_ids == "") & ~unsure
    written = filed.value("oxidation_rate")
    bound = np.frompyfunc(words.upper_bound, 1, 1)(as_text(written))
    return Series(
        "oxidation_rate",
        used,
        rounded(mean_of(used, fuel_heat(consumption, carbon)), rules, "oxidation_rate"),
        "%",
        method,
        np.where(from_filing, burnt.context.sources(filed, ("oxidation_rate",)), ""),
        joined_reasons(
            reasons_of(burnt.state, used, ""),
            np.where(unsure, bound, "").astype(object),
            np.where(unsure, "", _differs(written, used, row_ids)).astype(object),
        ),
        **burnt.marks(True),
    )
