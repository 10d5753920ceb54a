"""Rules that hold in every sector, shown in the industrial ones: what is owed, who is missing, what recalculates."""

from decimal import Decimal

import pytest

from mrv.findings.words import render
from mrv.screening.case import Case
from mrv.screening.catalogue import catalogue
from mrv.screening.rule import Text
from tests.mrv_rules import honest_industry, honest_plant
from tests.mrv_rules.cases import MONTH, PLANT, Key, RuleCase, check, found, key, where, with_cells, with_row, without
from tests.mrv_rules.honest_industry import (
    CELLS,
    COAL,
    COKE,
    COKING,
    COKING_COAL,
    ENT,
    GAS,
    IRON,
    KILN,
    POWER,
    SINTERING,
)
from tests.mrv_rules.industry_cases import accounted, plant, together


def dropped(sector: str, **equals: str) -> Case:
    """The honest plant without one value of this month."""
    return without(plant(sector), "parameter", month=MONTH, **equals)


def unevidenced(sector: str, **equals: str) -> Case:
    return without(plant(sector), "evidence", month=MONTH, **equals)


def idle(sector: str, unit_id: str, stream_id: str, parameter: str, kept: str = "0.00") -> Case:
    """A stream that files how much was used (none) and no more, though more is asked for."""
    case = without(plant(sector), "parameter", month=MONTH, unit_id=unit_id, stream_id=stream_id)
    row = {"plant_id": PLANT, "sector": sector, "unit_id": unit_id, "stream_id": stream_id, "month": MONTH}
    return with_row(case, "parameter", **row, parameter=parameter, value=kept, method="measured")


def at_unregistered(sector: str, unit_id: str, stream_id: str, parameter: str) -> Case:
    """One row of a stream at a unit that the register does not know."""
    row = {"plant_id": PLANT, "sector": sector, "unit_id": unit_id, "stream_id": stream_id, "month": MONTH}
    return with_row(plant(sector), "parameter", **row, parameter=parameter, value="12.00", method="measured")


def registered(unit_id: str, **cells: str) -> Case:
    """A further sintering plant in the register that files nothing."""
    row = {"plant_id": PLANT, "sector": "steel", "unit_id": unit_id, "process": "sintering", "name": "2号烧结机"}
    return with_row(plant("steel"), "facility", **row, **cells)


def reported(sector: str, unit_id: str, stream_id: str, by: str) -> Case:
    """The emission of one stream as filed, moved by so many tonnes, beside the account of the honest plant."""
    case = accounted(plant(sector))
    at = {"parameter": "reported_emission", "month": MONTH, "unit_id": unit_id, "stream_id": stream_id}
    frame = case.tables["parameter"]
    filed = Decimal(str(frame.loc[where(frame, **at), "value"].iloc[0]))
    return with_cells(case, "parameter", at, value=f"{filed + Decimal(by):f}")


def reported_net(value: str) -> Case:
    """The furnace gas of the iron-making process reported as what left less what was used."""
    row = {"plant_id": PLANT, "sector": "steel", "unit_id": IRON, "stream_id": GAS, "month": MONTH}
    case = with_row(plant("steel"), "parameter", **row, parameter="reported_emission", value=value, method="calculated")
    return accounted(case)


def net_of_gas() -> Decimal:
    """(output − input) × 33.000 GJ/1e4Nm3 × 0.07080 tC/GJ × 44/12, each of the two rounded to two decimals."""
    frame = honest_industry.tables("steel")["parameter"]
    at = {"unit_id": IRON, "stream_id": GAS, "month": MONTH}
    used, made = (
        Decimal(str(frame.loc[where(frame, **at, parameter=name), "value"].iloc[0]))
        for name in ("fuel_input", "fuel_output")
    )
    one = honest_industry.carbon_emission
    heat, carbon = Decimal("33.000"), Decimal("0.07080")
    return one(made, heat, carbon) - one(used, heat, carbon)


def unlisted_material() -> Case:
    """A material outside table A.2: it has no factor and no line that could be compared."""
    row = {"plant_id": PLANT, "sector": "steel", "unit_id": ENT, "stream_id": "other_carbonate", "month": MONTH}
    case = plant("steel")
    for name in ("material_consumption", "reported_emission"):
        case = with_row(case, "parameter", **row, parameter=name, value="100.00", method="measured")
    return accounted(case)


def of(unit_id: str, stream_id: str, parameter: str) -> tuple[Key, ...]:
    return (key(unit_id, stream_id, parameter=parameter),)


def owed(unit_id: str, stream_id: str, parameter: str) -> tuple[Key, ...]:
    """What is absent, at the cell of its value."""
    return (key(unit_id, stream_id, parameter=parameter, item="value"),)


CASES = [
    RuleCase(
        "CMP-03",
        "fires",
        lambda: dropped("steel", unit_id=ENT, stream_id=COAL, parameter="fuel_consumption"),
        owed(ENT, COAL, "fuel_consumption"),
    ),
    RuleCase(
        "CMP-03",
        "fires",
        lambda: dropped("steel", unit_id=ENT, stream_id="limestone", parameter="material_consumption"),
        owed(ENT, "limestone", "material_consumption"),
    ),
    RuleCase(
        "CMP-03",
        "fires",
        lambda: dropped("steel", unit_id=SINTERING, stream_id="", parameter="process_product_output"),
        owed(SINTERING, "", "process_product_output"),
    ),
    RuleCase(
        "CMP-03",
        "fires",
        lambda: dropped("steel", unit_id=ENT, stream_id="", parameter="crude_steel_output"),
        owed(ENT, "", "crude_steel_output"),
    ),
    RuleCase(
        "CMP-03",
        "fires",
        lambda: dropped("cement", unit_id=KILN, stream_id="steel_slag", parameter="substitute_consumption"),
        owed(KILN, "steel_slag", "substitute_consumption"),
    ),
    RuleCase(
        "CMP-03",
        "fires",
        lambda: dropped("aluminium", unit_id=CELLS, stream_id="", parameter="anode_consumption"),
        owed(CELLS, "", "anode_consumption"),
    ),
    RuleCase(  # an unregistered unit of a steel works that consumes a fuel is a co-firing power unit
        "CMP-03",
        "fires",
        lambda: at_unregistered("steel", "X9", GAS, "net_calorific_value"),
        owed("X9", GAS, "fuel_consumption"),
    ),
    RuleCase("CMP-03", "silent", lambda: plant("cement")),
    RuleCase("CMP-03", "silent", lambda: plant("aluminium")),
    RuleCase("CMP-03", "silent", lambda: dropped("steel", unit_id=COKING, parameter="process_product_output")),
    RuleCase("CMP-03", "silent", lambda: at_unregistered("steel", "X9", COKE, "fuel_output")),
    RuleCase("CMP-03", "boundary", lambda: idle("steel", ENT, "limestone", "material_consumption")),
    RuleCase("CMP-03", "boundary", lambda: idle("cement", KILN, COAL, "fuel_consumption")),
    RuleCase(
        "CMP-05",
        "fires",
        lambda: unevidenced("steel", unit_id=IRON, stream_id=COKE, parameter="fuel_input"),
        of(IRON, COKE, "fuel_input"),
    ),
    RuleCase(
        "CMP-05",
        "fires",
        lambda: unevidenced("cement", unit_id=KILN, stream_id="", parameter="clinker_output"),
        of(KILN, "", "clinker_output"),
    ),
    RuleCase(
        "CMP-05",
        "fires",
        lambda: unevidenced("aluminium", unit_id=CELLS, stream_id="", parameter="anode_sulphur"),
        of(CELLS, "", "anode_sulphur"),
    ),
    RuleCase(
        "CMP-05", "silent", lambda: plant("steel")
    ),  # coke has the heat value of the table: no test report is owed
    RuleCase("CMP-05", "silent", lambda: without(plant("steel"), "evidence", month=MONTH)),
    RuleCase(  # a line for the whole plant
        "CMP-05",
        "boundary",
        lambda: with_cells(
            plant("cement"), "evidence", {"month": MONTH, "parameter": "clinker_output", "unit_id": KILN}, unit_id=""
        ),
    ),
    RuleCase(
        "CMP-06", "fires", lambda: without(plant("steel"), "parameter", month=MONTH, unit_id=POWER), (key(POWER),)
    ),
    RuleCase("CMP-06", "fires", lambda: registered("S2"), (key("S2"),)),
    RuleCase("CMP-06", "silent", lambda: without(plant("cement"), "parameter", month=MONTH, unit_id=ENT)),
    RuleCase("CMP-06", "silent", lambda: registered("S2", closed_on="2025-12-31")),
    RuleCase("CMP-06", "boundary", lambda: registered("S2", closed_on="2026-01-01"), (key("S2"),)),
    RuleCase("CMP-06", "boundary", lambda: registered("S2", commissioned_on="2026-02-01")),
    RuleCase(
        "SCH-06",
        "fires",
        lambda: reported("steel", ENT, COKING_COAL, "10.00"),
        of(ENT, COKING_COAL, "reported_emission"),
    ),
    RuleCase(
        "SCH-06",
        "fires",
        lambda: reported("aluminium", ENT, "sodium_carbonate", "-1.00"),
        of(ENT, "sodium_carbonate", "reported_emission"),
    ),
    RuleCase("SCH-06", "fires", lambda: reported_net("100.00"), of(IRON, GAS, "reported_emission")),
    RuleCase("SCH-06", "silent", lambda: reported("cement", KILN, COAL, "0.00")),
    RuleCase("SCH-06", "silent", unlisted_material),
    RuleCase("SCH-06", "silent", lambda: reported_net(f"{net_of_gas():f}")),
    # half of the last digit, 0.005 t, is borne
    RuleCase("SCH-06", "boundary", lambda: reported("cement", KILN, COAL, "0.005")),
    RuleCase(
        "SCH-06", "boundary", lambda: reported("cement", KILN, COAL, "0.006"), of(KILN, COAL, "reported_emission")
    ),
]


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_examples(example: RuleCase) -> None:
    check(example)


def mixed() -> Case:
    """One plant with power units and a cement line, this month judged."""
    return together(("power", honest_plant.tables()), ("cement", honest_industry.tables("cement")))


def test_an_evidence_list_of_one_sector_asks_nothing_of_the_other() -> None:
    """The power part came with its evidence, the line without any: nothing is asked of the line."""
    case = without(mixed(), "evidence", unit_id=KILN)
    assert found(case, "CMP-05").empty


def test_a_row_without_a_sector_belongs_to_the_part_that_names_its_unit() -> None:
    """The same file twice for the kiln is a fault of the cement filing, not of the first sector by name."""
    case = mixed()
    rows = case.tables["evidence"]
    of_unit = {}
    for unit in (KILN, "U1"):
        mine = rows[(rows["unit_id"] == unit) & (rows["parameter"] == "fuel_consumption")]
        earlier = mine.loc[mine["month"] == "2025-12", "evidence_sha256"].iloc[0]
        at = {"month": MONTH, "unit_id": unit, "parameter": "fuel_consumption"}
        of_unit[unit] = found(with_cells(case, "evidence", at, evidence_sha256=str(earlier)), "FOR-20")
    assert set(of_unit[KILN]["sector"]) == {"cement"}
    assert set(of_unit["U1"]["sector"]) == {"power"}


def test_a_unit_that_only_the_register_knows_belongs_to_the_sector_of_the_register() -> None:
    case = mixed()
    rows = case.tables["evidence"]
    earlier = str(rows.loc[rows["month"] == "2025-12", "evidence_sha256"].iloc[0])
    line = {"plant_id": PLANT, "sector": "cement", "unit_id": "L2", "process": "clinker_line"}
    case = with_row(case, "facility", **line)
    evidence = {"plant_id": PLANT, "unit_id": "L2", "month": MONTH, "parameter": "clinker_output"}
    case = with_row(case, "evidence", **evidence, evidence_file="a.pdf", evidence_sha256=earlier)
    assert found(case, "FOR-20")["sector"].tolist() == ["cement"]


@pytest.mark.parametrize(
    ("sector", "unit_id", "words"),
    [
        ("power", "U1", Text("机组", "The unit")),
        ("cement", KILN, Text("生产线", "The production line")),
        ("steel", IRON, Text("工序", "The process")),
        ("aluminium", ENT, Text("企业", "The enterprise")),
    ],
)
def test_a_quantity_without_a_stream_is_called_by_what_files_it(sector: str, unit_id: str, words: Text) -> None:
    names = ("plant_id", "stream_id", "parameter", "period", "item", "value", "expected")
    fields = {**dict.fromkeys(names, ""), "sector": sector, "unit_id": unit_id}
    text = render(catalogue()["CMP-06"], fields, {"name": "x"})["message"]
    assert words.zh in text.zh and words.en in text.en


def test_streams_of_a_sector_are_asked_by_its_own_list() -> None:
    """A kiln owes no carbon content, a power unit does: the same coal in one file."""
    case = mixed()
    for unit in (KILN, "U1"):
        mine = case.tables["parameter"]
        drop = (mine["month"] == MONTH) & (mine["unit_id"] == unit) & (mine["stream_id"] == COAL)
        keep = drop & (mine["parameter"] == "fuel_consumption")
        case.tables["parameter"] = mine[~drop | keep].reset_index(drop=True)
    rows = found(case, "CMP-03")
    assert set(rows["unit_id"]) == {"U1"} and len(rows) > 1
