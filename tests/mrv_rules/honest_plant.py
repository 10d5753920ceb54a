"""An honest plant of two coal units over 13 months, every number consistent with every other.

U1: 660 MW, supercritical, condensing. U2: 330 MW, subcritical, heat and power. Both burn bituminous coal, tested by monthly
composite in a commissioned laboratory, and a little diesel at the start after the overhaul of U1 (2025-05-11 to 05-20).
"""

import calendar
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pandas as pd

from schemas import TABLES
from schemas.vocabulary import unit_of

PLANT = "P001"
COAL = "bituminous_coal"
DIESEL = "diesel"
MONTHS = [f"2025-{number:02d}" for number in range(1, 13)] + ["2026-01"]
OVERHAUL = (date(2025, 5, 11), date(2025, 5, 20))
CAPACITY = {"U1": 660, "U2": 330}
STEAM_ENTHALPY = Decimal("3051.70")  # 1.0 MPa, 300 °C [kJ/kg]
WATER_ENTHALPY = Decimal("83.74")
EVIDENCED = ["fuel_consumption", "carbon_content_ar", "moisture_ar", "net_calorific_value"]
EVIDENCED_UNIT = ["power_generation", "heat_supplied", "run_hours", "load_factor"]


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class UnitMonth:
    """Everything of one unit in one month, computed in the order a plant would measure it."""

    unit: str
    month: str
    index: int

    def __post_init__(self) -> None:
        year, number = map(int, self.month.split("-"))
        days = [date(year, number, day) for day in range(1, calendar.monthrange(year, number)[1] + 1)]
        stopped = self.unit == "U1"
        self.days = [day for day in days if not (stopped and OVERHAUL[0] <= day <= OVERHAUL[1])]
        self.restarted = len(self.days) < len(days)
        spread = (self.index * 7 + (3 if self.unit == "U2" else 0)) % 13
        self.hours = Decimal(24 * len(self.days))
        self.delta_power = rounded(CAPACITY[self.unit] * self.hours * (70 + spread) / 100 / 120, 3)
        self.generation = self.delta_power * 120
        self.load_factor = rounded(self.generation / (CAPACITY[self.unit] * self.hours) * 100, 2)
        self.mass = Decimal(28000 + 613 * spread) if self.unit == "U2" else Decimal(0)
        self.heat = rounded(self.mass * (STEAM_ENTHALPY - WATER_ENTHALPY) / 1000, 2)
        self._coal(spread)
        self._quantities()

    def _coal(self, spread: int) -> None:
        """Laboratory values from rank and ash: carbon 82 %, hydrogen 5.16 %, oxygen about 10.7 % of the daf substance."""
        self.moisture_ad = Decimal("2.40") + Decimal(self.index % 7) * Decimal("0.05")
        self.ash = Decimal("16.90" if self.unit == "U1" else "16.97") + Decimal(spread) * Decimal("0.21")
        self.sulphur = Decimal("0.60")
        daf = 100 - self.moisture_ad - self.ash
        self.volatile = rounded(daf * Decimal("0.352"), 2)
        self.fixed_carbon = daf - self.volatile
        self.carbon = rounded(daf * Decimal("0.82"), 2)
        self.hydrogen = rounded(daf * Decimal("0.0516"), 2)
        oxygen = daf - self.carbon - self.hydrogen - self.sulphur - daf * Decimal("0.014")
        dulong = Decimal("0.3383") * self.carbon + Decimal("1.443") * (self.hydrogen - oxygen / 8)
        self.gross = rounded(dulong + Decimal("0.0942") * self.sulphur, 3)

    def net(self, moisture: Decimal) -> Decimal:
        """Net calorific value at a total moisture [GJ/t]."""
        dry = (self.gross * 1000 - 206 * self.hydrogen) * (100 - moisture) / (100 - self.moisture_ad)
        return (dry - 23 * moisture) / 1000

    def _quantities(self) -> None:
        boiler = self.generation * 8 + self.heat  # 3.6 / 0.45 = 8 GJ of steam per MWh
        base = Decimal("9.50") + Decimal(self.index % 5) * Decimal("0.20")
        self.boiler_heat = rounded(boiler, 2)
        self.heat_share = rounded(self.heat / self.boiler_heat * 100, 2)
        total = rounded(self.boiler_heat / Decimal("0.92") / self.net(base), 2)
        weights = [100 + (day.day * 37 + self.index * 11) % 17 for day in self.days]
        self.daily = [rounded(total * weight / sum(weights), 2) for weight in weights]
        self.daily_moisture = [
            base + Decimal((day.day * 29 + self.index) % 9 - 4) * Decimal("0.05") for day in self.days
        ]
        self.daily_net = [rounded(self.net(moisture), 3) for moisture in self.daily_moisture]
        self.coal = sum(self.daily, Decimal(0))
        self.moisture_ar = self._weighted(self.daily_moisture, 2)
        self.net_value = self._weighted(self.daily_net, 3)
        self.carbon_ad = self.carbon / 100
        self.carbon_ar = rounded(self.carbon_ad * (100 - self.moisture_ar) / (100 - self.moisture_ad), 4)
        self.coal_emission = rounded(self.coal * self.carbon_ar * 99 * 44 / 1200, 2)
        self.oil = Decimal("45.20") if self.restarted else Decimal("0.00")

    def _weighted(self, values: list[Decimal], places: int) -> Decimal:
        products = sum((value * mass for value, mass in zip(values, self.daily, strict=True)), Decimal(0))
        return rounded(products / self.coal, places)

    @property
    def last_day(self) -> date:
        return self.days[-1]


@cache
def unit_months() -> tuple[UnitMonth, ...]:
    return tuple(UnitMonth(unit, month, index) for index, month in enumerate(MONTHS) for unit in CAPACITY)


def parameters() -> Iterator[dict[str, str]]:
    """The `parameter` rows, without location."""
    stock = dict.fromkeys(CAPACITY, Decimal("60000.00"))
    for one in unit_months():
        bought = rounded(one.coal + Decimal((one.index % 3 - 1) * 1500), 2)
        closing = stock[one.unit] + bought - one.coal
        coal = {
            "fuel_consumption": ("measured", one.coal),
            "carbon_content_ad": ("measured", rounded(one.carbon_ad, 4)),
            "moisture_ad": ("measured", one.moisture_ad),
            "moisture_ar": ("measured", one.moisture_ar),
            "carbon_content_ar": ("calculated", one.carbon_ar),
            "net_calorific_value": ("measured", one.net_value),
            "oxidation_rate": ("default", Decimal("99.00")),
            "reported_emission": ("calculated", one.coal_emission),
            "stock_opening": ("measured", stock[one.unit]),
            "quantity_purchased": ("measured", bought),
            "stock_closing": ("measured", closing),
            "fuel_statistics": ("measured", one.coal),
            "fuel_feeder": ("measured", rounded(one.coal * Decimal("1.002"), 2)),
            "quantity_weighed": ("measured", rounded(bought * Decimal("1.001"), 2)),
            "quantity_invoiced": ("measured", bought),
            "net_calorific_value_delivered": ("measured", one.net_value + Decimal("0.210")),
        }
        stock[one.unit] = closing
        oil = {
            "fuel_consumption": ("measured", one.oil),
            "net_calorific_value": ("default", Decimal("42.652")),
            "carbon_per_heat": ("default", Decimal("0.02020")),
            "oxidation_rate": ("default", Decimal("98.00")),
        }
        auxiliary = rounded(one.generation * Decimal("0.055"), 3)
        exported = one.generation - auxiliary
        unit = {
            "power_generation": ("measured", one.generation),
            "power_supplied": ("calculated", exported),
            "auxiliary_power": ("measured", auxiliary),
            "grid_electricity_exported": ("measured", rounded(exported * Decimal("0.995"), 3)),
            "grid_electricity_settled": ("measured", rounded(exported * Decimal("0.995"), 3)),
            "generation_statistics": ("measured", one.generation),
            "run_hours": ("measured", one.hours),
            "load_factor": ("calculated", one.load_factor),
            "boiler_heat": ("calculated", one.boiler_heat),
            "purchased_electricity": ("measured", Decimal("0.000")),
        }
        if one.unit == "U2":
            unit |= {
                "heat_supplied": ("calculated", one.heat),
                "heat_turbine_direct": ("calculated", one.heat),
                "heat_supply_ratio": ("calculated", one.heat_share),
                "heat_settled": ("measured", rounded(one.heat * Decimal("0.992"), 2)),
                "heat_statistics": ("measured", one.heat),
            }
        for stream, group in ((COAL, coal), (DIESEL, oil), ("", unit)):
            for name, (method, value) in group.items():
                yield _parameter(one, stream, name, method, value)


def _parameter(one: UnitMonth, stream: str, name: str, method: str, value: Decimal) -> dict[str, str]:
    coal = stream == COAL
    return {
        "plant_id": PLANT,
        "sector": "power",
        "unit_id": one.unit,
        "stream_id": stream,
        "month": one.month,
        "parameter": name,
        "value": f"{value:f}",
        "unit": unit_of(name, stream),
        "method": method,
        "source_document": "生产月报",
        "origin": "purchased" if stream else "",
        "state": "as_fired" if coal else "",
        "fc_source": "belt_scale" if coal and name == "fuel_consumption" else "",
        "carbon_scheme": "composite_commissioned" if coal and name.startswith("carbon_content") else "",
    }


def daily_coal() -> Iterator[dict[str, str]]:
    for one in unit_months():
        for day, mass, moisture, net in zip(one.days, one.daily, one.daily_moisture, one.daily_net, strict=True):
            yield {
                "plant_id": PLANT,
                "unit_id": one.unit,
                "stream_id": COAL,
                "day": day.isoformat(),
                "fuel_consumption": f"{mass:f}",
                "moisture_ar": f"{moisture:f}",
                "net_calorific_value": f"{net:f}",
                "sample_mass": f"{rounded(mass / 2000, 3):f}",
                "month": one.month,
            }


def coal_analysis() -> Iterator[dict[str, str]]:
    for one in unit_months():
        number = f"MT{one.month.replace('-', '')}{one.unit}"
        steps = zip(("sampled_on", "sent_on", "received_on", "tested_on", "issued_on"), (0, 1, 3, 5, 8), strict=True)
        decimals = {
            "carbon": one.carbon,
            "hydrogen_ad": one.hydrogen,
            "sulphur_ad": one.sulphur,
            "ash_ad": one.ash,
            "volatile_ad": one.volatile,
            "fixed_carbon_ad": one.fixed_carbon,
            "moisture_ad": one.moisture_ad,
            "moisture_ar": one.moisture_ar,
            "gross_calorific_value_ad": one.gross,
            "net_calorific_value_ar": one.net_value,
            "sample_mass": Decimal("0.700"),
        }
        yield {
            "plant_id": PLANT,
            "unit_id": one.unit,
            "stream_id": COAL,
            "month": one.month,
            "report_number": number,
            "verification_code": f"V{number}",
            "laboratory": "某省煤炭质量检验中心",
            "cma_number": "220012340001",
            "cnas_number": "CNAS L1234",
            "accreditation_scope": "C;NCV;H;S;M",
            "accreditation_valid_to": "2028-06-30",
            **{name: (one.last_day + timedelta(days=days)).isoformat() for name, days in steps},
            "basis": "ad",
            **{name: f"{value:f}" for name, value in decimals.items()},
            "seal_number": f"S{number}",
            "retained_place": "煤样室",
            "retained_until": f"{int(one.month[:4]) + 1}-12-31",
            "sampling_standard": "GB/T 19494.1",
            "preparation_standard": "GB/T 19494.2",
            "test_standard": "GB/T 30733",
            "sampler": "采样员甲",
            "tester": "化验员乙",
            "signatory": "签字人丙",
            "evidence_file": f"{number}.pdf",
            "evidence_sha256": sha(number),
        }


def heat_flow() -> Iterator[dict[str, str]]:
    for one in unit_months():
        if one.unit == "U2":
            yield {
                "plant_id": PLANT,
                "unit_id": "U2",
                "month": one.month,
                "delivery": "1号供热母管",
                "route": "turbine_direct",
                "medium": "steam",
                "mass": f"{one.mass:.2f}",
                "temperature": "300.00",
                "pressure": "1.000",
                "heat": f"{one.heat:f}",
            }


def meter_total() -> Iterator[dict[str, str]]:
    register: dict[str, Decimal] = {}
    for one in unit_months():
        meters = [
            (f"EM-{one.unit}", "", "power_generation", one.delta_power, Decimal(120), one.generation, "0.2"),
            (f"BS-{one.unit}", COAL, "fuel_consumption", one.coal, Decimal(1), one.coal, "0.5"),
        ]
        for meter, stream, parameter, delta, multiplier, quantity, accuracy in meters:
            opening = register.setdefault(meter, Decimal("1000.000"))
            register[meter] = opening + delta
            yield {
                "plant_id": PLANT,
                "unit_id": one.unit,
                "month": one.month,
                "meter_id": meter,
                "stream_id": stream,
                "parameter": parameter,
                "opening_reading": f"{opening:f}",
                "closing_reading": f"{register[meter]:f}",
                "multiplier": f"{multiplier:f}",
                "quantity": f"{quantity:f}",
                "specified_accuracy": accuracy,
                "calibrated_accuracy": accuracy,
                "calibrated_on": "2025-01-01" if one.month < "2026" else "2025-12-20",
                "calibration_valid_to": "2025-12-31" if one.month < "2026" else "2026-12-19",
            }


def event() -> Iterator[dict[str, str]]:
    restart = (OVERHAUL[1] + timedelta(days=1)).isoformat()
    common = {"plant_id": PLANT, "unit_id": "U1", "item": "", "remark": ""}
    yield {**common, "event": "overhaul", "start": OVERHAUL[0].isoformat(), "end": OVERHAUL[1].isoformat()}
    yield {**common, "event": "restart", "start": restart, "end": restart}


def evidence() -> Iterator[dict[str, str]]:
    for one in unit_months():
        names = EVIDENCED_UNIT if one.unit == "U2" else [name for name in EVIDENCED_UNIT if name != "heat_supplied"]
        pairs = [(COAL, name) for name in EVIDENCED] + [("", name) for name in names]
        if one.oil:
            pairs += [(DIESEL, "fuel_consumption")]
        for stream, name in pairs:
            file = f"{one.month}-{one.unit}-{stream}-{name}.pdf"
            yield {
                "plant_id": PLANT,
                "unit_id": one.unit,
                "stream_id": stream,
                "month": one.month,
                "parameter": name,
                "evidence_file": file,
                "description": "盖章版原件",
                "evidence_sha256": sha(file),
            }


def plant() -> Iterator[dict[str, str]]:
    yield {
        "plant_id": PLANT,
        "sector": "power",
        "name": "示例发电有限公司",
        "credit_code": "91110000000000001A",
        "province": "山西省",
        "altitude": "760.0",
        "reporting_authority": "山西省生态环境厅",
        "laboratories": "某省煤炭质量检验中心",
        "grid_region": "华北",
    }


def unit() -> Iterator[dict[str, str]]:
    for name, product, pressure in (("U1", "condensing", "超临界"), ("U2", "chp", "亚临界")):
        yield {
            "plant_id": PLANT,
            "unit_id": name,
            "name": f"{name[1]}号机组",
            "unit_class": "conventional_coal",
            "product_class": product,
            "capacity": str(CAPACITY[name]),
            "boiler_type": "pulverised",
            "cooling_mode": "water",
            "fuels": f"{COAL};{DIESEL}",
            "standby": "no",
            "pressure_class": pressure,
            "commissioned_on": "2012-06-30",
        }


def control_plan() -> Iterator[dict[str, str]]:
    """One version that names what the plant files, as it files it."""
    meters = {"fuel_consumption": "BS", "power_generation": "EM"}
    named = {(row["unit_id"], row["stream_id"], row["parameter"]): row for row in parameters()}
    for (unit_id, stream, parameter), row in named.items():
        metered = parameter in meters and stream != DIESEL
        yield {
            "plant_id": PLANT,
            "sector": "power",
            "version": "V1",
            "valid_from": "2024-12-31",
            "unit_id": unit_id,
            "stream_id": stream,
            "parameter": parameter,
            "method": row["method"],
            "description": "生产月报",
            "meter_id": f"{meters[parameter]}-{unit_id}" if metered else "",
            "fc_source": row["fc_source"],
            "carbon_scheme": row["carbon_scheme"],
            "frequency": "每日" if metered else "每月",
            "calibration_frequency": "每年" if metered else "",
            "missing_data_treatment": "按保守性原则处理",
        }


def frame(table: str, rows: Iterator[dict[str, str]]) -> pd.DataFrame:
    """A canonical frame: text everywhere, a row number and a location per filing (`month`, or the month of the day)."""
    names = TABLES[table].names
    columns = json.dumps({name: _letter(index) for index, name in enumerate(names)}, ensure_ascii=False)
    made = []
    for number, row in enumerate(rows, start=2):
        month = row.get("month") or str(row.get("day") or row.get("start") or "")[:7]
        place = {"file_sha256": sha(f"{PLANT} {month}"), "sheet": TABLES[table].sheet, "row": number}
        place |= {"column_map": columns, "cell": f"G{number}"}
        made.append({name: row.get(name, place.get(name, "")) for name in names})
    result = pd.DataFrame(made, columns=names)
    text = [name for name in names if name != "row"]
    return result.astype(dict.fromkeys(text, "str"))


def _letter(index: int) -> str:
    return chr(65 + index) if index < 26 else "A" + chr(65 + index - 26)


@cache
def tables() -> dict[str, pd.DataFrame]:
    """All canonical tables of the honest plant."""
    makers = (parameters, daily_coal, coal_analysis, heat_flow, meter_total, event, evidence, plant, unit, control_plan)
    names = {"parameters": "parameter"}
    return {(name := names.get(make.__name__, make.__name__)): frame(name, make()) for make in makers}
