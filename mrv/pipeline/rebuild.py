"""Lake, publication and annual reports made anew from control store, evidence and program; the truth itself is only read."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from mrv.intake import Intake, read_file
from mrv.pipeline.annual import REPORTS, annual
from mrv.pipeline.batch import assemble
from mrv.pipeline.deposit import ROWS_LOCK
from mrv.pipeline.meter_files import READINGS_LOCK, store_readings
from mrv.pipeline.nightly import JUDGED, LOCK, plant_digests, publish_all, store_results
from mrv.pipeline.plant_batch import RESULTS, BatchResult, joined, work
from mrv.pipeline.rebuild_batches import planned
from mrv.storage import durable
from mrv.storage.control import Control
from mrv.storage.deposits import deposit_counts, deposited_since, meter_files
from mrv.storage.evidence import Evidence
from mrv.storage.home import Home, HomeExists
from mrv.storage.lake import Lake
from mrv.storage.locks import exclusive
from mrv.storage.published import Manifest, manifest_of, recover
from mrv.storage.rebuilt import discard, file_differences, publication_differences, switch_lake
from mrv.storage.runs import runs
from mrv.storage.settings import StorageFault

STAGING = ".rebuild"


class NotComparable(StorageFault):
    """What stands there was not made from what is deposited now, so that a comparison would say nothing."""


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild came to.

    `as_of`: day of the publication. `differences`: what stood there and is not what was made, `path: missing | changed | unexpected |
    unreadable`. `failures`: plants that could not be judged, with the reason; they keep the rows they had.
    """

    as_of: date
    plants: int
    meter_files: int
    differences: tuple[str, ...]
    failures: dict[str, str]


def rebuild(
    home: Home,
    control: Control,
    as_of: date | None = None,
    into: Path | None = None,
    verify: bool = False,
) -> Rebuilt:
    """Makes everything anew, compares, and puts the new in place of what differs.

    Parameters
    ----------
    home, control : read; of the home only `lake/`, `published/` and `reports/` are ever written
    as_of : day of judgement of every plant; by default each plant is judged as the last night judged it, and the publication is that of
        the day of the last night
    into : put what was made there (absent or empty) and leave the home as it is
    verify : compare only

    A night of the same home waits, and so does this for a night; whoever deposits does not. What is deposited meanwhile is in the lake
    that is put in place, and waits for the next night. Being killed at any moment leaves the publication that was in force.
    Raises NotComparable when `verify` is asked for while deposits wait for their first night or come meanwhile, HomeExists when something stands at
    `into`, StorageFault without a day where no night ever ran, IntegrityError for evidence that is lost or damaged.
    """
    if into is not None and into.exists() and (into.is_file() or any(into.iterdir())):
        raise HomeExists(f"目录已存在且不为空：{into}", f"something stands there already: {into}")
    with exclusive(home.path / LOCK):
        recover(home)
        day = as_of or _last_day(home, control)
        if verify:
            _comparable(home, control)
        place = (into or home.path).absolute() / STAGING
        discard(place)
        try:
            made = _made(home, control, day, place, anew=as_of is not None)
            differences = _differences(home, made.home)
            if verify:
                _unchanged(made.digests, plant_digests(control))
            if into is not None:
                for folder in ("lake", "published", REPORTS):
                    if (made.home.path / folder).is_dir():
                        (made.home.path / folder).rename(into / folder)
                durable.sync(into)
            elif not verify:
                _replace(home, control, made, day, differences)
        finally:
            discard(place)
    return Rebuilt(day, len(made.plants), len(made.read), tuple(differences), made.failures)


def _last_day(home: Home, control: Control) -> date:
    manifest = _manifest(home)
    if manifest is not None:
        return date.fromisoformat(manifest.as_of)
    with control.read() as session:
        held = runs(session, "nightly")
    done = held.loc[held["status"].isin(["completed", "partial"]), "as_of"]
    if done.empty:
        raise StorageFault(
            "从未运行过夜间流程，请用 --as-of 指定检查日期。",
            "No night ever ran; name the day of judgement with --as-of.",
        )
    return date.fromisoformat(done.iloc[-1])


def _manifest(home: Home) -> Manifest | None:
    """The manifest in force, None where there is none that can be read: that is a difference, and told as one."""
    try:
        return manifest_of(home)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _comparable(home: Home, control: Control) -> None:
    try:
        judged = json.loads((home.lake / JUDGED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return  # lost or damaged, as where it is no dictionary: the comparison will say so
    if isinstance(judged, dict):
        _unchanged(judged, plant_digests(control))


def _unchanged(judged: Mapping[str, str], digests: Mapping[str, str]) -> None:
    waiting = [plant for plant, digest in digests.items() if judged.get(plant) != digest]
    if waiting:
        names = "、".join(waiting[:5])
        raise NotComparable(
            f"夜间运行之后又有新的存证、登记或程序变更（{names}），请先运行 mrv run nightly。",
            f"deposits, register or program changed since the last night ({names}); run mrv run nightly first.",
        )


@dataclass
class _Made:
    """A home beside the home, with the same truth and everything else made anew.

    `digests` and `deposits` (counts) by plant are those of before the first plant was judged. `read`: addresses of the meter files in
    its lake. `plants`, `failures`: who was judged, and who could not be.
    """

    home: Home
    digests: dict[str, str]
    deposits: dict[str, int]
    read: set[str]
    plants: set[str]
    failures: dict[str, str]


def _made(home: Home, control: Control, day: date, place: Path, anew: bool) -> _Made:
    durable.make_directories(place)
    place.chmod(0o700)
    # The address of the store is repeated: the place of a store that is one file follows from the place of its home.
    beside = Home.create(place / "home", replace(home.settings, database_url=home.database_url))
    beside.evidence.rmdir()
    beside.evidence.symlink_to(home.evidence, target_is_directory=True)
    # Before anything is read: what is deposited from here on must not be taken for judged.
    digests = plant_digests(control)
    with control.read() as session:
        made = _Made(beside, digests, deposit_counts(session), set(), set(), {})
    _take_readings(home, control, made)
    plan = planned(control, day, home.settings.batch_size, anew)
    _take_results(home, made, joined([work(beside.path, group.plants, group.as_of) for group in plan.groups]))
    left = set(made.failures) | plan.unjudged  # the next night has to look at these
    judged = {plant: digest for plant, digest in digests.items() if plant not in left}
    durable.write(beside.lake / JUDGED, json.dumps(judged, sort_keys=True, indent=0).encode())
    publish_all(beside, control, day)
    for year in sorted({path.name for path in (home.path / REPORTS).glob("[0-9]*")}):
        annual(beside, year)
    return made


def _catch_up(home: Home, control: Control, made: _Made, day: date) -> None:
    """What came while the work was going on, into the new lake too. The digests know nothing of it: the next night judges it."""
    with control.read() as session:
        deposits = deposit_counts(session)
        late = sorted(deposited_since(session, made.deposits))
    _take_readings(home, control, made)
    size = home.settings.batch_size
    batches = [late[start : start + size] for start in range(0, len(late), size)]
    _take_results(home, made, joined([work(made.home.path, batch, day) for batch in batches]))
    made.deposits = deposits


def _take_readings(home: Home, control: Control, made: _Made) -> None:
    with control.read() as session:
        files = meter_files(session)
    for name, sha256 in files[["file_name", "sha256"]].itertuples(index=False, name=None):
        if sha256 not in made.read:
            _readings(home, made.home, name, sha256)
            made.read.add(sha256)


def _take_results(home: Home, made: _Made, whole: BatchResult) -> None:
    stored = _with_former(home, whole)
    store_results(Lake(made.home.lake), BatchResult(stored.plants, stored.tables))
    made.plants |= set(whole.plants)
    kept = {plant: reason for plant, reason in made.failures.items() if plant not in whole.plants}
    made.failures = kept | whole.failures


def _readings(home: Home, made: Home, name: str, sha256: str) -> None:
    """The readings of a deposited meter file into the lake."""
    result = read_file(name, Evidence(home.evidence).get(sha256))
    if not isinstance(result, Intake):
        raise RuntimeError(f"a meter file can no longer be read: {name} ({result.code})")
    readings = assemble([result]).tables.get("meter_reading")
    if readings is not None:
        store_readings(Lake(made.lake), readings)


def _with_former(home: Home, whole: BatchResult) -> BatchResult:
    """As after a night: a plant that cannot be judged keeps the rows it had, where they can still be read."""
    if not whole.failures:
        return whole
    tables = dict(whole.tables)
    for name in RESULTS:
        former = _former(Lake(home.lake), name, sorted(whole.failures))
        if former is not None and len(former):
            parts = [whole.tables[name], former] if name in whole.tables else [former]
            tables[name] = pd.concat(parts, ignore_index=True)
    return replace(whole, tables=tables)


def _former(lake: Lake, name: str, plants: list[str]) -> pd.DataFrame | None:
    """The rows of some plants as they stand; None where the lake is too damaged to read: then there is nothing left to keep."""
    try:
        return lake.read(name, plants=plants)
    except (OSError, pa.ArrowException):
        return None


def _differences(home: Home, made: Home) -> list[str]:
    found = file_differences(home.lake, made.lake) + publication_differences(home.published, made.published)
    for folder in sorted((made.path / REPORTS).glob("*")):
        present = home.path / REPORTS / folder.name
        found += [f"{REPORTS}/{one}" for one in file_differences(present, folder)]
    return found


def _replace(home: Home, control: Control, made: _Made, day: date, differences: Iterable[str]) -> None:
    """The new in place of the old: the lake in one step, then the publication in its own way, then the reports."""
    parts = {entry.split("/", 1)[0] for entry in differences}
    if "lake" in parts:
        durable.make_directories(home.lake)
        _catch_up(home, control, made, day)  # most of it, while receipts do not wait
        # What was acknowledged by now is in the new lake before it is in force; who waits here writes into that one.
        with exclusive(home.lake / READINGS_LOCK), exclusive(home.lake / ROWS_LOCK):
            _catch_up(home, control, made, day)
            switch_lake(made.home.lake, home.lake)
    if "published" in parts:
        publish_all(home, control, day)
    if REPORTS in parts:
        for path in sorted((made.home.path / REPORTS).glob("*/*")):
            target = home.path / REPORTS / path.parent.name / path.name
            durable.make_directories(target.parent)
            durable.write(target, path.read_bytes())
