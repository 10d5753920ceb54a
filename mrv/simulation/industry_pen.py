"""How an industrial plant writes its month down: a value with its document, a fuel with its ledger, a meter with its readings."""

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from mrv.simulation.evidence import attach
from mrv.simulation.industry_specs import default
from mrv.simulation.meters import CALIBRATIONS
from mrv.simulation.model import Book
from mrv.simulation.numbers import HUNDRED, MOLAR, half_up, observed, text
from schemas.vocabulary import FUELS, fuel_of, unit_of

GUIDE = "核算指南缺省值"
ZERO = Decimal("0.00")
Place = tuple[str, str]  # unit and stream


def carbon_dioxide(quantity: Decimal, net: Decimal, per_heat: Decimal, oxidation: Decimal = HUNDRED) -> Decimal:
    """Emission of a fuel [tCO2], 2 decimals: quantity [t or 1e4Nm3], net heat value [GJ per that], [tC/GJ], oxidation [%]."""
    return half_up(quantity * net * per_heat * oxidation * MOLAR[0] / (MOLAR[1] * HUNDRED), 2)


@dataclass
class Pen:
    """Writes one plant's book in one sector, month after month; remembers stocks and meter registers between months."""

    book: Book
    sector: str
    rng: np.random.Generator
    month: str = ""
    stocks: dict[Place, Decimal] = field(default_factory=dict)
    registers: dict[str, Decimal] = field(default_factory=dict)

    def file(
        self,
        unit: str,
        stream: str,
        parameter: str,
        value: Decimal,
        method: str = "measured",
        kind: str = "",
        **rest: str,
    ) -> None:
        """One filed value; `kind` of evidence backs it, a default quotes the guide."""
        source = attach(self.book, unit, stream, self.month, kind, parameter) if kind else ""
        if method == "default":
            source = GUIDE
        self.book.write(
            "parameter", sector=self.sector, unit_id=unit, stream_id=stream, month=self.month, parameter=parameter,
            value=text(value), unit=unit_of(parameter, stream), method=method, source_document=source, **rest,
        )  # fmt: skip

    def copy(self, unit: str, stream: str, subject: str, parameter: str) -> Decimal:
        """A default copied from the guide into the filing."""
        value = default(self.sector, subject, parameter)
        self.file(unit, stream, parameter, value, "default")
        return value

    def around(self, mean: float, deviation: float, places: int) -> Decimal:
        """A value near a mean, as it is written down; `deviation` is relative, cut at two standard deviations."""
        return observed(
            mean * (1 + float(np.clip(self.rng.normal(0, deviation), -2 * deviation, 2 * deviation))), places
        )

    def ledger(self, unit: str, stream: str, used: Decimal) -> None:
        """Stocks, purchases and sales that give exactly what was used."""
        target = Decimal(round(used / 2))
        opening = self.stocks.get((unit, stream), target)
        wanted = float(used) * float(self.rng.uniform(0.97, 1.03)) + 0.4 * float(target - opening)
        bought = max(observed(wanted, 2), used - opening)
        closing = opening + bought - used
        self.stocks[unit, stream] = closing
        kind = "industry_ledger"
        for parameter, value in (
            ("stock_opening", opening), ("quantity_purchased", bought), ("quantity_sold", ZERO), ("stock_closing", closing),
        ):  # fmt: skip
            self.file(unit, stream, parameter, value, kind=kind)

    def fuel(
        self, unit: str, stream: str, used: Decimal, net: Decimal | None, oxidised: bool, fc_source: str,
        origin: str = "purchased", stocked: bool = True,
    ) -> Decimal:  # fmt: skip
        """A fuel with its properties and its emission [tCO2]; `net` as tested, None for the default. A stocked solid has a ledger."""
        fuel = fuel_of(stream)
        self.file(unit, stream, "fuel_consumption", used, kind="industry_ledger", origin=origin, fc_source=fc_source)
        if stocked and FUELS[fuel].state == "solid":
            self.ledger(unit, stream, used)
        if net is None:
            net = self.copy(unit, stream, fuel, "net_calorific_value")
        else:
            self.file(unit, stream, "net_calorific_value", net, kind="heat_value_report")
        per_heat = self.copy(unit, stream, fuel, "carbon_per_heat")
        rate = self.copy(unit, stream, fuel, "oxidation_rate") if oxidised else HUNDRED
        tonnes = carbon_dioxide(used, net, per_heat, rate)
        self.file(unit, stream, "reported_emission", tonnes, "calculated")
        return tonnes

    def material(self, unit: str, stream: str, used: Decimal) -> Decimal:
        """A purchased material with its ledger and its factor; returns the emission without purity [tCO2]."""
        self.file(unit, stream, "material_consumption", used, kind="material_ledger")
        self.ledger(unit, stream, used)
        return used * self.copy(unit, stream, fuel_of(stream), "material_factor")

    def read(self, meter_id: str, unit: str, stream: str, parameter: str, quantity: Decimal) -> None:
        """The reading of an interval meter that counts a filed quantity; the register has it from the first month on."""
        certificate = [row for row in CALIBRATIONS if row[0] <= self.month][-1]
        dates = {"calibrated_on": certificate[1], "calibration_valid_to": certificate[2]}
        accuracy = {"specified_accuracy": "0.5", "calibrated_accuracy": "0.31"}
        name = {"unit_id": unit, "meter_id": meter_id, "parameter": parameter, "stream_id": stream}
        if meter_id not in self.registers:
            self.registers[meter_id] = Decimal(int(self.rng.integers(10**5, 10**7)))
            self.book.write(
                "meter", **name, reading_kind="interval", unit=unit_of(parameter, stream), multiplier="1",
                calibrated_on=CALIBRATIONS[-1][1], calibration_valid_to=CALIBRATIONS[-1][2], **accuracy,
                certificate=f"JD{hashlib.sha256((self.book.plant_id + meter_id).encode()).hexdigest()[:8].upper()}",
            )  # fmt: skip
        opening = self.registers[meter_id]
        self.registers[meter_id] = opening + quantity
        self.book.write(
            "meter_total", **name, month=self.month, opening_reading=text(opening), closing_reading=text(opening + quantity),
            multiplier="1", quantity=text(quantity), **accuracy, **dates,
        )  # fmt: skip
