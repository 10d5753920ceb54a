"""Tiny runs of every mode give a well-formed document; no figure decides a test."""

import json
from importlib.util import find_spec

import pytest
from click.testing import CliRunner

from emission_factors import factors
from mrv.accounting.account import account
from mrv.bench.country import batch_of, by_sector, country, of_plants, sample
from mrv.bench.methods import METHODS, one_batch, pipeline, plant_by_plant
from mrv.bench.pages import lines, markdown
from mrv.bench.plain import plain_accounts
from mrv.bench.runner import bench_check, bench_national, placed
from mrv.cli.bench import command
from mrv.pipeline.judge import merged

PLANTS, MONTHS = 3, 2
ALL_SECTORS = 60  # plants of which two at least are of every sector


@pytest.fixture(scope="module")
def tables():
    return country(PLANTS, MONTHS)


def test_methods_agree_on_emissions_and_shape(tables):
    ours = pipeline(tables)
    assert ours.rows == len(tables["parameter"]) > 0
    assert ours.shape_failures == 0
    assert one_batch(tables) == ours
    alone = plant_by_plant(tables)
    assert (alone.rows, alone.shape_failures, alone.tco2) == (ours.rows, 0, ours.tco2)


def test_whole_batch_methods_agree_on_every_sector():
    tables = country(ALL_SECTORS, 6)
    ours = pipeline(tables)
    assert set(by_sector(tables)) == {"power", "cement", "steel", "aluminium"}
    assert ours.findings > 0
    assert one_batch(tables) == ours


@pytest.fixture(scope="module")
def both():
    tables = merged(batch_of(country(ALL_SECTORS, 4)), {}, {})
    return plain_accounts(tables, factors()), account(tables, factors())


@pytest.mark.parametrize("part", ["lines", "unit_months", "unit_years", "plant_months"])
def test_row_by_row_accounts_equal_the_columnwise_ones(both, part):
    plain, ours = (getattr(accounts, part) for accounts in both)
    assert list(plain.columns) == list(ours.columns)
    assert set(ours["sector"]) == {"power", "cement", "steel", "aluminium"}
    for column in ours.columns:
        assert [None if value != value else value for value in plain[column]] == [
            None if value != value else value for value in ours[column]
        ], column


def test_a_batch_carries_the_register_of_every_sector():
    tables = country(ALL_SECTORS, 1)
    batch = batch_of(tables)
    assert batch.tables["facility"].equals(tables["facility"])
    assert set(batch.filings["sector"]) == set(tables["plant"]["sector"])


def test_plants_and_values_of_each_sector():
    tables = country(ALL_SECTORS, 1)
    counted = by_sector(tables)
    # 60 × 2087/3378 = 37.07, 60 × 962/3378 = 17.09, 60 × 232/3378 = 4.12, 60 × 97/3378 = 1.72
    plants = {name: one["plants"] for name, one in counted.items()}
    assert plants == {"power": 37, "cement": 17, "steel": 4, "aluminium": 2}
    assert sum(one["values"] for one in counted.values()) == len(tables["parameter"])


def test_a_sample_is_seeded_and_never_empty(tables):
    chosen = sample(tables)
    assert chosen == sample(tables)
    assert len(chosen) == 1
    own = of_plants(tables, chosen)
    assert set(own["parameter"]["plant_id"]) == set(chosen)


def test_national_document():
    national = bench_national(PLANTS, MONTHS)
    installed = find_spec("great_expectations") is not None
    assert set(national["methods"]) == set(METHODS) - (set() if installed else {"great_expectations"})
    assert national["absent"] == ([] if installed else ["great_expectations"])
    assert national["agree"]
    assert national["methods"]["plant_by_plant"]["scaled_by"] == PLANTS
    document = {"national": placed(lambda: national)}
    json.dumps(document)
    page = markdown(document)
    assert "scaled" in page and "| target |" in page
    assert "| sector | plants | filed values |" in page and "| Cement | 1 |" in page
    for lang in ("zh", "en"):
        said = "\n".join(lines(document, lang))
        assert ("Great Expectations is not installed" in said) == (not installed and lang == "en")


def test_check_document():
    found = bench_check(rounds=1)
    assert found["exit_status"] in (0, 1)
    assert "findings" in found["document"]
    assert found["prefect_loaded"] is False
    assert "ratio" in markdown({"check": placed(lambda: found)})


def test_command_writes_the_page(tmp_path, monkeypatch):
    monkeypatch.setattr("mrv.bench.runner.bench_check", lambda rounds: bench_check(1))
    page = tmp_path / "benchmarks.md"
    result = CliRunner().invoke(command, ["check", "--write", str(page), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.output)["check"]["rounds"] == 1
    assert page.read_text(encoding="utf-8").startswith("# Benchmarks")
