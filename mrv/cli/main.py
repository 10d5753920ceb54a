"""The group of commands, and how a fault of the call or of the program is told."""

import gc
import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from mrv.cli.common import say
from mrv.cli.faults import end, end_unforeseen, language

INTERRUPTED = 130  # as of a shell: 128 and the number of the signal

# command -> (module, one line of help): the module is imported when the command runs.
COMMANDS = {
    "demo": ("demo", "建立演示目录并运行全流程 / Build a demo home and run the pipeline"),
    "template": ("template", "生成月度填报工作簿 / Write the monthly workbook to fill"),
    "workbook": ("workbook", "供热量、煤质加权计算表 / The heat and coal calculation sheets to deposit"),
    "check": ("check", "离线检查填报文件 / Check filings offline"),
    "submit": ("submit", "存证并打印回执 / Deposit files and print the receipt"),
    "diff": ("diff", "逐字段比较两个版本 / Compare two versions field by field"),
    "findings": ("findings", "检查结果、存续状态与备注 / Findings, their lives and remarks"),
    "deadlines": ("deadlines", "期限 / Deadlines"),
    "platform": ("platform", "全国平台：登记、查看、比较 / The national platform: record, show, compare"),
    "plan": ("plan", "数据质量控制方案 / The data quality control plan"),
    "draft": ("draft", "企业内部填报、审核、批准 / Parts, review and approval inside the plant"),
    "person": ("person", "人员与分配 / People and assignments"),
    "ingest-meters": ("ingest_meters", "导入表计读数 / Take meter readings"),
    "run": ("run", "在本进程内运行流程 / Run the pipeline in this process"),
    "report": ("report", "年度排放报告 / The annual report"),
    "explain": ("explain", "追溯一个数字的来源 / Trace a number to its cells"),
    "ledger": ("ledger", "账本：审计、证明、验证回执 / The ledger: audit, prove, verify receipts"),
    "backup": ("backup", "备份数据目录 / Back up a home"),
    "restore": ("restore", "由备份恢复 / Restore a backup"),
    "rebuild": ("rebuild", "重建数据湖与发布文件 / Make lake and publication anew"),
    "rules": ("rules", "规则目录 / The catalogue of rules"),
    "factors": ("factors", "排放因子表 / Emission factor tables"),
    "serve": ("serve", "夜间定时运行 / Run the nightly schedule"),
    "bench": ("bench", "性能基准 / Benchmarks"),
}


class Commands(click.Group):
    """A group whose commands are modules of this package."""

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """As click's own, but a wrong call, a file that cannot be used and a fault of storage end it in words, or as JSON."""
        words = sys.argv[1:] if args is None else list(args)
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, False, **extra)
        try:
            sys.exit(super().main(args, prog_name, complete_var, False, **extra))
        except click.Abort:
            say(language(words), "已中断。", "Interrupted.", err=True)
            sys.exit(INTERRUPTED)
        except Exception as error:
            end(error, words)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        return importlib.import_module(f"mrv.cli.{COMMANDS[name][0]}").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令 / Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="tanheng", prog_name="mrv")
def mrv() -> None:
    """碳衡 Tanheng：碳市场数据质量流水线 / data quality for emissions monitoring, reporting and verification."""


def main() -> None:
    """Entry point. Exit status: 0 nothing blocks, 1 findings that block, 2 unreadable input or wrong call, 3 integrity failure."""
    # Importing pandas makes a million small objects that live to the end; looking for cycles among them every 700 costs a
    # tenth of a check.
    gc.set_threshold(200_000, 20, 50)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        mrv()
    except Exception as error:
        end_unforeseen(error, sys.argv[1:])
