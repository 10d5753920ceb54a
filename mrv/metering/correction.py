"""Conservative correction of a quantity whose meter was not calibrated as planned (保守性原则)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

FUEL, PRODUCTION = "fuel", "production"
_SIGN = {FUEL: 1, PRODUCTION: -1}


def _one(
    reading: Decimal | None, specified: Decimal | None, calibrated: Decimal | None, covered: Any, period: Any, sign: int
) -> Decimal | None:
    if reading is None or specified is None or covered is None or period is None:
        return None
    if not 0 <= covered <= period or not period:
        raise ValueError(f"covered {covered} of a period of {period}")
    if covered and calibrated is None:
        return None
    beyond = max(calibrated - specified, Decimal(0)) if covered and calibrated is not None else Decimal(0)
    error = Decimal(covered) * beyond + Decimal(period - covered) * specified
    return reading + sign * reading * error / (100 * Decimal(period))


_CORRECT = np.frompyfunc(_one, 6, 1)


def correct(reading: Any, specified: Any, calibrated: Any, covered: Any, period: Any, kind: str) -> Any:
    """Corrected quantity by CETS-VG-01.01-V02 3.4.1.1 (fuel) and 3.4.1.4 (power and heat).

    `reading` R in any unit, `specified` accuracy p [%], `calibrated` accuracy q [%], of which `covered` out of `period`
    (days, or hours, or anything both are counted in) lie within a valid calibration; Decimals, whole numbers or object
    arrays of one shape. `kind` is `fuel` (corrected upwards) or `production` (power and heat, corrected downwards).

    On time and within specification R; on time and beyond it R x [1 ± (q - p)]; not calibrated (`covered` 0) R x (1 ±
    p); calibrated late: each part of the period by its own case, in proportion to its length. Exact, unrounded;
    `None` where R or p is absent, or q although part of the period is covered. Raises `ValueError` when `covered` is
    not within 0 and `period`, or for another kind.
    """
    if kind not in _SIGN:
        raise ValueError(f"{kind!r} is neither {FUEL!r} nor {PRODUCTION!r}")
    return _CORRECT(reading, specified, calibrated, covered, period, _SIGN[kind])


def covered_days(month: str, calibrated_on: str, valid_to: str) -> tuple[int, int]:
    """Days of a month (`YYYY-MM`) within a calibration, both ends counted, and days of the month.

    The dates are canonical text; with either absent no day is covered.
    """
    first = date.fromisoformat(month + "-01")
    following = (first + timedelta(days=31)).replace(day=1)
    days = (following - first).days
    if not calibrated_on or not valid_to:
        return 0, days
    begin = max(first, date.fromisoformat(calibrated_on))
    end = min(following - timedelta(days=1), date.fromisoformat(valid_to))
    return max((end - begin).days + 1, 0), days
