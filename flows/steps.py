"""What the flows share: the day, the clock, the tasks around input and output, and the log."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from prefect import get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE

from mrv.pipeline.opening import opened

T = TypeVar("T")
STEPS = {"inbox": "收件", "batches": "分批", "batch": "计算", "published": "发布"}


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def day_of(home: str, as_of: date | None) -> date:
    """The day of judgement: the one given, else today where the plants are (Asia/Shanghai unless the home says otherwise)."""
    if as_of is not None:
        return as_of
    with opened(Path(home)) as (place, _):
        return now().astimezone(ZoneInfo(place.settings.timezone)).date()


def run_name() -> str:
    """The name of a flow run: its day of judgement."""
    parameters = runtime.flow_run.parameters
    return str(day_of(parameters["home"], parameters.get("as_of")))


@task(name="input or output", task_run_name="{step}", retries=2, retry_delay_seconds=[5, 30], cache_policy=NO_CACHE)
def attempt(step: str, act: Callable[[], T]) -> T:
    """A step of mere input and output. Done twice it changes nothing, so it is tried again when it fails."""
    return act()


def tell(step: str, facts: dict[str, Any]) -> None:
    """One line of the log for a step of the pipeline."""
    words = "  ".join(f"{name}={value}" for name, value in facts.items())
    get_run_logger().info("%s %s  %s", STEPS[step], step, words)
