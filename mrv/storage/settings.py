"""What may be set for a home: a flag wins over a `TANHENG_*` variable, which wins over `tanheng.toml`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ENVIRONMENT_PREFIX = "TANHENG_"


class StorageFault(Exception):
    """A fault that the person at the keyboard can mend; `zh` and `en` are the words for them."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


class BadSetting(StorageFault):
    """A setting that is unknown or has a value it cannot take."""


@dataclass(frozen=True)
class Settings:
    """Settings of a home.

    `database_url`: empty for the SQLite file in the home, else `postgresql://…`. `prefect_api_url`: empty for running
    in process. `timezone`: name from the IANA database, for deadlines and the schedule. `batch_size` [plants]: how many
    are taken together, 1 or more. `retention_years` [a]: how long deposits are kept, 5 or more. `timestamp_authority`: address
    of an RFC 3161 authority, empty for none. `timestamp_ca`: file with its certificates (PEM), relative to the home.
    """

    database_url: str = field(default="", repr=False)  # may carry a password
    prefect_api_url: str = ""
    timezone: str = "Asia/Shanghai"
    batch_size: int = 100
    retention_years: int = 10
    timestamp_authority: str = ""
    timestamp_ca: str = ""

    def __post_init__(self) -> None:
        for name, least in (("batch_size", 1), ("retention_years", 5)):
            if getattr(self, name) < least:
                raise BadSetting(f"设置 {name} 不得小于 {least}", f"setting {name} must be {least} or more")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise BadSetting(f"未知时区：{self.timezone}", f"unknown time zone: {self.timezone}") from None

    def to_toml(self) -> str:
        """The text of `tanheng.toml`."""
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in vars(self).items()]
        return "\n".join(["# 设置 / Settings: docs/storage.md", *lines, ""])


def combine(toml: Mapping[str, Any], environment: Mapping[str, str], flags: Mapping[str, Any]) -> Settings:
    """Settings from the three sources; a flag that is None was not given. BadSetting names what cannot be taken."""
    kinds = {item.name: int if item.type is int else str for item in fields(Settings)}
    for name in (*toml, *flags):
        if name not in kinds:
            raise BadSetting(f"未知设置：{name}", f"unknown setting: {name}")
    variables = {name: environment.get(ENVIRONMENT_PREFIX + name.upper()) for name in kinds}
    given: dict[str, Any] = {}
    for source in (toml, variables, flags):
        given |= {name: _taken(name, kinds[name], value) for name, value in source.items() if value is not None}
    return replace(Settings(), **given)


def _taken(name: str, kind: type, value: Any) -> Any:
    words = f"设置 {name} 的值无效：{value!r}", f"setting {name} cannot be {value!r}"
    if isinstance(value, bool) or not isinstance(value, (kind, str)):
        raise BadSetting(*words)
    try:
        return kind(value)
    except ValueError:
        raise BadSetting(*words) from None
