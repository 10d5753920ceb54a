"""Exact decimals in object arrays: text to `Decimal`, and rounding half-up. Missing is `None`, never NaN."""

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, overload

import numpy as np
import pandas as pd

_PARSE = np.frompyfunc(lambda text: None if text is None or text == "" else Decimal(text), 1, 1)


def _absent(value: Any) -> bool:
    return value is None or value is pd.NA or value == "" or value != value  # only NaN differs from itself


def objects(values: Iterable[Any]) -> np.ndarray:
    """An object array of shape (n,) of the values as they are; numpy never looks inside them."""
    if isinstance(values, pd.Series):
        return values.to_numpy(dtype=object)
    if isinstance(values, np.ndarray):
        return values.astype(object)
    items = list(values)
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def to_decimal(texts: Iterable[Any]) -> np.ndarray:
    """Text of a canonical column as exact decimals.

    Takes a sequence or Series of shape (n,) of decimal text; `""`, `None` and NaN mean absent. Integers and `Decimal`
    are taken as they are. Returns an object array of shape (n,) of `Decimal`, `None` where absent. Raises `ValueError`
    on text that is not a finite number and `TypeError` on a float: both are for programmers, the schema check comes
    before.
    """
    array = objects(texts)
    kinds = set(map(type, array))
    if not kinds <= {str, int, Decimal}:  # the common case, text only, must not pay for this
        array = array.copy()
        array[np.frompyfunc(_absent, 1, 1)(array).astype(bool)] = None
        foreign = set(map(type, array)) - {str, int, Decimal, type(None)}
        if foreign:
            names = sorted(kind.__name__ for kind in foreign)
            raise TypeError(f"canonical numbers are exact decimal text, not {names}")
    try:
        numbers = _PARSE(array)
    except InvalidOperation as error:
        raise ValueError("a text is not a decimal number") from error
    if not all(map(Decimal.is_finite, filter(None, numbers))):
        raise ValueError("a text is not a finite number")
    return numbers


@lru_cache(maxsize=32)
def _rounder(places: int) -> Callable[[Any], Any]:
    quantum = Decimal(1).scaleb(-places)

    def one(value: Decimal | None) -> Decimal | None:
        return None if value is None else value.quantize(quantum, ROUND_HALF_UP)

    return np.frompyfunc(one, 1, 1)


@overload
def round_half_up(value: Decimal, places: int) -> Decimal: ...
@overload
def round_half_up(value: None, places: int) -> None: ...
@overload
def round_half_up(value: np.ndarray, places: int) -> np.ndarray: ...
def round_half_up(value: Any, places: int) -> Any:
    """Round half away from zero (四舍五入) at `places` decimals.

    A `Decimal` gives a `Decimal`; an object array of any shape gives one of the same shape; `None` stays `None`.
    `places` may be negative (tens, hundreds). Raises `decimal.InvalidOperation` when the result needs more than 28
    digits.
    """
    return _rounder(places)(value)


def is_absent(values: np.ndarray) -> np.ndarray:
    """Where an object array holds `None`, as booleans of the same shape."""
    return np.frompyfunc(lambda value: value is None, 1, 1)(values).astype(bool)


def elementwise(function: Callable[..., Any], inputs: int) -> Callable[..., Any]:
    """A formula on single `Decimal`s made to work on object arrays that broadcast together; `None` in, `None` out."""

    def one(*values: Any) -> Any:
        for value in values:
            if value is None:
                return None
        return function(*values)

    return np.frompyfunc(one, inputs, 1)


def plain_text(values: Iterable[Decimal | None]) -> list[str]:
    """Decimals as canonical text, `""` for None: never an exponent, no zeros after the last digit that counts."""
    return ["" if value is None else _plain(value) for value in values]


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
