"""The methods of the national benchmark. Each validates, computes and screens the frames it is given and says what it found."""

from collections.abc import Callable
from decimal import Decimal

import pandas as pd

from emission_factors import factors
from mrv.accounting.accounts import total_of
from mrv.bench.country import Outcome, batch_of, of_plants
from mrv.bench.plain import plain_accounts
from mrv.findings.build import build, ordered
from mrv.findings.impact import with_impact
from mrv.pipeline.judge import Judgement, judge, merged
from mrv.screening.case import Case
from mrv.screening.catalogue import catalogue
from mrv.screening.engine import not_run, screen
from schemas.validation import validate

Tables = dict[str, pd.DataFrame]


def pipeline(tables: Tables) -> Outcome:
    """This project: the whole batch at once."""
    failed = sum(len(validate(name, frame)) for name, frame in tables.items())
    return _outcome(tables, failed, judge(batch_of(tables), factors()))


def plant_by_plant(tables: Tables) -> Outcome:
    """pandas and pandera, one plant at a time: the same checks of shape, the same formulas, the same rules."""
    return _each_plant(tables, lambda own: sum(len(validate(name, frame, "pandas")) for name, frame in own.items()))


def great_expectations(tables: Tables) -> Outcome:
    """The checks of shape in Great Expectations, one suite per table and plant; formulas and rules as plant by plant.

    Raises ImportError where Great Expectations is not installed.
    """
    from mrv.bench.expectations import validator

    check = validator()
    return _each_plant(tables, lambda own: sum(check(name, frame) for name, frame in own.items()))


def one_batch(tables: Tables) -> Outcome:
    """Ordinary batched code: pandera on pandas, emissions row by row with `DataFrame.apply`, then the same rules."""
    failed = sum(len(validate(name, frame, "pandas")) for name, frame in tables.items())
    batch = batch_of(tables)
    whole = merged(batch, {}, {})
    accounts = plain_accounts(whole, factors())
    focus = batch.filings[["plant_id", "sector", "month"]].drop_duplicates(ignore_index=True)
    case = Case(whole, accounts, focus, None, batch.faults, batch.attachments)
    rules = catalogue()
    found = screen(case, list(rules.values()))
    findings = ordered(with_impact(build(found, rules), whole, accounts, factors()))
    return _outcome(tables, failed, Judgement(accounts, findings, not_run(case, list(rules.values())), case))


METHODS: dict[str, Callable[[Tables], Outcome]] = {
    "pipeline": pipeline,
    "plant_by_plant": plant_by_plant,
    "great_expectations": great_expectations,
    "one_batch": one_batch,
    "incremental": pipeline,
}
# Too slow to run on a whole country: measured on a sample of the plants and scaled.
SAMPLED = ("plant_by_plant", "great_expectations")


def _each_plant(tables: Tables, check: Callable[[Tables], int]) -> Outcome:
    failed, total, findings = 0, Decimal(0), 0
    for plant in tables["plant"]["plant_id"]:
        own = of_plants(tables, [plant])
        failed += check(own)
        judged = judge(batch_of(own), factors())
        total += total_of(judged.accounts.lines)
        findings += len(judged.findings)
    return Outcome(len(tables["parameter"]), failed, str(total), findings)


def _outcome(tables: Tables, failed: int, judged: Judgement) -> Outcome:
    total = total_of(judged.accounts.lines)
    return Outcome(len(tables["parameter"]), failed, str(total), len(judged.findings))
