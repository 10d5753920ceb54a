"""The inbox flow: deposits what has arrived, between the nights."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.steps import attempt, day_of, now, run_name, tell
from flows.summary import inbox_document, inbox_page, inbox_rows
from mrv.pipeline.nightly import intake
from mrv.pipeline.opening import opened


@flow(
    name="intake",
    description="把收件目录中的文件存证。Deposits the files of the inbox.",
    flow_run_name=run_name,
    persist_result=False,
)
def intake_flow(home: str, as_of: date | None = None) -> dict[str, Any]:
    """The inbox of a home.

    Parameters
    ----------
    home : path of the home directory
    as_of : day of judgement (YYYY-MM-DD); by default today where the plants are
    """
    with opened(Path(home)) as (place, control):
        taken = attempt("inbox", partial(intake, place, control, day_of(home, as_of), now))
    document = inbox_document(taken)
    tell("inbox", {"deposits": len(taken.submissions), "refused": len(taken.stopped)})
    create_markdown_artifact(inbox_page(document), key="intake-summary", description="收件摘要 inbox summary")
    create_table_artifact(inbox_rows(document), key="intake-counts", description="收件数量 inbox counts")
    return document
