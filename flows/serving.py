"""Serving the nightly deployment: runs on schedule in processes of their own, one night at a time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import EntrypointType
from prefect.runner import Runner
from prefect.schedules import Cron

from flows.nightly import nightly_flow

# A run that finds another at work is cancelled: nights missed while the machine was off come back as one, not as many.
ONE_NIGHT = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
RUNS_AT_ONCE = 5  # taken up together, so that the limit above can decide; only one of them runs


def nightly_deployment(home: Path, name: str, cron: str, timezone: str) -> RunnerDeployment:
    """The deployment `nightly/<name>` of a home. ValueError for a schedule that is no cron expression."""
    return RunnerDeployment.from_flow(
        nightly_flow,
        name,
        parameters={"home": str(home.absolute())},
        schedules=[Cron(cron, timezone=timezone, slug="nightly")],
        concurrency_limit=ONE_NIGHT,
        entrypoint_type=EntrypointType.MODULE_PATH,
        paused=False,
    )


class NightRunner(Runner):
    """A runner that SIGTERM ends as Ctrl+C does: runs at work are stopped, then the runner, without a word of complaint."""

    leave: Callable[[], Any]

    def handle_sigterm(self, *args: Any, **kwargs: Any) -> None:
        self.leave()


def serve_nightly(deployment: RunnerDeployment) -> None:
    """Runs what the schedule asks for, until SIGINT or SIGTERM."""
    runner = NightRunner(pause_on_shutdown=False, limit=RUNS_AT_ONCE)
    runner.add_deployment(deployment)
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_until_told(runner))


async def _until_told(runner: NightRunner) -> None:
    loop, main = asyncio.get_running_loop(), asyncio.current_task()
    assert main is not None
    runner.leave = lambda: loop.call_soon_threadsafe(main.cancel)
    await runner.start()
