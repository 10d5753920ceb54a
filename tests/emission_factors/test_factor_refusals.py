"""Rows that a table refuses."""

from decimal import Decimal

import pytest

from emission_factors import Factors, NoFactor, factors
from emission_factors.table import row_of


def _line(**cells: str) -> dict[str, str]:
    return {
        "id": "x",
        "name": "x",
        "value": "1",
        "unit": "1",
        "valid_from": "",
        "valid_to": "",
        "source": "s",
        "certainty": "official",
    } | cells


def test_overlap_is_refused_naming_both_rows() -> None:
    extra = {"allocation_coefficients": [_line(id="mine", name="ccer_limit", valid_from="2030-01")]}
    with pytest.raises(ValueError, match=r"allocation\.ccer_limit\.all.*mine"):
        Factors(extra).rows("allocation_coefficients")


def test_rows_that_touch_do_not_overlap() -> None:
    lines = [_line(id="a", name="n", valid_to="2024-06", value="1"), _line(id="b", name="n", valid_from="2024-07")]
    tables = Factors({"constants": lines})
    assert tables.as_of("constants", "2024-06", name="n").id == "a"
    assert tables.as_of("constants", "2024-07", name="n").id == "b"
    lines[1]["valid_from"] = "2024-06"
    with pytest.raises(ValueError, match="valid at the same time"):
        Factors({"constants": lines}).rows("constants")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"value": "1e3"}, "no plain decimal"),
        ({"value": "1,000"}, "no plain decimal"),
        ({"value": "９９"}, "no plain decimal"),
        ({"source": ""}, "no source"),
        ({"certainty": "sure"}, "not one of"),
        ({"valid_from": "2024"}, "YYYY-MM"),
        ({"valid_from": "2024-02", "valid_to": "2024-01"}, "is after"),
    ],
)
def test_bad_rows_are_refused(wrong: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        row_of("constants", _line(**wrong))


def test_an_id_used_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="used twice"):
        Factors({"constants": [_line(id="constant.mj_per_kwh", name="other")]}).rows("constants")


def test_superseded_by_an_absent_row_is_refused() -> None:
    with pytest.raises(ValueError, match="absent"):
        Factors({"constants": [_line(superseded_by="nobody")]}).rows("constants")


def test_unknown_table_and_unknown_id() -> None:
    with pytest.raises(KeyError, match="no table"):
        Factors({"nothing": []})
    with pytest.raises(NoFactor, match="no factor row"):
        factors().row("nothing")
    assert factors().row("constant.mj_per_kwh").value == Decimal("3.6")
