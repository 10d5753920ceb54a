"""What a smelter files in a month: aluminium by Faraday's law, anodes, anode effects, electricity, fuel and soda."""

from decimal import Decimal

from mrv.simulation.industry_pen import Pen
from mrv.simulation.industry_specs import IndustrySpec, PotlineSpec, default
from mrv.simulation.numbers import HUNDRED, half_up, observed

RECTIFIED = 0.976  # direct over alternating current electricity
GAS_PER_TONNE = 0.0042  # 1e4Nm3 of natural gas per t of aluminium: holding and casting
SODA_PER_TONNE = 0.0016  # t/t


def write_aluminium(pen: Pen, plant: IndustrySpec, days: int) -> None:
    """Rows of every electrolysis line and of the enterprise for the month of the pen; `days` of that month."""
    made, power = Decimal(0), Decimal(0)
    for line in plant.parts:
        assert isinstance(line, PotlineSpec)
        output, electricity = _line(pen, line, days)
        made, power = made + output, power + electricity
    gas = pen.around(float(made) * GAS_PER_TONNE, 0.03, 2)
    pen.fuel("ENT", "natural_gas", gas, pen.around(352, 0.01, 3), True, "settlement")
    soda = pen.around(float(made) * SODA_PER_TONNE, 0.04, 2)
    pure = pen.material("ENT", "sodium_carbonate", soda)
    purity = pen.around(98.6, 0.003, 2)
    pen.file("ENT", "sodium_carbonate", "carbonate_purity", purity, kind="material_ledger")
    pen.file("ENT", "sodium_carbonate", "reported_emission", half_up(pure * purity / HUNDRED, 2), "calculated")
    bought = pen.around(float(power) * 1.03, 0.004, 3)
    pen.file("ENT", "", "purchased_electricity", bought, kind="electricity_purchased")


def _line(pen: Pen, line: PotlineSpec, days: int) -> tuple[Decimal, Decimal]:
    """Rows of one line; returns aluminium [t] and alternating current electricity [MWh]."""
    unit, sector = line.facility.unit_id, pen.sector
    current, cells = pen.around(line.current, 0.003, 3), pen.around(line.cells, 0.005, 2)
    hours = Decimal(24 * days).quantize(Decimal("0.01"))
    efficiency = float(pen.around(line.efficiency, 0.005, 4))
    charge = float(default(sector, "cell", "charge_equivalent")) * float(current) * float(hours) * float(cells)
    output = observed(charge * efficiency / 1000, 2)
    gross = observed(float(output) * float(pen.around(line.net_anode, 0.008, 2)) / 1000 / float(_kept(sector)), 2)
    for parameter, value in (("line_current", current), ("operating_cells", cells), ("run_hours", hours)):
        pen.file(unit, "", parameter, value, kind="cell_record")
    pen.file(unit, "", "aluminium_output", output, kind="industry_production")
    pen.file(unit, "", "anode_consumption", gross, kind="anode_ledger")
    pen.copy(unit, "", "anode", "anode_loss_rate")
    pen.file(unit, "", "anode_net_consumption", half_up(gross * _kept(sector), 2), "calculated")
    for parameter, mean in (("anode_sulphur", 1.62), ("anode_ash", 0.31)):
        if line.analysed:
            pen.file(unit, "", parameter, pen.around(mean, 0.03, 2), kind="anode_analysis")
        else:
            pen.copy(unit, "", "anode", parameter)
    for parameter in ("cf4_factor", "c2f6_factor"):
        pen.copy(unit, "", "anode_effect", parameter)
    direct = pen.around(float(output) * line.direct / 1000, 0.006, 3)
    alternating = observed(float(direct) / RECTIFIED, 3)
    pen.file(unit, "", "dc_electricity", direct, kind="electricity_meter")
    pen.file(unit, "", "ac_electricity", alternating, kind="electricity_meter")
    pen.read(f"{unit}-E1", unit, "", "ac_electricity", alternating)
    return output, alternating


def _kept(sector: str) -> Decimal:
    """What is left of the gross anodes after the fixed loss."""
    return (HUNDRED - default(sector, "anode", "anode_loss_rate")) / HUNDRED
