"""Rows of a recognised table that are no data: why each is ignored. What is not named here is a candidate."""

import re

import numpy as np
import pandas as pd

from mrv.intake.header import Header
from mrv.intake.reading import NOTHING, folded

_TOTAL = re.compile(
    r"(本页|本月|本年|全月|全年|全厂|全部|年度|月度|年|月|各机组)?(合计|小计|总计|累计|共计)(数|值|量)?[:：]?"
    r"|(grand|sub|monthly|annual)?-?total[s]?:?|sum:?"
)
_EXAMPLE = re.compile(r"(填报|填写)?(示例|样例|举例)(行|数据)?(:.*|[0-9]*)|例[:0-9].*|example(row)?(:.*)?|e\.g\..*")
_REMARK = re.compile(r"(备注|注|说明|填表说明|填报说明|填写说明|note|notes|remark|remarks)([:：0-9].*|$)|[*※]")

# Columns the template fills in beforehand; a row with nothing else was left empty by the person.
_TEMPLATE_WORDS = """
plant_id sector unit_id stream_id month day parameter unit method source_document origin state fc_source carbon_scheme
delivery route medium meter_id multiplier specified_accuracy calibrated_accuracy calibrated_on calibration_valid_to
laboratory cma_number cnas_number accreditation_scope accreditation_valid_to basis
"""
_PREFILLED = frozenset(_TEMPLATE_WORDS.split())
_KEY_WORDS = ("unit_id", "stream_id", "month", "day", "parameter", "meter_id", "delivery", "report_number")


def _per_text(texts: pd.Series | np.ndarray, judge: "re.Pattern[str]", whole: bool) -> np.ndarray:
    """Whether each text matches, judged once per distinct text."""
    codes, distinct = pd.factorize(texts)
    match = judge.fullmatch if whole else judge.match
    return np.array([bool(match(folded(text))) for text in distinct] or [False], dtype=bool)[codes]


def first_texts(body: pd.DataFrame) -> list[str]:
    """The first text of each line that is not blank, over all columns; empty for a blank line."""
    first = [""] * len(body)
    open_lines = list(range(len(body)))
    for column in body.columns:
        if not open_lines:
            break
        values = body[column].tolist()
        for line in open_lines:
            first[line] = values[line].strip()
        open_lines = [line for line in open_lines if not first[line]]
    return first


def reasons(body: pd.DataFrame, first: list[str], raw: pd.DataFrame, header: Header, workbook: bool) -> np.ndarray:
    """Why each line is ignored, empty text for candidates.

    Parameters
    ----------
    body : all columns of the lines below the header, none blank
    first : first text of each line
    raw : the understood columns of the same lines, canonical names
    header : the header that was found
    workbook : whether rows may come prefilled from a template
    """
    reason = np.full(len(raw), "", dtype=object)

    def mark(mask: np.ndarray, name: str) -> None:
        reason[mask & (reason == "")] = name

    again = np.ones(len(raw), dtype=bool)
    for column, label in header.labels.items():
        again &= (raw[column].str.strip() == label).to_numpy(dtype=bool)
        if not again.any():
            break
    mark(again, "repeated_header")
    firsts = np.array(first, dtype=object)
    mark(_per_text(firsts, _EXAMPLE, whole=True), "example_row")
    total = _per_text(firsts, _TOTAL, whole=True)
    for column in _KEY_WORDS:
        if column in raw:
            total |= _per_text(raw[column], _TOTAL, whole=True)
    mark(total, "total_row")
    remark = _per_text(firsts, _REMARK, whole=False)
    if remark.any():
        # A row of data may begin with such a word only if it goes on: a remark stands alone in its line.
        texts = sum((body.loc[remark, column].str.strip() != "").astype(int) for column in body.columns)
        lone = np.zeros(len(raw), dtype=bool)
        lone[np.flatnonzero(remark)] = np.asarray(texts) <= 2
        mark(lone, "remark_row")
    if workbook:
        mark(_not_filled(raw, header.table), "not_filled")
    return reason


def _not_filled(raw: pd.DataFrame, table: str) -> np.ndarray:
    """Lines where everything that a person would have typed is empty, or is a stroke for "not applicable"."""
    typed = ["value"] if table == "parameter" else [column for column in raw if column not in _PREFILLED]
    empty = np.ones(len(raw), dtype=bool)
    for column in typed:
        if column in raw:
            empty &= raw[column].map(lambda text: not text.strip() or folded(text) in NOTHING).to_numpy(dtype=bool)
    return empty
