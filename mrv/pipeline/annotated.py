"""The annotated return: the officer's own file with every finding at its cell."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Literal

from mrv.pipeline.check import CheckOutcome, File
from mrv.pipeline.documents import finding_document
from mrv.reporting.annotate import annotate
from mrv.reporting.annotate_csv import annotate_csv


def annotated(files: Sequence[File], outcome: CheckOutcome, lang: Literal["zh", "en"]) -> list[File]:
    """Name and bytes of the annotated copy of each workbook or CSV that could be read; the originals are untouched.

    A filing zip has no sheet of its own to colour: its findings are in the list that the command prints.
    """
    results = []
    for name, data in files:
        mine = [one for one in outcome.filings if one.file.name == name]
        findings = [finding_document(row) for one in mine for row in one.findings.to_dict("records")]
        if not mine or mine[0].file.kind == "filing_zip":
            continue
        mark = annotate if mine[0].file.kind == "workbook" else annotate_csv
        suffix = "检查结果" if lang == "zh" else "checked"
        results.append((f"{PurePath(name).stem}.{suffix}.xlsx", mark(data, findings, lang)))
    return results
