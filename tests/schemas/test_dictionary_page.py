"""The data dictionary page is the dictionary's own."""

from pathlib import Path

from schemas import TABLES
from schemas.dictionary_page import page
from schemas.vocabulary import FUELS, PARAMETERS

COMMITTED = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_the_page_is_current() -> None:
    """To renew it: python -c "from schemas.dictionary_page import page; print(page(), end='')" > docs/data-dictionary.md"""
    assert COMMITTED.read_text(encoding="utf-8") == page()


def test_every_table_column_parameter_and_fuel_is_on_it() -> None:
    lines = page().splitlines()
    for name, table in TABLES.items():
        start = next(number for number, line in enumerate(lines) if line.startswith(f"### `{name}` "))
        rows = [line for line in lines[start : start + len(table.columns) + 9] if line.startswith("| `")]
        assert [row.split("`")[1] for row in rows[: len(table.columns)]] == table.names
    for code in (*PARAMETERS, *FUELS):
        assert any(line.startswith(f"| `{code}` |") for line in lines)


def test_each_row_has_as_many_cells_as_its_header() -> None:
    width = 0
    for line in page().splitlines():
        cells = line.replace("\\|", "").count("|")
        if not line.startswith("|"):
            width = 0
        elif not width:
            width = cells
        assert not width or cells == width
