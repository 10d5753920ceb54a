"""Planted faults of the industrial plants. Each is a small edit at one place, and the words for it.

A fault is data: where, what is done to the filed value, and what a person would say about it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from mrv.simulation.editing import Editor, Place
from mrv.simulation.industry_pen import carbon_dioxide
from mrv.simulation.model import PlantedFault
from mrv.simulation.numbers import HUNDRED, half_up, text
from schemas.vocabulary import PARAMETERS, unit_of

Edit = Callable[[Editor, Place, str], None]


@dataclass(frozen=True)
class Slip:
    """One fault: rule, place, parameter, the edit, and its words."""

    rule: str
    place: Place
    parameter: str
    edit: Edit
    zh: str
    en: str

    def __call__(self, editor: Editor) -> PlantedFault:
        """Edit the tables and return the record."""
        self.edit(editor, self.place, self.parameter)
        return self.place.fault(self.parameter, self.rule, self.zh, self.en)


def scaled_by(percent: str) -> Edit:
    """The filed value becomes so many per cent of itself, with the decimals of its parameter."""

    def edit(editor: Editor, at: Place, parameter: str) -> None:
        value = editor.value(at, parameter) * Decimal(percent) / HUNDRED
        editor.file(at, parameter, half_up(value, PARAMETERS[parameter].decimals))

    return edit


def becomes(value: str, method: str = "") -> Edit:
    """The filed value is another; its method changes where one is named."""

    def edit(editor: Editor, at: Place, parameter: str) -> None:
        editor.put("parameter", "value", value, **at._asdict(), parameter=parameter)
        if method:
            editor.put("parameter", "method", method, **at._asdict(), parameter=parameter)

    return edit


def left_out(editor: Editor, at: Place, parameter: str) -> None:
    """The value is not filed."""
    editor.remove("parameter", editor.rows("parameter", **at._asdict(), parameter=parameter))


def without_evidence(editor: Editor, at: Place, parameter: str) -> None:
    """The value is filed, its documents are not."""
    editor.remove("evidence", editor.rows("evidence", **at._asdict(), parameter=parameter))


def unit_left_out(editor: Editor, at: Place, parameter: str) -> None:
    """Nothing of a registered line is filed for the month."""
    place = {"plant_id": at.plant_id, "unit_id": at.unit_id, "month": at.month}
    for name in ("parameter", "evidence", "meter_total"):
        editor.remove(name, editor.rows(name, **place))


def added(value: str, method: str, **cells: str) -> Edit:
    """A value is filed that should not be there."""

    def edit(editor: Editor, at: Place, parameter: str) -> None:
        sector = editor.tables["plant"].set_index("plant_id").at[at.plant_id, "sector"]
        editor.add(
            "parameter",
            {**at._asdict(), "sector": str(sector), "parameter": parameter, "value": value, "method": method,
             "unit": unit_of(parameter, at.stream_id), "source_document": "生产月报", **cells},
        )  # fmt: skip

    return edit


def lean_heat(percent: str) -> Edit:
    """The heat value is filed lower, and the emission follows from it."""

    def edit(editor: Editor, at: Place, parameter: str) -> None:
        scaled_by(percent)(editor, at, parameter)
        names = ("fuel_consumption", "net_calorific_value", "carbon_per_heat", "oxidation_rate")
        used, net, per_heat, rate = (editor.value(at, name) for name in names)
        editor.file(at, "reported_emission", carbon_dioxide(used, net, per_heat, rate))

    return edit


def swapped_digits(editor: Editor, at: Place, parameter: str) -> None:
    """Two neighbouring digits change places."""
    digits = list(text(editor.value(at, parameter)))
    place = next(n for n in range(1, len(digits) - 4) if digits[n] != digits[n + 1])
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    editor.file(at, parameter, Decimal("".join(digits)))
