"""`mrv rebuild`: lake, publication and reports made anew from what was deposited."""

import sys
from datetime import date
from pathlib import Path

import click

from mrv.cli.common import BLOCKED, DAY, INTEGRITY, OK, home_option, output_options, print_json, refuse, say
from mrv.cli.homes import opened

# How a file differs, as `differences` of the JSON document name it.
DIFFERENCES = {"missing": "缺失", "changed": "内容不同", "unexpected": "多出", "unreadable": "无法读取"}


@click.command("rebuild", short_help="重建数据湖与发布文件 / make lake and publication anew")
@home_option
@click.option(
    "--as-of", type=DAY, help="检查日期，默认与最近一次夜间运行相同 / day of judgement, by default as the last night"
)
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), help="写到此空目录 / write to this empty directory"
)
@click.option(
    "--verify", is_flag=True, help="只比对，不改动；有差异时退出状态 3 / compare only; status 3 when anything differs"
)
@output_options
def command(home_path: Path, as_of: date | None, into: Path | None, verify: bool, as_json: bool, lang: str) -> None:
    """由存证记录、原始文件和程序重建数据湖、发布文件与年度报告，并与现有文件逐一比对。

    Make lake, publication and annual reports anew from records, evidence and program, and compare with what is there.
    """
    from mrv.pipeline.rebuild import rebuild
    from mrv.storage.settings import StorageFault

    with opened(home_path, lang, as_json) as (home, control):
        try:
            made = rebuild(home, control, as_of, into, verify)
        except StorageFault as fault:
            refuse(lang, as_json, "not_rebuilt", fault.zh, fault.en)
    if as_json:
        print_json(
            {
                **{"as_of": made.as_of.isoformat(), "plants": made.plants, "meter_files": made.meter_files},
                **{"equal": not made.differences, "differences": list(made.differences), "failures": made.failures},
            }
        )
    else:
        say(
            lang,
            f"重建 {made.as_of}：企业 {made.plants} 家，表计文件 {made.meter_files} 份",
            f"Made anew as of {made.as_of}: {made.plants} plants, {made.meter_files} meter files",
        )
        for entry in made.differences:
            click.secho(f"✗ {_difference(entry, lang)}", fg="red")
        for plant, reason in sorted(made.failures.items()):
            say(lang, f"✗ {plant} 计算失败：{reason}", f"✗ {plant} failed: {reason}", fg="red")
        if not made.differences:
            say(lang, "✓ 与现有文件完全相同", "✓ The same as what is there", fg="green")
        elif into is not None:
            say(lang, f"已写入 {into}", f"Written to {into}")
        elif not verify:
            say(lang, "✓ 已以重建的文件替换", "✓ Replaced by what was made anew", fg="green")
    if verify and made.differences:
        sys.exit(INTEGRITY)
    sys.exit(BLOCKED if made.failures else OK)


def _difference(entry: str, lang: str) -> str:
    """A difference in the language asked for."""
    place, _, how = entry.rpartition(": ")
    return f"{place}：{DIFFERENCES[how]}" if lang == "zh" and how in DIFFERENCES else entry
