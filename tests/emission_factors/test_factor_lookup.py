"""The as-of look-up, one row at a time and millions at once."""

import pickle
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emission_factors import FUEL_GROUPS, Factors, NoFactor, as_of, as_of_many, factors, find
from emission_factors.table import SPECS

BANDS = [
    ("pulverised", "", "1000", "98.90"),
    ("pulverised", "1000", "2000", "98.70"),
    ("pulverised", "2000", "", "98.40"),
    ("cfb", "", "", "98.10"),
]
IMPORTED = [
    {
        "id": f"test.{boiler}.{low}",
        "sector": "power",
        "fuel_group": "coal",
        "boiler_type": boiler,
        "altitude_from": low,
        "altitude_to": high,
        "value": value,
        "unit": "%",
        "valid_from": "2026-01",
        "valid_to": "",
        "source": "invented for the test",
        "certainty": "draft",
    }
    for boiler, low, high, value in BANDS
]
COAL = {"sector": "power", "fuel": "bituminous_coal"}


def test_missing_is_explicit() -> None:
    key = {"sector": "power", "fuel": "lignite", "parameter": "carbon_per_heat"}
    assert find("fuels", "2024-01", **key) is None
    with pytest.raises(NoFactor, match="fuels has no row for sector='power', fuel='lignite'"):
        as_of("fuels", "2024-01", **key)
    with pytest.raises(KeyError):
        as_of("fuels", "2024-01", **key)


def test_wrong_questions_are_for_the_programmer() -> None:
    with pytest.raises(TypeError, match="looked up by"):
        find("fuels", "2024-01", fuel="diesel")
    with pytest.raises(ValueError, match="YYYY-MM"):
        find("constants", "2024", name="mj_per_kwh")
    with pytest.raises(KeyError):
        find("nothing", "2024-01")


@pytest.mark.parametrize(
    ("month", "boiler", "altitude", "expected"),
    [
        ("2025-12", "pulverised", "5000", "99"),
        ("2025-12", "", "", "99"),
        ("2026-01", "pulverised", "0", "98.90"),
        ("2026-01", "pulverised", "-12.5", "98.90"),
        ("2026-01", "pulverised", "999.9", "98.90"),
        ("2026-01", "pulverised", "1000", "98.70"),
        ("2026-01", "pulverised", "1999.9", "98.70"),
        ("2026-01", "pulverised", "2000", "98.40"),
        ("2026-01", "cfb", "", "98.10"),
        ("2026-01", "pulverised", "", None),
        ("2026-01", "other", "100", None),
    ],
)
def test_oxidation_by_boiler_and_altitude(month: str, boiler: str, altitude: str, expected: str | None) -> None:
    tables = Factors({"oxidation": IMPORTED})
    row = tables.find("oxidation", month, **COAL, boiler_type=boiler, altitude=altitude)
    assert (row.text if row else None) == expected
    frame = pd.DataFrame([{**COAL, "month": month, "boiler_type": boiler, "altitude": altitude}])
    values, ids = tables.oxidation_many(frame)
    assert (values[0], ids[0]) == ((row.value, row.id) if row else (None, ""))


def test_no_oxidation_rate_from_2026_until_imported() -> None:
    for fuel in (*FUEL_GROUPS["coal"], *FUEL_GROUPS["oil"], *FUEL_GROUPS["gas"], "coke", "petroleum_coke"):
        frame = pd.DataFrame(
            [
                {"sector": "power", "fuel": fuel, "month": month, "boiler_type": "pulverised", "altitude": "10"}
                for month in ("2025-12", "2026-01")
            ]
        )
        values, ids = factors().oxidation_many(frame)
        assert values[0] in (Decimal(99), Decimal(98)), fuel
        assert ids[0]
        assert (values[1], ids[1]) == (None, "")


def test_a_row_for_every_boiler_and_one_for_a_boiler_overlap() -> None:
    anyone = IMPORTED[0] | {"id": "test.any", "boiler_type": "", "altitude_to": ""}
    with pytest.raises(ValueError, match=r"test\.cfb.*test\.any"):
        Factors({"oxidation": [IMPORTED[3], anyone]}).rows("oxidation")


def test_defaults_of_coal_and_of_the_rest() -> None:
    frame = pd.DataFrame(
        [
            ("2024-01", "power", "bituminous_coal", "carbon_per_heat", "conventional_coal"),
            ("2024-01", "power", "coal_slime", "carbon_per_heat", "unconventional_coal"),
            ("2024-01", "power", "natural_gas", "carbon_per_heat", "gas"),
            ("2024-01", "power", "diesel", "net_calorific_value", "conventional_coal"),
            ("2024-01", "steel", "bituminous_coal", "carbon_per_heat", ""),
            ("2024-01", "power", "biomass", "carbon_per_heat", "conventional_coal"),
            ("not a month", "power", "diesel", "net_calorific_value", "conventional_coal"),
        ],
        columns=["month", "sector", "fuel", "parameter", "unit_class"],
        index=[7, 7, 3, 1, 0, 2, 9],  # the index plays no part
    )
    values, ids = factors().default_many(frame)
    texts = ["0.03085", "0.02858", "0.01532", "42.652", "0.02618"]
    assert list(values) == [*map(Decimal, texts), None, None]
    assert list(ids[:5]) == [
        "power.coal_carbon_per_heat.conventional.2022",
        "power.coal_carbon_per_heat.unconventional.2023",
        "power.natural_gas.carbon_per_heat",
        "power.diesel.net_calorific_value",
        "steel.bituminous_coal.carbon_per_heat",
    ]
    assert list(ids[5:]) == ["", ""]


def test_many_of_nothing() -> None:
    values, ids = as_of_many("constants", pd.DataFrame({"month": [], "name": []}, dtype=str))
    assert len(values) == len(ids) == 0


def test_absent_values_find_nothing() -> None:
    values, ids = as_of_many("constants", pd.DataFrame({"month": ["2024-01", None], "name": [None, "mj_per_kwh"]}))
    assert list(values) == [None, None]
    assert list(ids) == ["", ""]


def test_absent_column_is_named() -> None:
    with pytest.raises(KeyError, match="name"):
        as_of_many("constants", pd.DataFrame({"month": ["2024-01"]}))


MONTHS = st.builds("{:04d}-{:02d}".format, st.integers(2018, 2028), st.integers(1, 12))


@given(
    st.lists(
        st.tuples(
            MONTHS,
            st.sampled_from(["power", "steel", "cement", "nothing"]),
            st.sampled_from(["diesel", "lignite", "natural_gas", "coke_oven_gas", "x"]),
            st.sampled_from(["net_calorific_value", "carbon_per_heat", "oxidation_rate"]),
        ),
        max_size=30,
    )
)
def test_many_answers_as_one_by_one(questions: list[tuple[str, str, str, str]]) -> None:
    names = ["month", "sector", "fuel", "parameter"]
    values, ids = as_of_many("fuels", pd.DataFrame(questions, columns=names, dtype=str))
    for position, (month, sector, fuel, parameter) in enumerate(questions):
        row = find("fuels", month, sector=sector, fuel=fuel, parameter=parameter)
        assert (values[position], ids[position]) == ((row.value, row.id) if row else (None, ""))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["2025-11", "2025-12", "2026-01", "2026-02", "2026-00", ""]),
            st.sampled_from(["pulverised", "cfb", "other", ""]),
            st.sampled_from(["", "-1", "0", "999.99", "1000", "1000.0", "1000.01", "1999", "2000", "8000", "high"]),
        ),
        max_size=40,
    )
)
def test_months_and_altitudes_that_are_asked_together_have_one_answer(questions: list[tuple[str, str, str]]) -> None:
    tables = Factors({"oxidation": IMPORTED})
    frame = pd.DataFrame(questions, columns=["month", "boiler_type", "altitude"], dtype=str).assign(**COAL)
    values, ids = tables.as_of_many("oxidation", frame)
    for position, (month, boiler, altitude) in enumerate(questions):
        sane = month.startswith("20") and not month.endswith("-00")
        row = tables.find("oxidation", month, **COAL, boiler_type=boiler, altitude=altitude) if sane else None
        assert (values[position], ids[position]) == ((row.value, row.id) if row else (None, ""))


@given(MONTHS, st.sampled_from(list(SPECS)))
def test_never_two_answers(month: str, table: str) -> None:
    """In any month a key is answered by at most one row that is not superseded."""
    tables = Factors({"oxidation": IMPORTED})
    holding: dict[tuple, list[str]] = {}
    for row in tables.rows(table):
        if row.holds_in(month) and not row.superseded_by:
            holding.setdefault(row.columns, []).append(row.id)
    assert all(len(ids) == 1 for ids in holding.values())


def test_many_rows_ask_few_questions() -> None:
    """The work grows with the answers, not with the rows: three bands of altitude times two spans of months."""
    count = 6_000
    frame = pd.DataFrame(
        {
            "month": [f"{2024 + i % 4}-{i % 12 + 1:02d}" for i in range(count)],
            "altitude": [str(i % 3_000) for i in range(count)],
        }
    ).assign(**COAL, boiler_type="pulverised")
    tables = Factors({"oxidation": IMPORTED})
    asked: list[str] = []
    plain = tables._find
    tables._find = lambda table, month, words, number: (  # type: ignore[method-assign]
        asked.append(month),
        plain(table, month, words, number),
    )[1]
    values, ids = tables.as_of_many("oxidation", frame)
    assert len(asked) == 6
    assert len(values) == count
    assert set(ids) == {
        "power.coal.oxidation_rate.to-2025",
        "test.pulverised.",
        "test.pulverised.1000",
        "test.pulverised.2000",
    }


def test_tables_travel_between_processes() -> None:
    tables = Factors({"oxidation": IMPORTED})
    again = pickle.loads(pickle.dumps(tables))
    assert again.rows("oxidation") == tables.rows("oxidation")
