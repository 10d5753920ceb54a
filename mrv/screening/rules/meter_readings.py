"""Readings that a meter sent and that could not all be used. Raised while meter files are read."""

from mrv.screening.rule import Rule, Text
from schemas.choices import SECTORS

ALL = frozenset(SECTORS)
REGISTER = "计量器具登记 / meter register"
FILES = "表计时序数据 / meter reading files"

RULES: tuple[Rule, ...] = (
    Rule(
        code="MTR-01",
        title=Text("同一时刻读数矛盾", "Contradicting readings"),
        severity="must_answer",
        kind="consistency",
        basis=(FILES,),
        sectors=ALL,
        message=Text(
            "表计 {item} 有 {count} 条读数与同一时刻的另一读数不同，首次为 {first}（{value}），均未采用。",
            "Meter {item}: {count} readings differ from another of the same instant, first at {first} ({value}); none was used.",
        ),
        why=Text(
            "同一时刻只能有一个读数；系统不替企业选择以哪一个为准。",
            "There is one reading at one instant; the program does not choose for the plant.",
        ),
        fix=Text(
            "请核对数据采集系统，只重新提交正确的读数。",
            "Check the data acquisition and submit the right readings only.",
        ),
    ),
    Rule(
        code="MTR-02",
        title=Text("读数单位不符", "Readings in another unit"),
        severity="blocks",
        kind="unit",
        basis=(REGISTER,),
        sectors=ALL,
        message=Text(
            "表计 {item} 有 {count} 条读数的计量单位为“{value}”，登记的单位为“{expected}”，均未采用。",
            "Meter {item}: {count} readings are in “{value}”, the meter is registered in “{expected}”; none was used.",
        ),
        why=Text("系统从不自行换算单位。", "Units are never converted silently."),
        fix=Text(
            "请按登记的单位重新导出读数，或更正计量器具登记。",
            "Export in the unit of the register, or correct the register.",
        ),
    ),
    Rule(
        code="MTR-03",
        title=Text("时段重叠", "Overlapping intervals"),
        severity="must_answer",
        kind="consistency",
        basis=(REGISTER, FILES),
        sectors=ALL,
        message=Text(
            "表计 {item} 有 {count} 处相邻读数只相隔 {value} 分钟，短于登记的采集间隔 {expected} 分钟。",
            "Meter {item}: {count} readings follow the one before after {value} min, less than the interval of {expected} min.",
        ),
        why=Text(
            "时段用量的时段若重叠，同一用量会被计算两次。",
            "Where intervals overlap, a quantity is counted twice.",
        ),
        fix=Text("请核对采集间隔登记和读数的时间标签。", "Check the interval in the register and the time stamps."),
    ),
    Rule(
        code="MTR-04",
        title=Text("时段用量为负", "Negative quantity of an interval"),
        severity="must_answer",
        kind="format",
        basis=(FILES,),
        sectors=ALL,
        message=Text(
            "表计 {item} 有 {count} 条时段用量为负，首次为 {first}（{value}），均未采用。",
            "Meter {item}: {count} quantities of an interval are negative, first at {first} ({value}); none was used.",
        ),
        why=Text(
            "时段用量不会是负数；多为采集故障，或把双向电量的差额当作用量。",
            "A quantity of an interval is never negative: a fault of the acquisition, or a net of two directions.",
        ),
        fix=Text("请核对采集系统后重新提交这些时段的读数。", "Check the acquisition and submit these readings again."),
    ),
    Rule(
        code="MTR-05",
        title=Text("整月没有可用读数", "A month without usable readings"),
        severity="must_answer",
        kind="completeness",
        basis=(REGISTER, FILES),
        sectors=ALL,
        message=Text(
            "表计 {item} 在 {period} 没有任何可用读数，该月用量无法由表计得出。",
            "Meter {item} has no usable reading in {period}: the meter gives no quantity for the month.",
        ),
        why=Text(
            "缺失的用量不会按零或估计值补上；填报值因此没有表计可以核对。",
            "A missing quantity is never filled with zero or a guess; the filed value has no meter to be compared with.",
        ),
        fix=Text(
            "请补交该月读数；确无读数的，请按数据质量控制方案说明缺失数据的处理。",
            "Submit the readings, or explain the treatment of missing data of the control plan.",
        ),
    ),
)
