"""Intake: bytes → cells → canonical candidate rows, with every row accounted for."""

from mrv.intake.reader import read_file
from mrv.intake.refusal import Refusal
from mrv.intake.result import FAULT_COLUMNS, ROW_COLUMNS, Intake, Limits, Understood

__all__ = ["FAULT_COLUMNS", "ROW_COLUMNS", "Intake", "Limits", "Refusal", "Understood", "read_file"]
