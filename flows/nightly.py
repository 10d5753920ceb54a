"""The nightly flow: `mrv.pipeline.nightly`, its batches of plants as tasks."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from prefect import State, flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.steps import attempt, day_of, now, run_name, tell
from flows.summary import night_document, night_page, night_rows
from mrv.pipeline.nightly import nightly
from mrv.pipeline.opening import opened
from mrv.pipeline.plant_batch import BatchResult

Work = Callable[[Sequence[str]], BatchResult]


@task(name="judge", task_run_name="judge-{number}", cache_policy=NO_CACHE, persist_result=False)
def judge(work: Work, number: int, plants: list[str]) -> BatchResult:
    """One batch of plants; a plant that fails is named in the result and stops no other."""
    return work(plants)


def in_tasks(work: Work, batches: list[list[str]]) -> Iterator[BatchResult]:
    """The results of all batches in their order, each batch a task."""
    futures = [judge.submit(work, number, plants) for number, plants in enumerate(batches, start=1)]
    for future in futures:
        yield future.result()


def run_night(home: str, day: date, clock: Callable[[], datetime], everything: bool) -> State[dict[str, Any]]:
    """One night within a flow run: done, summed up in two artifacts, and named `Partial` when plants failed."""
    with opened(Path(home)) as (place, control):
        outcome = nightly(place, control, day, clock, in_tasks, tell, everything, attempt)
    document = night_document(outcome, day)
    create_markdown_artifact(
        night_page(document), key="nightly-summary", description=f"{document['run_id']} 摘要 summary"
    )
    create_table_artifact(night_rows(document), key="nightly-counts", description=f"{document['run_id']} 数量 counts")
    if document["failures"]:
        names = ", ".join(document["failures"])
        return Completed(name="Partial", message=f"计算失败的企业 plants that failed: {names}", data=document)
    return Completed(message=document["run_id"], data=document)


@flow(
    name="nightly",
    description="收件、重算有变化的企业、查期限、发布。The inbox, the plants that changed, the deadlines, the publication.",
    flow_run_name=run_name,
    task_runner=ThreadPoolTaskRunner(max_workers=2),  # type: ignore[arg-type]  # invariant in its futures
    persist_result=False,
)
def nightly_flow(home: str, as_of: date | None = None, everything: bool = False) -> Any:
    """The night of a home.

    Parameters
    ----------
    home : path of the home directory
    as_of : day of judgement (YYYY-MM-DD); by default today where the plants are
    everything : recompute every plant, changed or not
    """
    return run_night(home, day_of(home, as_of), now, everything)
