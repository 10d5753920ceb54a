"""Text to whole numbers and back, column by column: quantities as integers of 10^-n, instants as microseconds.

Sums of floats depend on the order of the rows; sums of integers do not. Arrow parses the text, numpy adds the
integers, and where 64 bits could overflow Python's unbounded integers take over, so every result is exact.
"""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

HOUR = 3_600_000_000  # [µs]
DAY = 24 * HOUR
# Asia/Shanghai has kept UTC+8 without summer time since 1992, before any reading this market asks for.
SHANGHAI = 8 * HOUR
SAFE = 2**62  # any sum below this leaves int64 room to spare


def arrow(column: pd.Series) -> pa.Array:
    """A text column as one Arrow array."""
    array = pa.array(column, from_pandas=True)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.cast(pa.large_string())


def scaled(texts: pd.Series) -> tuple[np.ndarray, int]:
    """Decimal text as whole numbers of 10^-places: `(numbers, places)`, places being the most digits written.

    Up to 38 digits in all. The numbers are int64 where no sum over all rows, doubled, can overflow, else an object
    array of Python integers. Raises `ValueError` on text that is not a decimal number or is absent.
    """
    if not len(texts):
        return np.zeros(0, dtype=np.int64), 0
    array = arrow(texts)
    if array.null_count:
        raise ValueError("a value is absent; the schema check comes before")
    point = pc.find_substring(array, ".")
    digits = pc.if_else(pc.equal(point, -1), 0, pc.subtract(pc.subtract(pc.binary_length(array), 1), point))
    places = int(pc.max(digits).as_py())
    decimals = array.cast(pa.decimal128(38, places))
    # Arrow keeps a decimal128 as its unscaled 128-bit integer, low word first: that integer is what is wanted.
    words = np.frombuffer(decimals.buffers()[1], dtype="<i8").reshape(-1, 2)[decimals.offset :][: len(decimals)]
    low, high = words[:, 0].copy(), words[:, 1]
    if (high == low >> 63).all() and max(int(low.max()), -int(low.min())) * 2 * len(low) < SAFE:
        return low, places
    return (high.astype(object) << 64) + low.view(np.uint64).astype(object), places


def whole(value: Decimal) -> tuple[int, int]:
    """One decimal as `(number, places)` with value = number · 10^-places."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is not a finite number")
    number = int("".join(map(str, digits))) * 10 ** max(exponent, 0)
    return (-number if sign else number), max(-exponent, 0)


def plain(number: int, places: int) -> str:
    """`number · 10^-places` as canonical text without an exponent or padding zeros."""
    digits = str(abs(number)).zfill(places + 1)
    text = (digits[: len(digits) - places] + "." + digits[len(digits) - places :]).rstrip("0").rstrip(".")
    return "-" + text if number < 0 else text


plain_array = np.frompyfunc(plain, 2, 1)


def instants(texts: pd.Series) -> np.ndarray:
    """ISO 8601 instants with an offset or `Z` as int64 microseconds since 1970 UTC. Raises `ValueError` otherwise."""
    return arrow(texts).cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_numpy()


def instant_text(instant: np.ndarray) -> np.ndarray:
    """Microseconds since 1970 UTC as `YYYY-MM-DDTHH:MM:SSZ`, with a fraction only where there is one; object array."""
    distinct, place = np.unique(instant, return_inverse=True)
    words = np.datetime_as_string(distinct.astype("datetime64[us]"), unit="us").astype(object)
    texts = np.array([word.rstrip("0").rstrip(".") + "Z" for word in words] + [""], dtype=object)[:-1]
    return texts[place]


def month_ending(end: np.ndarray) -> np.ndarray:
    """Month (Asia/Shanghai, months since 1970-01) of intervals by their end: 00:00 belongs to the day before."""
    return month_opening(end - 1)


def month_opening(start: np.ndarray) -> np.ndarray:
    """Month (Asia/Shanghai, months since 1970-01) of intervals by their start."""
    return (start + SHANGHAI).astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)


def month_start(month: np.ndarray) -> np.ndarray:
    """The instant a month begins in Asia/Shanghai [µs since 1970 UTC]."""
    return month.astype("datetime64[M]").astype("datetime64[us]").astype(np.int64) - SHANGHAI


def month_text(month: np.ndarray) -> np.ndarray:
    """Months since 1970-01 as `YYYY-MM`; object array."""
    return np.datetime_as_string(month.astype("datetime64[M]")).astype(object)


def hours_text(duration: np.ndarray) -> list[str]:
    """Durations [µs] as hours, rounded half-up to two decimals."""
    return [plain((int(each) * 200 + HOUR) // (2 * HOUR), 2) for each in duration]
