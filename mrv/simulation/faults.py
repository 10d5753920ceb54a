"""All planted faults, and the page that lists them."""

from mrv.simulation.demo_plants import DEMO_PLANTS
from mrv.simulation.editing import Editor
from mrv.simulation.industry_fault_list import INDUSTRY_FAULTS
from mrv.simulation.industry_plants import DEMO_INDUSTRY
from mrv.simulation.model import PlantedFault, PlantYears
from mrv.simulation.number_faults import NUMBER_FAULTS
from mrv.simulation.paper_faults import PAPER_FAULTS
from schemas.choices import SECTORS
from schemas.vocabulary import FUELS, MATERIALS, PARAMETERS, fuel_of


def plant_faults(clean: PlantYears) -> tuple[PlantYears, list[PlantedFault]]:
    """The demonstration with its planted faults, and where they are, sorted by plant, month and rule.

    `clean` is what `demo` returns, for any seed; it is left untouched.
    """
    editor = Editor(clean)
    planted = [plant(editor) for plant in (*NUMBER_FAULTS, *PAPER_FAULTS, *INDUSTRY_FAULTS)]
    return PlantYears(editor.tables), sorted(planted, key=lambda fault: (fault.plant_id, fault.month, fault.rule))


def _subject(fault: PlantedFault) -> tuple[str, str]:
    parameter = PARAMETERS.get(fault.parameter)
    zh = " ".join(part for part in (fault.unit_id, _stream(fault)) if part) or "—"
    en = parameter.en if parameter else fault.parameter.replace("_", " ")
    return zh, en or "—"


def _stream(fault: PlantedFault) -> str:
    """The Chinese name of the fuel or material of a fault, empty where it concerns no stream."""
    name = fuel_of(fault.stream_id)
    if name in FUELS:
        return FUELS[name].zh
    sectors = (plant.sector for plant in DEMO_INDUSTRY if plant.plant_id == fault.plant_id)
    return next((MATERIALS[sector, name].zh for sector in sectors if (sector, name) in MATERIALS), "")


def readme(faults: list[PlantedFault]) -> str:
    """The page `data/demo/README.md`: the plants and the planted faults, in Chinese and English."""
    lines = [
        "# 演示数据 / Demonstration data",
        "",
        "全部为种子化合成数据；企业、人员、检测机构、编号均为虚构。`mrv demo` 由 `mrv.simulation` 生成，同一种子得到同样的字节。",
        "",
        "All of it is synthetic and seeded; plants, people, laboratories and numbers are invented. `mrv demo` makes it with",
        "`mrv.simulation`; the same seed gives the same bytes.",
        "",
        "## 企业 / Plants",
        "",
        "| 编号 / id | 行业 / sector | 名称 / name | 说明 / what |",
        "|---|---|---|---|",
    ]
    parts = [("power", plant) for plant in DEMO_PLANTS] + [(plant.sector, plant) for plant in DEMO_INDUSTRY]
    for sector, plant in sorted(parts, key=lambda part: part[1].plant_id):
        (zh, en), (sector_zh, sector_en) = plant.description, SECTORS[sector]
        lines.append(
            f"| {plant.plant_id} | {sector_zh}<br>{sector_en} | {plant.name}<br>{plant.name_en} | {zh}<br>{en} |"
        )
    lines += [
        "",
        f"## 植入的差错 / Planted faults ({len(faults)})",
        "",
        "每个差错都标明应当发现它的规则；有的差错会连带触发其他规则。其余数据互相吻合。",
        "",
        "Each fault names the rule that must find it; some have consequences that other rules see as well. Everything else agrees.",
        "",
        "| 企业 / plant | 月份 / month | 对象 / where | 项目 / item | 规则 / rule | 差错 / fault |",
        "|---|---|---|---|---|---|",
    ]
    for fault in faults:
        where, item = _subject(fault)
        lines.append(
            f"| {fault.plant_id} | {fault.month} | {where} | {item} | {fault.rule} | {fault.zh}<br>{fault.en} |"
        )
    return "\n".join(lines) + "\n"
