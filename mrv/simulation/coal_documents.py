"""What a plant writes down about its coal: daily rows, the laboratory report, the stock, the monthly parameters."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import numpy as np

from mrv.simulation.coal import laboratory_sheet
from mrv.simulation.evidence import attach, content
from mrv.simulation.model import Book
from mrv.simulation.numbers import (
    HUNDRED,
    carbon_as_received,
    emission,
    generator,
    half_up,
    observed,
    scaled,
    text,
    weighted_mean,
)
from mrv.simulation.specs import last_day, oxidation_rate, plant_default, table
from mrv.simulation.truth import GroupDays, StreamDays

SAMPLE_RATE = Decimal("0.00025")  # kg of retained sample per t of coal fired that day
STOCK_DAYS = 18


@dataclass(frozen=True)
class FuelMonth:
    """What later documents need of one fuel and month."""

    stream_id: str
    fuel_consumption: Decimal
    net_calorific_value: Decimal
    emission: Decimal

    @property
    def heat(self) -> Decimal:
        """Heat [GJ]."""
        return self.fuel_consumption * self.net_calorific_value


@dataclass(frozen=True)
class ReportNumbers:
    """Running report numbers of the laboratories: rising from month to month, never twice. `slot` is one coal stream."""

    slot: int
    slots: int

    def number(self, prefix: str, month: str, rng: np.random.Generator) -> str:
        months = int(month[:4]) * 12 + int(month[5:]) - 2024 * 12
        return f"{prefix}{month[2:4]}{months * (4 * self.slots + 7) + 4 * self.slot + int(rng.integers(0, 4)):06d}"


def write_coal(
    book: Book, truth: GroupDays, stream: StreamDays, numbers: ReportNumbers, seed: int
) -> dict[str, FuelMonth]:
    """All documents of one coal stream; returns what was filed, by month. A month without coal has no rows."""
    unit, name = truth.group.group_id, stream.spec.stream_id
    rng = generator(seed, "papers", truth.plant.plant_id, unit, name)
    stock = observed(float(stream.ticks[stream.ticks > 0].mean()) / 100 * STOCK_DAYS, 2)
    target, found = stock, {}
    for month in sorted(set(truth.months)):
        burning = np.flatnonzero((truth.months == month) & (stream.ticks > 0))
        if not len(burning):
            continue
        mass, moisture, heat = _daily(book, truth, stream, burning)
        consumption, total = sum(mass, Decimal(0)), weighted_mean(moisture, mass, 2)
        sheet = _laboratory(book, truth, stream, month, burning, total, numbers, rng)
        filed = _parameters(book, truth, stream, month, (consumption, total, weighted_mean(heat, mass, 3)), sheet)
        stock = _stock(book, truth, stream, month, filed, stock, target, rng)
        found[month] = filed
    return found


def _daily(
    book: Book, truth: GroupDays, stream: StreamDays, burning: np.ndarray
) -> tuple[list[Decimal], list[Decimal], list[Decimal]]:
    mass = [scaled(stream.ticks[day], 2) for day in burning]
    moisture = [observed(stream.moisture[day], 2) for day in burning]
    heat = [observed(stream.net[day], 3) for day in burning]
    for day, fired, water, value in zip(burning, mass, moisture, heat, strict=True):
        book.write(
            "daily_coal", unit_id=truth.group.group_id, stream_id=stream.spec.stream_id, day=str(truth.days[day]),
            fuel_consumption=text(fired), moisture_ar=text(water), net_calorific_value=text(value),
            sample_mass=text(half_up(fired * SAMPLE_RATE, 3)),
        )  # fmt: skip
    return mass, moisture, heat


def _laboratory(
    book: Book, truth: GroupDays, stream: StreamDays, month: str, burning: np.ndarray, total: Decimal,
    numbers: ReportNumbers, rng: np.random.Generator,
) -> dict[str, Decimal]:  # fmt: skip
    assert stream.quality is not None
    part = type(stream.quality)(
        {name: values[burning] for name, values in stream.quality.properties.items()},
        stream.quality.gross[burning],
        stream.quality.net[burning],
    )
    sheet = laboratory_sheet(part, stream.ticks[burning], total, rng)
    laboratory = table("laboratories")[stream.spec.laboratory]
    unit, name = truth.group.group_id, stream.spec.stream_id
    sampled = last_day(month)
    number = numbers.number(laboratory["prefix"], month, rng)
    report = attach(book, unit, name, month, "carbon_report", "carbon_content_ar", "carbon_content_ad", "moisture_ad")
    results = {("carbon" if key == "carbon_ad" else key): text(value) for key, value in sheet.items()}
    book.write(
        "coal_analysis", unit_id=unit, stream_id=name, month=month, report_number=number,
        verification_code=hashlib.sha256(number.encode()).hexdigest()[:12].upper(), laboratory=laboratory["laboratory"],
        cma_number=laboratory["cma_number"], cnas_number=laboratory["cnas_number"], accreditation_scope="C;NCV;H;S;M",
        accreditation_valid_to=laboratory["accreditation_valid_to"], sampled_on=str(sampled),
        sent_on=str(sampled + timedelta(2)), received_on=str(sampled + timedelta(4)), tested_on=str(sampled + timedelta(7)),
        issued_on=str(sampled + timedelta(10)), basis="ad", **results, sample_mass=text(observed(rng.normal(0.72, 0.02), 3)),
        seal_number=f"F{month.replace('-', '')}{numbers.slot:03d}", retained_place="厂内留样间",
        retained_until=str(sampled + timedelta(380)), sampling_standard="GB/T 19494.1", preparation_standard="GB/T 19494.2",
        test_standard="GB/T 476;GB/T 213;GB/T 214;GB/T 212;GB/T 211", sampler="示例采样员", tester=laboratory["tester"],
        signatory=laboratory["signatory"], evidence_file=report,
        evidence_sha256=hashlib.sha256(content(book.plant_id, month, report)).hexdigest(),
    )  # fmt: skip
    return sheet


def _parameters(
    book: Book, truth: GroupDays, stream: StreamDays, month: str, filed: tuple[Decimal, Decimal, Decimal],
    sheet: dict[str, Decimal],
) -> FuelMonth:  # fmt: skip
    unit, name, spec = truth.group.group_id, stream.spec.stream_id, stream.spec
    consumption, moisture, heat = filed
    carbon_ad = sheet["carbon_ad"] / HUNDRED
    carbon = carbon_as_received(carbon_ad, moisture, sheet["moisture_ad"])
    oxidation = oxidation_rate(spec.fuel, month)
    tonnes = emission(consumption, carbon, Decimal(oxidation))
    ledger = attach(book, unit, name, month, "coal_ledger", "fuel_consumption")
    moistures = attach(book, unit, name, month, "moisture_daily", "moisture_ar")
    attach(book, unit, name, month, "moisture_weighting", "moisture_ar")
    heats = attach(book, unit, name, month, "heat_value_daily", "net_calorific_value")
    attach(book, unit, name, month, "heat_value_weighting", "net_calorific_value")
    report = f"{month}_{unit}_{name}_carbon_report.pdf"
    state, tested = {"state": "as_fired"}, {"state": "as_fired", "carbon_scheme": spec.carbon_scheme}
    consumed = {"origin": "purchased", "state": "as_fired", "fc_source": spec.fc_source}
    for parameter, value, method, source, extra in (
        ("fuel_consumption", text(consumption), "measured", ledger, consumed),
        ("carbon_content_ad", text(carbon_ad), "measured", report, tested),
        ("moisture_ad", text(sheet["moisture_ad"]), "measured", report, state),
        ("moisture_ar", text(moisture), "measured", moistures, state),
        ("carbon_content_ar", text(carbon), "calculated", report, tested),
        ("net_calorific_value", text(heat), "measured", heats, state),
        ("oxidation_rate", oxidation, "default", *oxidation_source(book, unit, name, month)),
        ("reported_emission", text(tonnes), "calculated", "", {}),
    ):
        book.parameter(unit, name, month, parameter, value, method, source_document=source, **extra)
    return FuelMonth(name, consumption, heat, tonnes)


def oxidation_source(book: Book, unit_id: str, stream_id: str, month: str) -> tuple[str, dict[str, str]]:
    """Where the oxidation rate comes from: the guide up to 2025, then an export of the platform kept as evidence."""
    if month <= "2025-12":
        return "核算指南缺省值", {}
    attach(book, unit_id, stream_id, month, "oxidation_rate", "oxidation_rate")
    return "全国碳排放管理平台导出", {}


def _stock(
    book: Book, truth: GroupDays, stream: StreamDays, month: str, filed: FuelMonth, opening: Decimal, target: Decimal,
    rng: np.random.Generator,
) -> Decimal:  # fmt: skip
    """Purchases and stock of a month, with an honest survey error; returns the closing stock."""
    unit, name, fired = truth.group.group_id, stream.spec.stream_id, float(filed.fuel_consumption)
    wanted = fired * rng.normal(1, 0.03) + 0.4 * float(target - opening)
    purchased = observed(max(wanted, 0.3 * fired), 2)
    error = observed(fired * float(np.clip(rng.normal(0, 0.0012), -0.003, 0.003)), 2)
    closing = opening + purchased - filed.fuel_consumption + error
    invoiced = observed(float(purchased) * (1 + float(np.clip(rng.normal(0, 0.0008), -0.002, 0.002))), 2)
    feeder = observed(fired * (1 + float(np.clip(rng.normal(0, 0.003), -0.008, 0.008))), 2)
    delivered = filed.net_calorific_value + observed(rng.uniform(0.12, 0.38), 3)
    ledger = attach(book, unit, name, month, "stock_ledger", "quantity_purchased", "stock_opening", "stock_closing")
    values = {
        "stock_opening": opening,
        "quantity_purchased": purchased,
        "quantity_weighed": purchased,
        "quantity_invoiced": invoiced,
        "stock_closing": closing,
        "fuel_feeder": feeder,
        "fuel_statistics": filed.fuel_consumption,
        "net_calorific_value_delivered": delivered,
    }
    for parameter, value in values.items():
        book.parameter(unit, name, month, parameter, text(value), "measured", source_document=ledger)
    return closing


def write_other_fuel(book: Book, truth: GroupDays, stream: StreamDays) -> dict[str, FuelMonth]:
    """Documents of oil, gas or biomass. Oil and gas take default carbon per heat; biomass carbon is not counted."""
    return {
        month: _other_month(book, truth, stream, month)
        for month in sorted(set(truth.months))
        if stream.ticks[truth.months == month].sum()
    }


def _other_month(book: Book, truth: GroupDays, stream: StreamDays, month: str) -> FuelMonth:
    unit, name, fuel = truth.group.group_id, stream.spec.stream_id, stream.spec.fuel
    here = truth.months == month
    consumption = scaled(stream.ticks[here].sum(), 2)
    ledger = {"diesel": "oil_ledger", "natural_gas": "gas_ledger", "biomass": "biomass_ledger"}[fuel]
    source = attach(book, unit, name, month, ledger, "fuel_consumption")
    filing = {"origin": "purchased", "fc_source": stream.spec.fc_source, "source_document": source}
    book.parameter(unit, name, month, "fuel_consumption", text(consumption), "measured", **filing)
    measured = fuel != "diesel"
    if measured:
        heat = observed(float(np.average(stream.net[here], weights=stream.ticks[here])), 3)
        kind = "gas_quality" if fuel == "natural_gas" else "heat_value_daily"
        source = attach(book, unit, name, month, kind, "net_calorific_value")
    else:
        heat, source = Decimal(plant_default(fuel)["net_calorific_value"]), "核算指南缺省值"
    method = "measured" if measured else "default"
    book.parameter(unit, name, month, "net_calorific_value", text(heat), method, source_document=source)
    if fuel == "biomass":
        return FuelMonth(name, consumption, heat, Decimal(0))
    per_heat, oxidation = plant_default(fuel)["carbon_per_heat"], oxidation_rate(fuel, month)
    carbon = half_up(heat * Decimal(per_heat), 2 if fuel == "natural_gas" else 4)
    tonnes = emission(consumption, carbon, Decimal(oxidation))
    origin, _ = oxidation_source(book, unit, name, month)
    for parameter, value, how, document in (
        ("carbon_per_heat", per_heat, "default", "核算指南缺省值"),
        ("carbon_content_ar", text(carbon), "calculated", ""),
        ("oxidation_rate", oxidation, "default", origin),
        ("reported_emission", text(tonnes), "calculated", ""),
    ):
        book.parameter(unit, name, month, parameter, value, how, source_document=document)
    return FuelMonth(name, consumption, heat, tonnes)
