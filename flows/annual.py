"""The annual flow: writes the report of every plant for a year."""

from functools import partial
from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from flows.steps import attempt
from mrv.pipeline.annual import annual
from mrv.pipeline.opening import opened


@flow(
    name="annual",
    description="生成各企业年度排放报告。Writes the annual report of every plant.",
    flow_run_name="{year}",
    persist_result=False,
)
def annual_flow(home: str, year: int) -> list[str]:
    """The annual reports of a home for a year; returns their paths.

    Parameters
    ----------
    home : path of the home directory
    year : report year
    """
    with opened(Path(home)) as (place, _):
        written = attempt("annual reports", partial(annual, place, str(year)))
    names = [str(path) for path in written]
    create_table_artifact(
        [{"文件 file": name} for name in names], key="annual-reports", description=f"{year} 年度报告 annual reports"
    )
    get_run_logger().info("已写出 %s 份文件 files written", len(names))
    return names
