"""The annotated copies of `mrv check --annotate`: where they go, and what may not be overwritten."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from mrv.cli.common import refuse, say
from mrv.pipeline.check import CheckOutcome

ENDING = ".xlsx"  # of a workbook and of a CSV alike


def write_copies(
    paths: Sequence[Path],
    given: list[tuple[str, bytes]],
    outcome: CheckOutcome,
    target: Path,
    lang: Literal["zh", "en"],
    as_json: bool,
) -> list[Path]:
    """Writes the annotated copy of each workbook or CSV among the files of `paths`, and returns where they are.

    target : a file for a single copy, a folder for any number. Ends the command where that does not fit, or is one of the inputs.
    """
    from mrv.pipeline.annotated import annotated

    results = annotated(given, outcome, lang)
    folder = target.is_dir() or not target.suffix
    if not folder and target.suffix.lower() != ENDING:
        refuse(
            lang,
            as_json,
            "no_such_form",
            f"批注副本是 {ENDING} 工作簿，不能写成 {target}；请改为 {target.with_suffix(ENDING)}，或给出文件夹",
            f"The annotated copy is a workbook {ENDING} and cannot be {target}; use {target.with_suffix(ENDING)}, or name a folder",
        )
    if not folder and len(results) > 1:
        refuse(
            lang,
            as_json,
            "several_copies",
            f"有 {len(results)} 个批注副本，不能都写成 {target}；请在 --annotate 后给出文件夹",
            f"There are {len(results)} annotated copies, which cannot all be {target}; let --annotate name a folder",
        )
    copies = {target / name if folder else target: data for name, data in results}
    inputs = [one for path in paths for one in (path.iterdir() if path.is_dir() else [path])]
    for copy in copies:
        if copy.exists() and any(copy.samefile(path) for path in inputs):
            refuse(
                lang,
                as_json,
                "would_overwrite",
                f"{copy} 就是所检查的文件，原文件不能被批注副本覆盖；请为 --annotate 另取文件名",
                f"{copy} is a file that is being checked and is never overwritten; give --annotate another name",
            )
    if copies and folder:
        target.mkdir(parents=True, exist_ok=True)
    for copy, data in copies.items():
        copy.write_bytes(data)
    return list(copies)


def tell_copies(copies: list[Path], lang: str, as_json: bool) -> None:
    """Says what was written; beside a JSON document, which has standard output to itself, on standard error."""
    for copy in copies:
        say(lang, f"已写入批注副本 {copy}", f"annotated copy written to {copy}", err=as_json)
    if not copies:
        zh = "没有写批注副本：所给文件中没有能读取的工作簿或 CSV（zip 中的文件不批注）"
        en = "no annotated copy was written: none of the files is a workbook or CSV that can be read (a zip is not annotated)"
        say(lang, zh, en, fg="yellow", err=True)
