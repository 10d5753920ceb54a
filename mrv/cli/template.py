"""`mrv template`: the workbook to fill."""

from pathlib import Path

import click
import pandas as pd

from emission_factors import NoRuleSet
from mrv.cli.common import MONTH, output_options, print_json, refuse, say
from mrv.cli.plants import no_sector
from mrv.pipeline.register_file import BadRegister, read_register
from mrv.reporting.template import template
from mrv.reporting.template_rows import template_rows
from schemas import TABLES
from schemas.choices import SECTORS


@click.command("template", short_help="填报工作簿 / the workbook to fill")
@click.argument("sector", type=click.Choice(sorted(SECTORS)))
@click.option(
    "--plant", "plant", required=True, help="企业编号，或企业信息文件（TOML） / plant id, or plant file (TOML)"
)
@click.option("--month", required=True, type=MONTH, help="填报月份 / month")
@click.option(
    "--home",
    "home_path",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="TANHENG_HOME",
    help="数据目录 / home",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到 / write to")
@output_options
def command(
    sector: str, plant: str, month: str, home_path: Path | None, output: Path, as_json: bool, lang: str
) -> None:
    """生成填报工作簿：机组、燃料、上月值已预填。Write the workbook, prefilled from the register."""
    register, previous = _register(plant, home_path, month, lang, as_json)
    if not len(register["plant"]):
        refuse(lang, as_json, "unknown_plant", f"没有企业 {plant} 的档案", f"No register of plant {plant}")
    facilities = register["facility"]
    try:
        rows = template_rows(register["unit"], sector, month, facilities)
        if not rows:
            no_sector(plant, sector, lang, as_json)
        register_frames = (register["plant"], register["unit"], register["meter"])
        data = template(*register_frames, sector, month, previous, rows, facilities=facilities)
    except NoRuleSet:
        label = SECTORS[sector]
        refuse(
            lang,
            as_json,
            "no_template",
            f"{label[0]}行业在 {month} 还没有适用的核算规则，不能生成工作簿",
            f"No rules of the sector {label[1]} are in force in {month}; no workbook can be made",
        )
    except ValueError as fault:
        refuse(
            lang,
            as_json,
            "no_template",
            f"不能生成工作簿，请更正企业档案中的燃料、原料与产品：{fault}",
            f"No workbook can be made; correct the fuels and materials of the register: {fault}",
        )
    output.write_bytes(data)
    if as_json:
        print_json(
            {"file": str(output), "plant_id": register["plant"]["plant_id"].iloc[0], "month": month, "sector": sector}
        )
    else:
        say(
            lang,
            f"已写入 {output}。填好后运行：mrv check {output}",
            f"Written to {output}. Fill it, then: mrv check {output}",
        )


def _register(
    plant: str, home_path: Path | None, month: str, lang: str, as_json: bool
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame] | None]:
    """Register frames of one plant from a TOML file or a home, and the plant's earlier filings from the home."""
    empty = {
        name: pd.DataFrame({c: pd.Series(dtype="str") for c in TABLES[name].names})
        for name in ("plant", "unit", "facility", "meter")
    }
    path = Path(plant)
    if path.is_file():
        try:
            return empty | read_register(path.read_bytes()), None
        except BadRegister as fault:
            refuse(lang, as_json, "bad_register", fault.zh, fault.en)
    if home_path is None:
        refuse(
            lang,
            as_json,
            "no_register",
            "请用 --home 指定数据目录，或让 --plant 指向企业信息文件（TOML）",
            "Give --home, or let --plant name a plant file (TOML)",
        )
    from mrv.cli.homes import opened
    from mrv.pipeline.deposit import registers
    from mrv.storage.lake import Lake

    with opened(home_path, lang, as_json) as (home, control):
        register = {name: frame[frame["plant_id"] == plant] for name, frame in registers(control).items()}
        years = [int(month[:4]) - 1, int(month[:4])]
        earlier = {name: Lake(home.lake).read(name, years, [plant]) for name in ("parameter", "meter_total")}
    return empty | register, earlier
