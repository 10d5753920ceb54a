"""What reading one cell gives, and the reader of numbers."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

PLAIN_NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"
_PLAIN = re.compile(PLAIN_NUMBER)
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")
_SCIENTIFIC = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]{1,3}")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_LARGEST_EXPONENT = 40
NOTHING = frozenset({"/", "-", "--", "—", "——", "无", "n/a", "na"})


@dataclass(frozen=True)
class Reading:
    """`value`: canonical text, or the text as written when `fault` says why it cannot be read.

    `note`: what was normalised on the way, empty when the text was already canonical.
    """

    value: str
    note: str = ""
    fault: str = ""


def folded(text: str) -> str:
    """Full-width forms made half-width, all spaces and letter case gone: how labels are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("・", "·").casefold()


def _decimal(text: str) -> str | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return format(number, "f") if abs(number.adjusted()) <= _LARGEST_EXPONENT else None


def read_number(written: str) -> Reading:
    """A number as plain decimal text.

    Understood with a note: full-width digits, thousands separators in groups of three, scientific notation, plus sign,
    missing or leading zeros, a percent sign (note `percent`; the caller checks that the unit is %). Faults:
    `ambiguous_separator` (1,23 may be 1.23 or 123; 0,521 may be 0.521), `not_a_number`.
    """
    text = written.strip()
    if not text or _PLAIN.fullmatch(text):
        return Reading(text)
    half = unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()
    note = "full_width" if half != text else ""
    if half.endswith("%"):
        half, note = half[:-1].rstrip(), "percent"
    if "," in half:
        if not _THOUSANDS.fullmatch(half):
            fault = "ambiguous_separator" if re.fullmatch(r"[+-]?[0-9][0-9,.]*", half) else "not_a_number"
            return Reading(text, fault=fault)
        half, note = half.replace(",", ""), note or "thousands_separator"
    if _SCIENTIFIC.fullmatch(half):
        note = note or "scientific"
    elif not _NUMBER.fullmatch(half):
        return Reading(text, fault="not_a_number")
    value = _decimal(half)
    if value is None:
        return Reading(text, fault="not_a_number")
    return Reading(value, note or "rewritten")
