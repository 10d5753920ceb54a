"""What ends a command that nobody foresaw in its own module, told in words: a wrong call, a file that cannot be used, a fault of storage."""

import os
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from mrv.cli.common import INTEGRITY, UNREADABLE, BadValue, refuse

REASONS = {
    "ENOENT": "文件或所在文件夹不存在",
    "ENOTDIR": "路径中有一级不是文件夹",
    "EISDIR": "这是文件夹，不是文件",
    "EACCES": "没有权限",
    "EPERM": "不允许此操作",
    "EROFS": "磁盘只读",
    "EEXIST": "已存在同名的文件或文件夹",
    "ENAMETOOLONG": "名称过长",
    "EBUSY": "正被其他程序使用",
    "ETXTBSY": "正被其他程序使用",
    "ENOTEMPTY": "文件夹不为空",
    "ELOOP": "链接指向自身",
    "EMFILE": "打开的文件过多",
    "ENFILE": "打开的文件过多",
}
# What click says of a wrong call, and the same in Chinese; a message that none of these knows is told as click has it.
CALLS = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"(?P<a>.+) is not one of (?P<b>.+)\.", "{a} 不是可选的值，可选：{b}"),
        (r"(?P<a>.+) is not (?P<b>'.+')\.", "{a} 不是可选的值，可选：{b}"),
        (r"File '(?P<a>.+)' does not exist\.", "文件 {a} 不存在，请核对路径"),
        (r"Directory '(?P<a>.+)' does not exist\.", "文件夹 {a} 不存在，请核对路径"),
        (r"Path '(?P<a>.+)' does not exist\.", "文件或文件夹 {a} 不存在，请核对路径"),
        (r"\w+ '(?P<a>.+)' is a file\.", "{a} 是文件，这里需要文件夹"),
        (r"\w+ '(?P<a>.+)' is a directory\.", "{a} 是文件夹，这里需要文件"),
        (r"\w+ '(?P<a>.+)' is not readable\.", "{a} 没有读取权限"),
        (r"\w+ '(?P<a>.+)' is not writable\.", "{a} 没有写入权限"),
        (r"(?P<a>.+) is not a valid integer( range)?\.", "{a} 不是整数"),
        (r"(?P<a>.+) is not a valid \w+( range)?\.", "{a} 不是数字"),
        (r"(?P<a>.+) is not in the range (?P<b>.+)\.", "{a} 不在范围 {b} 之内"),
        (r"(?P<a>.+) does not match the formats? (?P<b>.+)\.", "{a} 的写法不符，应为 {b}"),
        (r"Got unexpected extra arguments? \((?P<a>.+)\)", "多出了参数：{a}"),
        (r"No such command '?(?P<a>[^']+)'?\.", "没有命令 {a}"),
        (r"No such option:? '?(?P<a>[^'.]+)'?\.?", "没有选项 {a}"),
        (r"Missing command\.", "没有写明命令"),
        (r"Option '(?P<a>.+)' does not take a value\.", "选项 {a} 不带值"),
        (r"Option '(?P<a>.+)' requires .+\.", "选项 {a} 后面要写值"),
    )
)


def language(words: Sequence[str]) -> str:
    """The language a call asks for, also a call that cannot be understood otherwise."""
    said = f" {' '.join(words)} "
    return "en" if " --lang=en " in said or " --lang en " in said else "zh"


def end(error: Exception, words: Sequence[str]) -> NoReturn:
    """Ends the command whose words these were with what is to be said of the error; raises one that is a fault of the program."""
    from mrv.storage.durable import disk_fault
    from mrv.storage.evidence import IntegrityError
    from mrv.storage.settings import StorageFault

    lang, as_json = language(words), "--json" in words
    match error:
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            sys.exit(UNREADABLE)
        case click.UsageError():
            if error.ctx is not None and not as_json:
                click.echo(_usage(error.ctx, lang), err=True)
            refuse(lang, as_json, "usage", *_call(error))
        case click.ClickException():
            refuse(lang, as_json, "usage", error.format_message(), error.format_message())
        case IntegrityError():
            zh, en = f"存证内容与摘要不符：{error.zh}", f"Stored evidence does not match its hash: {error}"
            refuse(lang, as_json, "integrity", zh, en, INTEGRITY)
        case StorageFault():
            refuse(lang, as_json, "storage", error.zh, error.en)
        case OSError():
            if disk := disk_fault(error, _place(error)):
                refuse(lang, as_json, "storage", disk.zh, disk.en)
            refuse(lang, as_json, "not_accessible", *_file(error))
    raise error


def end_unforeseen(error: Exception, words: Sequence[str]) -> NoReturn:
    """Ends the command with a fault of the program itself, and the line of the program that whoever mends it needs."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {str(error).partition(chr(10))[0]} ({Path(last.filename).name}:{last.lineno})"
    refuse(
        language(words),
        "--json" in words,
        "program",
        f"程序本身出错，本次未完成：{what}。请把这一行和所用的命令告知维护人员。",
        f"The program itself failed and this was not done: {what}. Pass this line and the command on to whoever maintains it.",
    )


def _file(error: OSError) -> tuple[str, str]:
    """Which file, and why not; the words of a template that cannot be written, for reading too."""
    import errno

    reason = REASONS.get(errno.errorcode.get(error.errno or 0, ""), error.strerror or str(error))
    where = _place(error)
    if not where:
        return f"读写文件时出错：{reason}", f"A file could not be read or written: {error.strerror or error}"
    return (
        f"不能读写 {where}：请确认文件夹存在、有权限，且该文件没有被 Excel 或 WPS 打开（{reason}）",
        f"{where} cannot be read or written: see that the folder is there, that you may use it and that no program has the file "
        f"open ({error.strerror or error})",
    )


def _place(error: OSError) -> str:
    return os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else ""


def _usage(context: click.Context, lang: str) -> str:
    pieces = " ".join(context.command.collect_usage_pieces(context))
    path, helped = context.command_path, context.help_option_names[0]
    if lang == "en":
        return f"Usage: {path} {pieces}\nTry '{path} {helped}' for help.\n"
    return f"用法：{path} {pieces.replace('[OPTIONS]', '[选项]')}\n查看帮助：{path} {helped}\n"


def _call(error: click.UsageError) -> tuple[str, str]:
    """What is wrong with a call, in both languages."""
    en = error.format_message()
    if isinstance(error, click.MissingParameter):
        name, variable = _name(error), getattr(error.param, "envvar", None)
        zh = f"缺少{name}"
        if isinstance(error.param, click.Option) and isinstance(error.param.type, click.Choice):
            zh += f"，可选：{'、'.join(map(str, error.param.type.choices))}"
        if variable:
            zh += f"：请用它指定{str(error.param.help or '').partition(' /')[0]}，或设置环境变量 {variable}"  # type: ignore[union-attr]
            en = f"{en.rstrip('.')}. Give it, or set the variable {variable}."
        return zh, en
    zh = error.zh if isinstance(error, BadValue) else _translated(error.message)
    if isinstance(error, click.BadParameter):
        zh = f"{_name(error)} 有误：{zh}"
    if possible := getattr(error, "possibilities", None):
        zh += f"。是否要用：{'、'.join(sorted(possible))}"
    return zh, en


def _name(error: click.BadParameter) -> str:
    """What a parameter is called where it is written."""
    if isinstance(error.param, click.Option):
        return f"选项 {max(error.param.opts, key=len)}"
    return f"参数 {error.param.human_readable_name if error.param else error.param_hint or ''}".rstrip()


def _translated(message: str) -> str:
    for pattern, words in CALLS:
        if found := pattern.fullmatch(message):
            return words.format(**found.groupdict())
    return message
