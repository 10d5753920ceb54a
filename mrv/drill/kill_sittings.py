"""A long kill drill: several fork servers beside each other, each with homes of its own, taken up again where it stopped."""

from collections import Counter
from pathlib import Path

from mrv.drill.figures import Figure, commit
from mrv.drill.folders import scratch
from mrv.drill.forks import Deed, all_finished, together
from mrv.drill.kills import KillDrill, Outcome, record, recorded, summary

SHARE = {"submit": 0.44, "correct": 0.36, "nightly": 0.11, "publish": 0.09}


def asked(points: int) -> dict[str, int]:
    """How many points each action gets."""
    return {action: round(points * share) for action, share in SHARE.items()}


def sitting(points: int, results: Path, workers: int, seed: int = 1) -> dict[str, dict[str, int]]:
    """Runs what is left of a drill of so many points and returns the summary of all that is on record.

    results : directory of the records, one file for each worker. RuntimeError when a worker fails as a whole.
    """
    results.mkdir(parents=True, exist_ok=True)

    def share(worker: int) -> Deed:
        return lambda tell: _work(points, _record_of(results, worker), worker, workers, seed)

    all_finished(together([share(worker) for worker in range(workers)]))
    return summary(outcomes(results))


def run(points: int, results: Path, workers: int) -> Figure:
    """The figure of a kill drill of so many points; taken up where an earlier sitting with this directory stopped."""
    found = sitting(points, results, workers)
    counts: Counter[str] = Counter()
    for action, entry in found.items():
        counts[action] += entry["points"]
        counts["caught alive"] += entry["killed"]
        counts["acknowledgements"] += entry["acknowledged"]
    wrong = [f"{one.point}: {one.wrong}" for one in outcomes(results) if one.counted and one.wrong]
    order = (*SHARE, "caught alive", "acknowledgements")
    return Figure(
        "kills", sum(entry["points"] for entry in found.values()), wrong, {name: counts[name] for name in order}
    )


def outcomes(results: Path) -> list[Outcome]:
    """Everything on record of the program as it is now: what another commit did says nothing of this one."""
    return [outcome for path in sorted(results.glob(_record_of(results, "*").name)) for outcome in recorded(path)]


def _record_of(results: Path, worker: int | str) -> Path:
    return results / f"kills-{commit() or 'unknown'}-{worker}.jsonl"


def _work(points: int, path: Path, worker: int, workers: int, seed: int) -> None:
    with scratch() as folder:
        drill = KillDrill(Path(folder))
        done = {outcome.point for outcome in recorded(path)}
        # Turn by turn over the actions, so that a drill that is broken off has seen all of them.
        mine = drill.points(asked(points), seed)[worker::workers]
        left = [point for point in mine if point not in done]
        left.sort(key=lambda point: (mine.index(point) * 7919) % len(mine))
        for _ in record(map(drill.kill, left), path):
            pass
