"""`mrv backup`: a copy of everything that cannot be made again, while the home is at work."""

from pathlib import Path

import click

from mrv.cli.common import home_option, output_options, print_json, refuse, say
from mrv.cli.homes import now, opened


@click.command("backup", short_help="备份 / back up a home")
@home_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="目录，或 .tar 文件 / a directory, or a file *.tar",
)
@click.option("--with-keys", is_flag=True, help="连同签名密钥 / the signing keys too")
@output_options
def command(home_path: Path, output: Path, with_keys: bool, as_json: bool, lang: str) -> None:
    """备份数据目录：账本与存证记录、原始文件、设置（不含密码）。备份时可以照常存证。

    Back up a home: records and ledger, evidence, settings without passwords. Deposits may go on meanwhile.
    """
    from mrv.pipeline.backup import backup

    with opened(home_path, lang, as_json) as (home, control):
        try:
            made = backup(home, control, output, now(), with_keys)
        except FileExistsError:
            refuse(lang, as_json, "exists", f"已存在：{output}", f"Something stands there already: {output}")
    manifest = made.manifest
    size = manifest["checkpoint"]["size"] if manifest["checkpoint"] else 0
    total = sum(entry["size"] for entry in manifest["files"].values())
    if as_json:
        print_json(
            {
                **{"place": str(made.place), "manifest_sha256": made.manifest_sha256, "files": len(manifest["files"])},
                **{"bytes": total, "tables": manifest["tables"], "checkpoint": manifest["checkpoint"]},
                "with_keys": with_keys,
            }
        )
        return
    say(lang, f"✓ 备份已写入 {made.place}", f"✓ Backup written to {made.place}", fg="green")
    say(
        lang,
        f"  文件 {len(manifest['files'])}，{total:,} 字节；检查点 {size} 条",
        f"  {len(manifest['files'])} files, {total:,} bytes; checkpoint of {size} leaves",
    )
    say(
        lang,
        f"  清单 SHA-256（请另行保存）{made.manifest_sha256}",
        f"  SHA-256 of the manifest (keep it elsewhere) {made.manifest_sha256}",
    )
    if not with_keys:
        say(
            lang,
            "  未含签名密钥：恢复后以新密钥签名，旧回执仍可验证",
            "  Without the signing keys: a restored home signs with new ones, old receipts stay valid",
            dim=True,
        )
