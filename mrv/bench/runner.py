"""Runs the measurements, each in a process of its own, one after the other in turns, and puts the figures side by side."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from mrv.bench.country import SAMPLE_SHARE
from mrv.bench.load import bench_load
from mrv.bench.machine import machine
from mrv.bench.methods import METHODS, SAMPLED

PACKAGES = ("pandas", "pandera", "polars", "pyarrow", "numpy", "great-expectations")
TARGETS = {"plant_by_plant": 10.0, "great_expectations": 10.0, "one_batch": 2.0}
LEAVES, SAMPLES = 10_000_000, 2000
LOAD_PLANTS, LOAD_SECONDS = 50, 180  # a night takes about as long
PEAK_MIB, INCREMENTAL_SHARE = 4096, 0.05
BARE = "import pandas, pandera.pandas"
# `mrv check` in a fresh process that says at the end whether Prefect was loaded.
CHECK = """import sys
from mrv.cli.main import main
sys.argv = ["mrv", "check", sys.argv[1], "--json"]
try:
    main()
finally:
    sys.stderr.write("prefect" if "prefect" in sys.modules else "none")
"""


def surroundings() -> dict[str, Any]:
    """Where and when, with the load and the versions of packages."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = ""
    return {
        **machine(),
        "load_1_5_15": load(),
        "versions": versions,
    }


def bench_check(rounds: int = 5) -> dict[str, Any]:
    """`mrv check` of one month's filing against the bare import of pandas and pandera, in turns; medians [s]."""
    from mrv.simulation import filing_zip, simulate
    from mrv.simulation.demo_plants import DEMO_PLANTS

    month = "2026-08"
    plant = DEMO_PLANTS[0]
    data = filing_zip(simulate([plant], [month], 1).tables, plant.plant_id, month)
    times: dict[str, list[float]] = {"check": [], "bare": []}
    with tempfile.TemporaryDirectory() as folder:
        filing = Path(folder) / "filing.zip"
        filing.write_bytes(data)
        for _ in range(rounds):
            for name, arguments in (("bare", [BARE]), ("check", [CHECK, str(filing)])):
                began = time.perf_counter()
                done = subprocess.run([sys.executable, "-c", *arguments], capture_output=True, text=True, check=False)
                times[name].append(time.perf_counter() - began)
    outcome = json.loads(done.stdout)
    check, bare = median(times["check"]), median(times["bare"])
    return {
        "rounds": rounds,
        "check_s": round(check, 2),
        "bare_import_s": round(bare, 2),
        "ratio": round(check / bare, 2),
        "prefect_loaded": done.stderr.endswith("prefect"),
        "exit_status": done.returncode,
        "document": sorted(outcome),
    }


def bench_national(plants: int, months: int = 12, rounds: int = 1) -> dict[str, Any]:
    """Every method on the same country, in turns; medians of the rounds. Sampled methods are scaled to all plants."""
    absent = [] if importlib.util.find_spec("great_expectations") else ["great_expectations"]
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in METHODS if name not in absent}
    for _ in range(rounds):
        for name, found in runs.items():
            found.append(_worker(name, plants, months))
    results = {name: _figures(found, plants) for name, found in runs.items()}
    full, changed = results["pipeline"], results["incremental"]
    return {
        "plants": plants,
        "months": months,
        "rounds": rounds,
        "sample_share": SAMPLE_SHARE,
        "sectors": runs["pipeline"][0]["sectors"],
        "absent": absent,
        "methods": results,
        "ratios": {
            name: {part: round(results[name][f"{part}_s"] / full[f"{part}_s"], 2) for part in ("wall", "cpu")}
            for name in TARGETS
            if name in results
        },
        "incremental_share": round(changed["cpu_s"] / full["cpu_s"], 4),
        "agree": full["tco2"] == results["one_batch"]["tco2"] and full["findings"] == results["one_batch"]["findings"],
    }


def _worker(method: str, plants: int, months: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "mrv.bench.worker", method, str(plants), str(months)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _figures(runs: list[dict[str, Any]], plants: int) -> dict[str, Any]:
    """Medians of the rounds; times of a sampled method scaled by the number of plants."""
    first = runs[0]
    scale = plants / first["plants"] if first["method"] in SAMPLED else 1.0
    figures = {name: round(median(run[name] for run in runs) * scale, 3) for name in ("wall_s", "cpu_s")} | {
        name: median(run[name] for run in runs) for name in ("start_up_cpu_s", "peak_mib")
    }
    kept = ("plants", "rows", "shape_failures", "tco2", "findings")
    return {**figures, "scaled_by": round(scale, 2), **{name: first[name] for name in kept}}


def bench_ledger(leaves: int, plants: int, seconds: float) -> dict[str, Any]:
    """`proofs` in a log of many leaves, and the `load` of uploads beside a night; one after the other."""
    command = [sys.executable, "-m", "mrv.bench.proofs", str(leaves), str(SAMPLES)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {"proofs": json.loads(done.stdout.splitlines()[-1]), "load": bench_load(plants, seconds)}


def run(
    what: str,
    plants: int,
    months: int = 12,
    rounds: int = 5,
    leaves: int = LEAVES,
    load_plants: int = LOAD_PLANTS,
    seconds: float = LOAD_SECONDS,
) -> dict[str, Any]:
    """The document of `mrv bench`: `check`, `national` and `ledger` as asked for, each with the `machine` it was measured on."""
    measures: dict[str, Callable[[], dict[str, Any]]] = {
        "check": lambda: bench_check(rounds),
        "national": lambda: bench_national(plants, months),
        "ledger": lambda: bench_ledger(leaves, load_plants, seconds),
    }
    return {name: placed(measure) for name, measure in measures.items() if what in (name, "all")}


def placed(measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a measure gives, and the `machine` with the load before and after."""
    where = surroundings()
    found = measure()
    return {**found, "machine": {**where, "load_after": load()}}


def load() -> list[float]:
    """How many processes wanted a processor in the last 1, 5 and 15 minutes."""
    return [round(value, 2) for value in os.getloadavg()]
