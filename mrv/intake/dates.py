"""Readers of dates, months and times as people and machines write them."""

import datetime as dt
import re
import unicodedata

import numpy as np
import pandas as pd

from mrv.intake.reading import Reading

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
_SEPARATED = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_CHINESE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]")
_COMPACT = re.compile(r"([12][0-9]{3})([01][0-9])([0-3][0-9])")
_SERIAL = re.compile(r"[2-7][0-9]{4}(\.[0-9]+)?")  # 1954 to 2119
_MONTH = re.compile(r"([0-9]{4})(?:[-/]([0-9]{1,2})|\.([0-9]{2})|年([0-9]{1,2})月份?|([01][0-9]))")
_TIME = re.compile(
    r"(?:[Tt]|\s+|(?<=[日号]))([0-9]{1,2})(?:[:时]([0-9]{1,2}))?(?:[:分]([0-9]{1,2})(?:\.([0-9]+))?)?[时分秒]?"
)
_COMPACT_TIME = re.compile(r"([0-9]{8})[Tt ]?([0-9]{2})([0-9]{2})([0-9]{2})?")
_OFFSET = re.compile(r"\s*(Z|z|UTC|[+-][0-9]{2}:?(?:[0-9]{2})?)$")
_ISO_SECONDS = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"


def _date(text: str) -> tuple[dt.date, int] | None:
    """The date at the start of `text` and where it ends."""
    for pattern in (_SEPARATED, _CHINESE, _COMPACT):
        if match := pattern.match(text):
            year, month, day = (int(part) for part in match.groups() if part.isdecimal())
            try:
                return dt.date(year, month, day), match.end()
            except ValueError:
                return None
    return None


def _from_serial(text: str, date1904: bool) -> dt.date:
    epoch = dt.date(1904, 1, 1) if date1904 else dt.date(1899, 12, 30)
    return epoch + dt.timedelta(days=int(float(text)))


def read_date(written: str, date1904: bool = False) -> Reading:
    """`YYYY-MM-DD`. Understands 2026-01-05, 2026/1/5, 2026.1.5, 2026年1月5日, 20260105 and Excel day numbers.

    Faults: `not_a_date`; an order of day and month that could be read two ways (5/1/2026) is never guessed.
    """
    text = written.strip()
    half = unicodedata.normalize("NFKC", text)
    if not text:
        return Reading("")
    if _SERIAL.fullmatch(half):
        return Reading(_from_serial(half, date1904).isoformat(), "day_number")
    found = _date(half)
    if found is None:
        return Reading(text, fault="not_a_date")
    date, end = found
    rest = half[end:]
    if not rest:
        return Reading(date.isoformat(), "full_width" if half != text else "")
    if _TIME.fullmatch(rest):
        return Reading(date.isoformat(), "time_dropped" if re.search(r"[1-9]", rest) else "")
    return Reading(text, fault="not_a_date")


def read_month(written: str, date1904: bool = False) -> Reading:
    """`YYYY-MM`. Understands 2026-01, 2026/1, 2026年1月, 202601, 2026.01, and any date within the month.

    2026.1 is a fault (`not_a_month`): a workbook writes October 2026.10 the same way.
    """
    text = written.strip()
    half = unicodedata.normalize("NFKC", text)
    if not text:
        return Reading("")
    if match := _MONTH.fullmatch(half):
        number = int(next(part for part in match.groups()[1:] if part))
        if 1 <= number <= 12:
            return Reading(f"{match[1]}-{number:02d}", "full_width" if half != text else "")
    day = read_date(half, date1904)
    if day.fault:
        return Reading(text, fault="not_a_month")
    return Reading(day.value[:7], "" if day.value.endswith("-01") else "day_dropped")


def read_timestamp(written: str) -> Reading:
    """A moment in UTC, `YYYY-MM-DDTHH:MM:SSZ`; without an offset it is Asia/Shanghai time.

    24:00 is 00:00 of the next day. Faults: `not_a_time`.
    """
    text = written.strip()
    half = unicodedata.normalize("NFKC", text)
    if not text:
        return Reading("")
    refused = Reading(text, fault="not_a_time")
    zone: dt.tzinfo | None = SHANGHAI
    # The day part also has hyphens; an offset can only follow it.
    if offset := _OFFSET.search(half, 10):
        zone, half = _zone(offset[1]), half[: offset.start()]
    if zone is None:
        return refused
    if match := _COMPACT_TIME.fullmatch(half):
        half = f"{match[1]} {match[2]}:{match[3]}:{match[4] or '00'}"
    found = _date(half)
    if found is None:
        return refused
    date, end = found
    clock = _TIME.fullmatch(half[end:]) if half[end:] else None
    if clock is None:
        return refused if half[end:] else _moment(date, 0, 0, 0, "", zone, refused)
    hours, minutes, seconds = (int(part or 0) for part in clock.groups()[:3])
    return _moment(date, hours, minutes, seconds, (clock[4] or "").rstrip("0"), zone, refused)


def _zone(text: str) -> dt.tzinfo | None:
    """The zone of an offset, None when there is no such offset."""
    if text.upper() in {"Z", "UTC"}:
        return dt.UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        return None
    delta = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-delta if text[0] == "-" else delta)


def _moment(
    date: dt.date, hours: int, minutes: int, seconds: int, fraction: str, zone: dt.tzinfo, refused: Reading
) -> Reading:
    end_of_day = hours == 24 and minutes == seconds == 0 and not fraction
    if not end_of_day and (hours > 23 or minutes > 59 or seconds > 59):
        return refused
    try:
        moment = dt.datetime.combine(date, dt.time(), zone) + dt.timedelta(
            hours=hours, minutes=minutes, seconds=seconds
        )
        utc = moment.astimezone(dt.UTC)
    except (OverflowError, ValueError):
        return refused
    return Reading(utc.strftime("%Y-%m-%dT%H:%M:%S") + (f".{fraction}" if fraction else "") + "Z")


def fast_timestamps(texts: pd.Series) -> pd.Series:
    """UTC text for the texts in full ISO form with one offset each (or none), empty text for all others."""
    clean = texts.str.fullmatch(_ISO_SECONDS + r"(Z|[+-][0-9]{2}:[0-9]{2})?")
    out = pd.Series("", index=texts.index, dtype="str")
    offsets = texts.where(clean, "").str.slice(19)
    for offset in sorted(offsets[clean].unique()):
        chosen = clean & (offsets == offset)
        local = texts[chosen].str.slice(0, 19).str.replace("T", " ", regex=False)
        moments = pd.to_datetime(local, format="%Y-%m-%d %H:%M:%S", errors="coerce")
        shift = _zone(offset) if offset else SHANGHAI
        if shift is None:
            continue
        utc = moments.to_numpy().astype("datetime64[s]") - np.timedelta64(int(_seconds(shift)), "s")
        written = pd.Series(np.datetime_as_string(utc, unit="s"), index=local.index, dtype="str")
        # A day that does not exist (31 June, 24:00) goes the exact way, which knows what to say.
        out[local.index[~moments.isna()]] = (written + "Z")[~moments.isna()]
    return out


def _seconds(zone: dt.tzinfo) -> float:
    offset = zone.utcoffset(None)
    return offset.total_seconds() if offset else 0.0


def local_months(utc: pd.Series) -> pd.Series:
    """The month in Asia/Shanghai that an interval ending at `utc` belongs to; 00:00 belongs to the day before."""
    moments = pd.to_datetime(utc.str.slice(0, 19), format="%Y-%m-%dT%H:%M:%S", errors="coerce")
    local = moments + pd.Timedelta(hours=8) - pd.Timedelta(seconds=1)
    months = np.datetime_as_string(local.to_numpy().astype("datetime64[M]"), unit="M")
    return pd.Series(np.where(moments.isna(), "", months), index=utc.index, dtype="str")
