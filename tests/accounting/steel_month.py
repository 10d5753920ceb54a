"""One real month of a steel works, its name left out: what was filed, and every line of the platform's own result.

Fuels: FC × NCV × CC × 44/12, for instance bituminous coal 120188.43 × 23.736 × 0.02618 × 44/12 = 273849.0685 → 273849.07.
Materials: t × factor, for instance scrap 55461.56 × 0.037 = 2052.07772 → 2052.08. Products: crude steel 595279.00 × 0.037 = 22025.323.
Sums: 1229176.10 + 32394.60 − 47513.21 = 1214057.49 tCO2; 1214057.49 / 595279.00 = 2.03947643 tCO2/t.
"""

from tests.accounting.filing import row

FUELS = {
    "anthracite": ("2317.68", "5845.97"),
    "bituminous_coal": ("120188.43", "273849.07"),
    "washed_coking_coal": ("300810.90", "738331.47"),
    "coke": ("66522.44", "204049.48"),
    "coke_oven_gas": ("920.50", "7100.11"),
}
MATERIALS = {
    "high_carbon_ferrochrome": ("312.00", "108.58"),
    "extra_low_carbon_ferromanganese": ("1256.54", "5.03"),
    "high_carbon_ferromanganese": ("1301.32", "357.86"),
    "silicomanganese": ("6181.94", "568.74"),
    "ferrosilicon": ("1798.22", "12.59"),
    "ferromolybdenum": ("20.54", "0.37"),
    "ferronickel": ("0", "0.00"),
    "scrap_steel": ("55461.56", "2052.08"),
    "pig_iron": ("9867.76", "1697.25"),
    "electrode": ("371.22", "1359.78"),
    "dolomite": ("53361.58", "25400.11"),
    "limestone": ("1891.38", "832.21"),
}
PRODUCTS = {
    "crude_steel": ("595279.00", "-22025.32"),
    "crude_benzol": ("1878.22", "-6352.14"),
    "coal_tar_product": ("7089.94", "-19135.75"),
}
TOTALS = {"combustion": "1229176.10", "process": "32394.60", "product": "-47513.21"}
ENTERPRISE, INTENSITY = "1214057.49", "2.0395"


def rows(month: str = "2026-06") -> list[dict[str, str]]:
    """The month as filed: crude steel once, as the output of the enterprise."""
    found = [row("steel", "ENT", fuel, "fuel_consumption", amount, month) for fuel, (amount, _) in FUELS.items()]
    found += [
        row("steel", "ENT", name, "material_consumption", amount, month) for name, (amount, _) in MATERIALS.items()
    ]
    sold = {name: amount for name, (amount, _) in PRODUCTS.items() if name != "crude_steel"}
    found += [row("steel", "ENT", name, "carbon_product_output", amount, month) for name, amount in sold.items()]
    return [*found, row("steel", "ENT", "", "crude_steel_output", PRODUCTS["crude_steel"][0], month)]
