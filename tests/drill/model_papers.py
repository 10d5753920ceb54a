"""The few files that are sent over and over: two plants, two months, variants of each, with and without evidence."""

import csv
import io
import zipfile

from tests.drill.model import Key, Paper, Row

PLANTS, MONTHS = ("P1", "P2"), ("2026-01", "2026-02")
HEADER = ("plant_id", "sector", "unit_id", "stream_id", "month", "parameter", "value", "unit", "method")
LISTED = ("plant_id", "unit_id", "stream_id", "month", "parameter", "evidence_file")
LINES = (
    ("U1", "natural_gas", "fuel_consumption", "3703.25", "1e4Nm3", "measured"),
    ("U1", "", "power_generation", "202390.800", "MWh", "measured"),
    ("U1", "", "heat_supplied", "0.00", "GJ", "measured"),
)
SHARED = b"%PDF-1.4 one report for everybody"


def _csv(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows([header, *rows])
    return target.getvalue().encode()


def _lines(key: Key, change: int) -> list[tuple[str, ...]]:
    """The rows of a month. Change 1: another number; 2: a row less."""
    plant, month = key
    lines = LINES[: 2 if change == 2 else 3]
    return [
        (plant, "power", unit, stream, month, parameter, f"{change + 1}{value}", measure, method)
        for unit, stream, parameter, value, measure, method in lines
    ]


def plain(plant: str, months: tuple[str, ...], change: int) -> Paper:
    """A CSV of one month or of two."""
    rows = {(plant, month): _lines((plant, month), change) for month in months}
    data = _csv(HEADER, [line for lines in rows.values() for line in lines])
    said = tuple((key, (frozenset(lines), frozenset[Row]())) for key, lines in rows.items())
    return Paper(f"{plant}-{'-'.join(months)}-{change}.csv", data, said, complete=change != 2)


def packed(plant: str, month: str, change: int, names: tuple[str, ...]) -> Paper:
    """A zip with evidence beside the table; what is named `shared` is the same file for all, the rest is of this one alone."""
    key = (plant, month)
    lines = _lines(key, change)
    contents = {name: SHARED if name == "shared.pdf" else f"%PDF {key} {change} {name}".encode() for name in names}
    listed = [
        (plant, "U1", "", month, parameter, name) for name, (*_, parameter, _, _, _) in zip(names, lines, strict=False)
    ]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in {"filing.csv": _csv(HEADER, lines), "evidence.csv": _csv(LISTED, listed), **contents}.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    said = ((key, (frozenset(lines), frozenset(listed))),)
    return Paper(
        f"{plant}-{month}-{change}-{len(names)}.zip", target.getvalue(), said, tuple(contents.items()), change != 2
    )


BLOBS = [Paper(f"note-{number}.bin", b"\x00note %d" % number) for number in range(40)]
PLAIN = [
    *(plain(plant, (month,), change) for plant in PLANTS for month in MONTHS for change in range(3)),
    *(plain(plant, MONTHS, 1) for plant in PLANTS),
]
PACKED = [
    packed(plant, month, change, names)
    for plant in PLANTS
    for month in MONTHS
    for change, names in ((0, ("report.pdf", "shared.pdf")), (1, ("shared.pdf",)))
]
