"""The figures of a benchmark run as text: Markdown for the repository, lines for the terminal."""

import re
from collections.abc import Callable
from typing import Any

from mrv.bench.ledger_pages import ledger_lines, ledger_section, verdict
from mrv.bench.runner import INCREMENTAL_SHARE, PEAK_MIB, TARGETS
from schemas.choices import SECTORS

NAMES = {
    "pipeline": ("本流水线（整批）", "this pipeline, whole batch"),
    "plant_by_plant": ("pandas + pandera，逐企业", "pandas + pandera, plant by plant"),
    "great_expectations": ("Great Expectations，逐企业", "Great Expectations, plant by plant"),
    "one_batch": ("pandas + pandera，整批", "pandas + pandera, one batch"),
    "incremental": ("仅变更的 1% 企业", "the changed 1 % of the plants"),
}


def lines(document: dict[str, Any], lang: str) -> list[str]:
    """What a person reads on the terminal."""
    zh = lang == "zh"
    said = []
    if "check" in document:
        one = document["check"]
        said.append(
            f"mrv check：{one['check_s']} s，仅导入 {one['bare_import_s']} s，比值 {one['ratio']}；"
            f"Prefect {'已载入' if one['prefect_loaded'] else '未载入'}"
            if zh
            else f"mrv check: {one['check_s']} s, bare import {one['bare_import_s']} s, ratio {one['ratio']}; "
            f"Prefect {'loaded' if one['prefect_loaded'] else 'not loaded'}"
        )
    if "national" in document:
        national = document["national"]
        for name, counted in national["sectors"].items():
            said.append(
                f"{SECTORS[name][0]}：{counted['plants']} 家企业，{counted['values']} 个填报值"
                if zh
                else f"{SECTORS[name][1]}: {counted['plants']} plants, {counted['values']} filed values"
            )
        for name, row in national["methods"].items():
            label = NAMES[name][0 if zh else 1]
            said.append(f"{label}: wall {row['wall_s']} s, cpu {row['cpu_s']} s, {row['peak_mib']} MiB")
        for name, ratio in national["ratios"].items():
            said.append(f"{NAMES[name][0 if zh else 1]}: × {ratio['wall']} (wall), × {ratio['cpu']} (cpu)")
        share = round(national["incremental_share"] * 100, 1)
        said.append(f"增量占全量处理器时间 {share}%" if zh else f"incremental: {share} % of the full processor time")
        if national["absent"]:
            said.append(
                "未安装 Great Expectations，略过该项（pip install -r constraints-bench.txt）"
                if zh
                else "Great Expectations is not installed and was left out (pip install -r constraints-bench.txt)"
            )
    if "ledger" in document:
        said += ledger_lines(document["ledger"], zh)
    return said


def markdown(document: dict[str, Any], before: str = "") -> str:
    """docs/benchmarks.md: sections that were measured are written, those of the page `before` that were not stay as they are."""
    written = dict(SECTION.findall(before)) | {
        name: "\n\n".join([*section(document[name]), place(document[name]["machine"])])
        for name, section in SECTIONS.items()
        if name in document
    }
    parts = [f"<!-- {name}: begin -->\n{written[name]}\n<!-- {name}: end -->" for name in SECTIONS if name in written]
    return "\n\n".join(["# Benchmarks", HEAD, *parts]) + "\n"


def place(where: dict[str, Any]) -> str:
    """Where and when a section was measured."""
    versions = ", ".join(f"{name} {number or 'not installed'}" for name, number in where["versions"].items())
    return (
        f"Measured {where['date']}, {where['system']} {where['machine']}, {where['processors']} processors, "
        f"Python {where['python']}; {versions}. Load average before {where['load_1_5_15']}, after {where['load_after']}."
    )


def _check(one: dict[str, Any]) -> list[str]:
    return [
        "## One filing: `mrv check`",
        f"Median of {one['rounds']} fresh processes each, in turns: `mrv check` of one month's filing (zip with evidence) "
        f"{one['check_s']} s; bare `import pandas, pandera.pandas` {one['bare_import_s']} s; **ratio {one['ratio']}**. "
        f"Prefect is {'LOADED' if one['prefect_loaded'] else 'not loaded'} by a check.",
    ]


def _national(one: dict[str, Any]) -> list[str]:
    rows = one["methods"]["pipeline"]["rows"]
    table = [
        "| method | plants measured | wall s | processor s | ratio wall | ratio processor | peak MiB | start-up processor s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, row in one["methods"].items():
        ratio = one["ratios"].get(name, {"wall": "", "cpu": ""})
        scaled = f" (× {row['scaled_by']:g})" if row["scaled_by"] != 1 else ""
        table.append(
            f"| {NAMES[name][1]} | {row['plants']}{scaled} | {row['wall_s']} | {row['cpu_s']} | {ratio['wall']} | "
            f"{ratio['cpu']} | {row['peak_mib']} | {row['start_up_cpu_s']} |"
        )
    targets = ["| target | measured | |", "|---|---|---|"]
    for name, least in TARGETS.items():
        if name in one["ratios"]:
            measured = one["ratios"][name]["cpu"]
            targets.append(
                f"| ≥ {least:g} × faster than {NAMES[name][1]} | {measured} × | {verdict(measured >= least)} |"
            )
    peak, share = one["methods"]["pipeline"]["peak_mib"], one["incremental_share"]
    targets.append(f"| peak below {PEAK_MIB} MiB | {peak} MiB | {verdict(peak < PEAK_MIB)} |")
    limit = f"{INCREMENTAL_SHARE * 100:g} %"
    targets.append(
        f"| 1 % of the plants changed: at most {limit} of the full processor time | {share * 100:.1f} % | "
        f"{verdict(share <= INCREMENTAL_SHARE)} |"
    )
    sectors = ["| sector | plants | filed values |", "|---|---|---|"]
    for name, counted in one["sectors"].items():
        sectors.append(f"| {SECTORS[name][1]} | {counted['plants']:,} | {counted['values']:,} |")
    absent = ["Great Expectations was not installed and was left out."] if one["absent"] else []
    return [
        f"## A country: {one['plants']:,} plants × {one['months']} months",
        f"Validate, compute and screen {rows:,} filed values. Each method runs in a process of its own, in turns, "
        f"{one['rounds']} round(s). Plant-by-plant methods are measured on a seeded {one['sample_share'] * 100:g} % sample of the "
        "plants and **scaled** by the number of plants. Making the data, imports and one warm-up plant are start-up, not work; "
        "peak memory is that of the whole process, the data included. Ratios are to this pipeline.",
        "\n".join(sectors),
        "\n".join(table),
        "\n".join(targets),
        *absent,
        f"Whole-batch methods agree on the total emission and the number of findings: {'yes' if one['agree'] else 'NO'}.",
        NOTES,
    ]


NOTES = """### What each method does

- **plant by plant**: pandera on pandas with the same checks of shape, then the same formulas and the same rule bodies, one plant
  per call.
- **Great Expectations**: the same checks as suites on an ephemeral context, one validation per table and plant; formulas and rules
  as plant by plant. Data types are not checked and dates only by their form, which favours it.
- **one batch**: pandera on pandas over everything, emissions with `Decimal` row by row in `DataFrame.apply`, then the very same
  rules, views, findings and impact as this pipeline. It therefore shares every gain of the screening engine: its ratio says what
  validation on polars and columnwise accounting are worth, not what batching is worth.
- **incremental**: the rows of a seeded 1 % of the plants validated, computed and screened as a batch of their own. Whatever the
  number of plants, some forty rule bodies each make tens of pandas calls, so a batch has a fixed cost that a small one feels;
  publishing and start-up come on top, and stand apart in the start-up column."""

HEAD = (
    "Written by `mrv bench … --write docs/benchmarks.md`, section by section. Absolute times belong to one machine and one hour; "
    "read the ratios."
)
SECTION = re.compile(r"<!-- (\w+): begin -->\n(.*?)\n<!-- \1: end -->", re.DOTALL)
SECTIONS: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "check": _check,
    "national": _national,
    "ledger": ledger_section,
}
