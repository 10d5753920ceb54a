"""Publishing: old or new, never a mixture; typed, described in two languages, and hashed."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest

from mrv.storage import durable, published, report_database
from mrv.storage.home import Home
from mrv.storage.published import REQUIRED, manifest_of, publish, recover, verify
from mrv.storage.typed import comment
from schemas import TABLES

DAY = date(2026, 2, 1)
Frame = Callable[..., pd.DataFrame]
Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables(frame: Frame) -> Callable[..., Tables]:
    def make(value: str = "0.5200", years: tuple[str, ...] = ("2024", "2025")) -> Tables:
        made = {name: frame(name) for name in REQUIRED}
        made["parameter"] = frame(
            "parameter",
            *({"plant_id": "P1", "unit_id": "1", "month": f"{year}-01", "value": value} for year in years),
        )
        made["annual_report"] = frame(
            "annual_report",
            *({"plant_id": "P1", "year": year, "period": year, "item": "x", "reported": "1.50"} for year in years),
        )
        made["plant"] = frame("plant", {"plant_id": "P1", "sector": "power", "longitude": "110.5"})
        made["unit"] = frame("unit", {"plant_id": "P1", "unit_id": "1", "commissioned_on": "2009-11-30"})
        made["finding"] = frame("finding", {"id": "a" * 64, "period": "2025-01"}, {"id": "b" * 64, "period": "?"})
        return made

    return make


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, tables: Callable[..., Tables]) -> Home:
    """One publication for the tests that only look at it."""
    home = Home.create(tmp_path_factory.mktemp("shared") / "home")
    publish(home, tables(), DAY)
    return home


def query(home: Home, sql: str) -> list[tuple[object, ...]]:
    with report_database.read_only(home.published / "mrv.duckdb") as connection:
        return connection.execute(sql).fetchall()


def seen(home: Home) -> tuple[object, ...]:
    """What the three kinds of reader see: DuckDB, Parquet, manifest."""
    parquet = pl.read_parquet(home.published / "parameter" / "*" / "*.parquet")["value_text"].unique().to_list()
    manifest = manifest_of(home)
    return query(home, "SELECT DISTINCT value_text FROM parameter")[0][0], parquet, manifest and manifest.as_of


def test_a_publication_has_the_tables_as_parquet_and_in_duckdb(home: Home, tables: Callable[..., Tables]) -> None:
    manifest = publish(home, tables(), DAY)
    assert verify(home) == []
    assert manifest_of(home) == manifest
    assert set(manifest.tables) == set(REQUIRED)
    assert sorted(manifest.tables["parameter"].files) == [
        "parameter/year=2024/data.parquet",
        "parameter/year=2025/data.parquet",
    ]
    file, digest = next(iter(manifest.tables["plant"].files.items()))
    assert file == "plant/year=2026/data.parquet"  # no period of its own: the year of the publication
    assert hashlib.sha256((home.published / file).read_bytes()).hexdigest() == digest
    assert manifest.tables["emission"].rows == 0
    assert pl.read_parquet(home.published / "emission" / "*" / "*.parquet").columns[:2] == ["plant_id", "sector"]
    assert sorted(path.name for path in home.published.iterdir() if not path.name.startswith(".")) == sorted(
        [*REQUIRED, "manifest.json", "mrv.duckdb"]
    )


def test_numbers_and_dates_are_typed_and_the_written_text_stays(shared: Home) -> None:
    assert query(shared, "SELECT sum(value), min(value_text) FROM parameter") == [(Decimal("1.04"), "0.5200")]
    assert query(shared, "SELECT commissioned_on, closed_on, capacity FROM unit") == [(date(2009, 11, 30), None, None)]
    assert query(shared, "SELECT reported, year FROM annual_report ORDER BY year") == [
        ("1.50", "2024"),
        ("1.50", "2025"),
    ]
    types = dict(query(shared, "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'emission'"))  # type: ignore[arg-type]
    assert (types["tco2e"], types["month"]) == ("DECIMAL(38,12)", "VARCHAR")
    parquet = pl.read_parquet(shared.published / "unit" / "**" / "*.parquet")
    assert parquet["commissioned_on"].to_list() == [date(2009, 11, 30)]


def test_duckdb_and_parquet_hold_the_same_columns_and_rows(shared: Home) -> None:
    for name in REQUIRED:
        columns = ", ".join(
            f'"{column}"' for column in TABLES[name].names if (name, column) != ("annual_report", "year")
        )
        files = f"read_parquet('{shared.published}/{name}/*/*.parquet', hive_partitioning = false)"
        difference = f"(SELECT {columns} FROM {name} EXCEPT ALL SELECT {columns} FROM {files})"
        assert query(shared, f"SELECT count(*) FROM {difference}") == [(0,)]
        assert query(shared, f"SELECT count(*) FROM {files}") == query(shared, f"SELECT count(*) FROM {name}")


def test_a_directory_can_be_read_as_a_whole_with_its_year(shared: Home) -> None:
    assert sorted(pd.read_parquet(shared.published / "annual_report")["year"].astype(int)) == [2024, 2025]


def test_every_table_and_column_is_described_in_both_languages(shared: Home) -> None:
    found = dict(query(shared, "SELECT table_name, comment FROM duckdb_tables()"))  # type: ignore[arg-type]
    assert found["emission"] == "排放量 / Emissions"
    described = {
        (table, column): words
        for table, column, words in query(shared, "SELECT table_name, column_name, comment FROM duckdb_columns()")
        if table in REQUIRED
    }
    assert described["unit", "capacity"] == "装机容量 / Rated capacity [MW]"
    assert described["emission", "tco2e"] == "排放量 / Emission [tCO₂e]"
    assert all(words and " / " in words for words in described.values())  # type: ignore[operator]
    assert comment(TABLES["daily_coal"].by_name["fuel_consumption"]) == "入炉煤量 / Coal fired [t]"


def test_nothing_is_dropped_because_its_period_cannot_be_read(shared: Home) -> None:
    manifest = manifest_of(shared)
    assert manifest is not None
    assert manifest.tables["finding"].rows == 2
    assert sorted(manifest.tables["finding"].files) == [
        "finding/year=2025/data.parquet",
        "finding/year=__HIVE_DEFAULT_PARTITION__/data.parquet",
    ]
    years = duckdb.sql(f"SELECT year FROM '{shared.published}/finding/**/*.parquet' ORDER BY year").fetchall()
    assert years == [(2025,), (None,)]


def test_the_same_rows_in_another_order_are_the_same_publication(home: Home, tables: Callable[..., Tables]) -> None:
    first = publish(home, tables(), DAY)
    text = (home.published / "manifest.json").read_bytes()
    again = publish(home, {name: made.iloc[::-1] for name, made in reversed(tables().items())}, DAY)
    assert again == first
    assert (home.published / "manifest.json").read_bytes() == text


def test_the_content_hash_sees_values_not_their_order() -> None:
    connection = duckdb.connect()
    hashes = []
    for rows in ("('a','bc',1),('d',NULL,2)", "('d',NULL,2),('a','bc',1)", "('ab','c',1),('d',NULL,2)", "('d','-',2)"):
        connection.execute(f"CREATE OR REPLACE TABLE t AS SELECT * FROM (VALUES {rows}) v(x, y, n)")
        hashes.append(report_database.content_hash(connection, "t"))
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3
    connection.execute("CREATE OR REPLACE TABLE t AS SELECT 1 AS a")
    # rows: sha256("1:1") = r; table: sha256("1:a7:INTEGER" + r), worked with sha256sum below
    inner = hashlib.sha256(b"1:1").hexdigest()
    assert report_database.content_hash(connection, "t") == hashlib.sha256(b"1:a7:INTEGER" + inner.encode()).hexdigest()


def test_who_has_the_old_file_open_keeps_reading_it(home: Home, tables: Callable[..., Tables]) -> None:
    publish(home, tables("1.5"), DAY)
    with report_database.read_only(home.published / "mrv.duckdb") as old:
        publish(home, tables("2.5"), DAY)
        assert old.execute("SELECT DISTINCT value_text FROM parameter").fetchall() == [("1.5",)]
        assert query(home, "SELECT DISTINCT value_text FROM parameter") == [("2.5",)]
        assert verify(home) == []


def test_years_and_tables_of_earlier_publications_disappear(
    home: Home, tables: Callable[..., Tables], frame: Frame
) -> None:
    more = tables() | {"event": frame("event", {"plant_id": "P1", "unit_id": "1", "start": "2025-03-01"})}
    publish(home, more, DAY)
    assert (home.published / "event" / "year=2025").is_dir()
    publish(home, tables(years=("2025",)), DAY)
    assert not (home.published / "event").exists()
    assert [path.name for path in (home.published / "parameter").iterdir()] == ["year=2025"]
    assert verify(home) == []


@pytest.mark.parametrize("step", ["_write_partitions", "report_database.build", "durable.write"])
def test_a_failure_while_building_leaves_the_old_publication(
    home: Home, tables: Callable[..., Tables], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    publish(home, tables("1.5"), DAY)

    def fail(*arguments: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(f"mrv.storage.{step}" if "." in step else f"mrv.storage.published.{step}", fail)
        with pytest.raises(OSError, match="disk full"):
            publish(home, tables("2.5"), date(2026, 2, 2))
    assert seen(home) == ("1.5", ["1.5"], "2026-02-01")
    recover(home)
    assert (seen(home)[0], verify(home)) == ("1.5", [])


def files(home: Home) -> dict[str, bytes]:
    found = {path.relative_to(home.published).as_posix(): path for path in home.published.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items())}


@pytest.mark.parametrize("swaps", [True, False])
def test_a_switch_broken_off_at_any_step_is_brought_to_its_end(
    shared: Home, tmp_path: Path, tables: Callable[..., Tables], monkeypatch: pytest.MonkeyPatch, swaps: bool
) -> None:
    """Every rename of the switch fails in turn, as in a crash; `recover` then ends in the same files each time."""
    ready, expected = Home(tmp_path / "ready"), Home(tmp_path / "expected")
    shutil.copytree(shared.path, ready.path)
    with monkeypatch.context() as patch:
        patch.setattr(published, "_switch", _power_gone)
        with pytest.raises(OSError, match="power gone"):
            publish(ready, tables("2.5", years=("2025",)) | {"plant": tables()["plant"].assign(name="新名")}, DAY)
    shutil.copytree(ready.path, expected.path)
    recover(expected)
    assert verify(expected) == []
    assert seen(expected) == ("2.5", ["2.5"], "2026-02-01")
    assert not (expected.published / ".ready").exists()
    steps = 0
    while True:
        broken = Home(tmp_path / f"broken-{steps}")
        shutil.copytree(ready.path, broken.path)
        with monkeypatch.context() as patch:
            if not swaps:
                patch.setattr(durable, "exchange", lambda first, second: False)
            whole = not _breaks_after(steps, lambda home=broken: recover(home), swaps)
            recover(broken)
        assert files(broken) == files(expected)
        if whole:
            break
        steps += 1
    # parameter, annual_report and plant changed; the DuckDB file; the manifest
    assert steps == (5 if swaps else 8)


def _power_gone(*arguments: object) -> None:
    raise OSError("power gone")


def _breaks_after(steps: int, deed: Callable[[], None], swaps: bool) -> bool:
    """Does `deed`, in which the rename after `steps` of them fails; whether it came to that."""
    left = iter(range(steps))

    def guarded(real: Callable[..., object]) -> Callable[..., object]:
        def step(first: Path, second: Path) -> object:
            if next(left, None) is None:
                _power_gone()
            return real(first, second)

        return step

    with pytest.MonkeyPatch.context() as inner:
        inner.setattr(Path, "rename", guarded(Path.rename))
        inner.setattr(Path, "replace", guarded(Path.replace))
        if swaps:
            inner.setattr(durable, "exchange", guarded(durable.exchange))
        try:
            deed()
        except OSError as error:
            assert str(error) == "power gone"
            return True
    return False


def test_verify_names_what_was_changed(home: Home, tables: Callable[..., Tables]) -> None:
    assert verify(home) == ["manifest.json: missing"]
    publish(home, tables(), DAY)
    root = home.published
    (root / "parameter" / "year=2024" / "data.parquet").unlink()
    (root / "plant" / "year=2026" / "data.parquet").write_bytes(b"x")
    (root / "unit" / "year=1999").mkdir()
    (root / "unit" / "year=1999" / "more.parquet").write_bytes(b"x")
    (root / "stray").mkdir()
    with duckdb.connect(str(root / "mrv.duckdb")) as connection:
        connection.execute("UPDATE annual_report SET reported = '1.49' WHERE year = '2025'")
    assert verify(home) == [
        "parameter/year=2024/data.parquet: missing",
        "plant/year=2026/data.parquet: changed",
        "unit/year=1999/more.parquet: unexpected",
        "stray: unexpected",
        "mrv.duckdb: table annual_report changed",
    ]
    (root / "mrv.duckdb").unlink()
    assert verify(home)[-1] == "mrv.duckdb: missing"


def test_a_publication_needs_all_its_tables(home: Home, tables: Callable[..., Tables], frame: Frame) -> None:
    with pytest.raises(ValueError, match=r"emission.*rule"):
        publish(home, {name: made for name, made in tables().items() if name not in {"emission", "rule"}}, DAY)
    with pytest.raises(ValueError, match=r"unit\.commissioned_on: not canonical"):
        publish(home, tables() | {"unit": frame("unit", {"commissioned_on": "去年"})}, DAY)
    assert manifest_of(home) is None


def test_tables_are_swapped_in_one_step_on_this_system(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not durable.exchange(tmp_path / "a", tmp_path / "b"):
        pytest.skip("the file system of the temporary directory has no RENAME_EXCHANGE")
    assert (tmp_path / "a" / "b").exists()
    assert (tmp_path / "b" / "a").exists()
    assert not durable.exchange(tmp_path / "a", tmp_path / "nowhere")
    assert published.DATABASE == "mrv.duckdb"
