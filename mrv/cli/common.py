"""What commands share: options, reading files, printing in the chosen language."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

import click

from schemas.file_name import plain_name
from schemas.shapes import PATTERNS

if TYPE_CHECKING:  # `mrv check` needs no home and loads none
    from mrv.storage.home import Home

OK, BLOCKED, UNREADABLE, INTEGRITY = 0, 1, 2, 3


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--json` and `--lang`, which every command takes."""
    command = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="输出语言 / output language")(
        command
    )
    return click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档 / print one JSON document")(command)


def home_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--home DIR`, or the variable TANHENG_HOME."""
    return click.option(
        "--home",
        "home_path",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="TANHENG_HOME",
        required=True,
        help="数据目录 / home directory",
    )(command)


class BadValue(click.BadParameter):
    """A value that cannot be taken, in both languages."""

    def __init__(self, zh: str, en: str, param: click.Parameter | None, ctx: click.Context | None) -> None:
        super().__init__(en, ctx, param)
        self.zh = zh


class Day(click.ParamType):
    """A day written YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            zh, en = f"{value!r} 不是日期（YYYY-MM-DD）", f"{value!r} is not a day (YYYY-MM-DD)"
            raise BadValue(zh, en, param, ctx) from None


DAY = Day()


class Month(click.ParamType):
    """A month written YYYY-MM."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(PATTERNS["month"], value):
            raise BadValue(f"{value!r} 不是月份（YYYY-MM）", f"{value!r} is not a month (YYYY-MM)", param, ctx)
        return str(value)


MONTH = Month()


class Period(click.ParamType):
    """A month written YYYY-MM, or a year written YYYY."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(f"{PATTERNS['month']}|[0-9]{{4}}", value):
            raise BadValue(
                f"{value!r} 不是月份（YYYY-MM）或年度（YYYY）",
                f"{value!r} is not a month (YYYY-MM) or a year (YYYY)",
                param,
                ctx,
            )
        return str(value)


PERIOD = Period()


def files_of(paths: Iterable[Path]) -> list[tuple[str, bytes]]:
    """Name (in plain text) and bytes of each file; folders give the files in them, in order of name."""
    files = []
    for path in paths:
        inside = sorted(entry for entry in path.iterdir() if entry.is_file()) if path.is_dir() else [path]
        files += [(plain_name(entry.name), entry.read_bytes()) for entry in inside]
    return files


def given_files(paths: Sequence[Path], lang: str, as_json: bool) -> list[tuple[str, bytes]]:
    """As `files_of`; folders without a single file end the command, for nothing said of nothing looks like a clean bill."""
    files = files_of(paths)
    if not files:
        zh, en = "、".join(map(str, paths)), ", ".join(map(str, paths))
        refuse(
            lang,
            as_json,
            "no_files",
            f"{zh} 中没有文件（不进入下级文件夹）；请指定文件，或直接存放文件的文件夹",
            f"There is no file in {en} (folders inside are not entered); name files, or the folder they lie in",
        )
    return files


def local_time(moment: str | datetime, home: "Home") -> str:
    """A moment as a person reads it: where the plants are, to the second. In JSON it stays as it is kept, in UTC."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(ZoneInfo(home.settings.timezone)).strftime("%Y-%m-%d %H:%M:%S")


def say(lang: str, zh: str, en: str, **style: Any) -> None:
    """One line in the chosen language."""
    click.secho(zh if lang == "zh" else en, **style)


def print_json(document: Any) -> None:
    """The one JSON document of a command."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def refuse(lang: str, as_json: bool, code: str, zh: str, en: str, status: int = UNREADABLE) -> NoReturn:
    """End a command that cannot do its work, in words (or as a JSON error), with the status of the contract."""
    if as_json:
        print_json({"error": {"code": code, "message": {"zh": zh, "en": en}}})
    else:
        click.secho(zh if lang == "zh" else en, fg="red", err=True)
    sys.exit(status)
