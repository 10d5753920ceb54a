"""`mrv restore`: a home from a backup, verified to the last byte."""

import os
from pathlib import Path

import click

from mrv.cli.common import INTEGRITY, local_time, output_options, print_json, refuse, say


@click.command("restore", short_help="由备份恢复 / restore a backup")
@click.argument("place", metavar="BACKUP", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--home",
    "home_path",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="新数据目录，须不存在或为空 / new home, absent or empty",
)
@click.option(
    "--database-url", default="", help="存证库地址，默认为目录内的 SQLite / where the control store shall lie"
)
@output_options
def command(place: Path, home_path: Path, database_url: str, as_json: bool, lang: str) -> None:
    """由备份恢复：逐一核对文件，对照清单中的检查点全面审计账本，全部相符才就位。

    Restore a backup: every file held against the manifest, the ledger audited against its checkpoint, and only then in place.
    """
    from mrv.pipeline.backup_restore import restore
    from mrv.storage.evidence import IntegrityError
    from mrv.storage.home import Home
    from mrv.storage.settings import StorageFault

    try:
        made = restore(place, home_path, os.environ, database_url)
    except StorageFault as fault:
        refuse(lang, as_json, "not_restored", fault.zh, fault.en)
    except IntegrityError as error:
        refuse(
            lang,
            as_json,
            "integrity",
            f"备份已损坏或被改动，未恢复：{error.zh}",
            f"The backup is damaged or was changed, nothing was restored: {error}",
            INTEGRITY,
        )
    if as_json:
        counts = {name: getattr(made.audit, name) for name in ("leaves", "files", "checkpoints", "trail")}
        print_json(
            {
                **{"home": str(made.home), "made_at": made.made_at, "tables": made.tables, "evidence": made.evidence},
                **{"audit": counts, "with_keys": made.with_keys},
                "unchecked": [one.document() for one in made.audit.unchecked],
            }
        )
        return
    made_at = local_time(made.made_at, Home.open(made.home))
    say(
        lang,
        f"✓ 已恢复 {made_at} 的备份到 {made.home}",
        f"✓ Backup of {made_at} is at {made.home}",
        fg="green",
    )
    say(
        lang,
        f"  存证 {made.tables.get('deposit', 0)}，原始文件 {made.evidence}；账本条目 {made.audit.leaves}、"
        f"检查点 {made.audit.checkpoints}，审计全部相符",
        f"  {made.tables.get('deposit', 0)} deposits, {made.evidence} files; {made.audit.leaves} leaves, "
        f"{made.audit.checkpoints} checkpoints, the audit found nothing amiss",
    )
    for one in made.audit.unchecked:
        say(lang, f"! {one.message['zh']}", f"! {one.message['en']}", fg="yellow")
    say(lang, f"  下一步：mrv rebuild --home {made.home}", f"  Next: mrv rebuild --home {made.home}")
