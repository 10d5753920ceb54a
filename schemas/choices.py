"""The codes that several tables share, each with its label in Chinese and English."""

SECTORS = {
    "power": ("发电", "Power"),
    "cement": ("水泥", "Cement"),
    "aluminium": ("铝冶炼", "Aluminium"),
    "steel": ("钢铁", "Steel"),
}
METHODS = {
    "measured": ("实测值", "Measured"),
    "default": ("缺省值", "Default"),
    "calculated": ("计算值", "Calculated"),
}
PLAN_METHODS = {**METHODS, "design": ("设计值", "Design value")}
DEPARTMENTS = {
    "fuel": ("燃料", "Fuel"),
    "laboratory": ("化验", "Laboratory"),
    "operations": ("运行", "Operations"),
    "metering": ("计量", "Metering"),
    "carbon": ("碳排放管理", "Carbon management"),
}
ROLES = {
    "preparer": ("填报人", "Preparer"),
    "reviewer": ("审核人", "Reviewer"),
    "approver": ("批准人", "Approver"),
    "verifier": ("核查员", "Verifier"),
    "verifier_lead": ("核查组长", "Lead verifier"),
    "inspector": ("执法检查人员", "Inspector"),
    "auditor": ("审计人员", "Auditor"),
    "operator": ("运维人员", "Operator"),
}
ORIGINS = {"purchased": ("外购", "Purchased"), "own": ("自产", "Own")}
STATES = {"as_fired": ("入炉", "As fired"), "delivered": ("入厂", "Delivered")}
FC_SOURCES = {
    "belt_scale": ("皮带秤", "Belt scale"),
    "feeder": ("耐压式计量给煤机", "Weighing feeder"),
    "stock_balance": ("盘存", "Stock balance"),
    "flow_meter": ("流量计", "Flow meter"),
    "settlement": ("结算凭证", "Settlement vouchers"),
}
CARBON_SCHEMES = {
    "daily_own": ("每日检测·自行", "Daily, own laboratory"),
    "daily_commissioned": ("每日检测·委托", "Daily, commissioned laboratory"),
    "batch_own": ("每批次检测·自行", "Per batch, own laboratory"),
    "batch_commissioned": ("每批次检测·委托", "Per batch, commissioned laboratory"),
    "composite_own": ("月度缩分样·自行", "Monthly composite, own laboratory"),
    "composite_commissioned": ("月度缩分样·委托", "Monthly composite, commissioned laboratory"),
    "not_measured": ("未实测", "Not measured"),
}
UNIT_CLASSES = {
    "conventional_coal": ("常规燃煤", "Conventional coal"),
    "unconventional_coal": ("非常规燃煤", "Unconventional coal"),
    "gas": ("燃气", "Gas"),
    "oil": ("燃油", "Oil"),
    "igcc": ("IGCC", "IGCC"),
    "ccpp": ("CCPP", "CCPP"),
    "other": ("其他", "Other"),
}
PRODUCT_CLASSES = {"condensing": ("纯凝发电", "Condensing"), "chp": ("热电联产", "Combined heat and power")}
BOILER_TYPES = {
    "pulverised": ("煤粉炉", "Pulverised coal"),
    "cfb": ("循环流化床", "Circulating fluidised bed"),
    "other": ("其他", "Other"),
}
COOLING_MODES = {
    "water": ("水冷", "Water"),
    "air": ("空冷", "Air"),
    "back_pressure": ("背压（不填冷却方式）", "Back pressure"),
}
COMBUSTION_EQUIPMENT = {
    "cement_kiln": ("水泥窑", "Cement kiln"),
    "power_boiler": ("发电锅炉", "Power boiler"),
    "industrial_boiler": ("工业锅炉", "Industrial boiler"),
}
COKE_OVENS = {"top_charged": ("顶装", "Top-charged"), "stamp_charged": ("捣固", "Stamp-charged")}
EVENTS = {
    "stop": ("停机", "Stop"),
    "overhaul": ("检修", "Overhaul"),
    "restart": ("启动", "Restart"),
    "fuel_change": ("燃料变化", "Fuel change"),
    "meter_replacement": ("计量器具更换", "Meter replacement"),
}
MEDIA = {"steam": ("蒸汽", "Steam"), "water": ("热水", "Hot water")}
HEAT_ROUTES = {
    "boiler_direct": ("锅炉直接供热", "Direct from the boiler"),
    "turbine_direct": ("汽轮机直接供热", "Direct from the turbine"),
    "turbine_indirect": ("汽轮机间接供热（换热器）", "Through heaters"),
}
BASES = {
    "ar": ("收到基", "As received"),
    "ad": ("空气干燥基", "Air dry"),
    "d": ("干燥基", "Dry"),
}
QUALITIES = {
    "good": ("有效", "Good"),
    "estimated": ("估计", "Estimated"),
    "bad": ("无效", "Bad"),
}
READING_KINDS = {
    "register": ("累计表码", "Cumulative register"),
    "interval": ("时段用量", "Quantity per interval"),
}
YES_NO = {"yes": ("是", "Yes"), "no": ("否", "No")}
SEVERITIES = {
    "blocks": ("阻断", "Blocks"),
    "must_answer": ("须说明", "Must be answered"),
    "note": ("提示", "Note"),
}
CLASSES = {
    "completeness": ("完整性", "Completeness"),
    "format": ("格式", "Format"),
    "unit": ("单位", "Unit"),
    "consistency": ("一致性", "Consistency"),
    "calculation": ("计算", "Calculation"),
    "anomaly": ("异常", "Anomaly"),
    "evidence": ("证据", "Evidence"),
    "timeliness": ("时限", "Timeliness"),
}
LEVELS = {
    "total": ("计入企业合计", "Counts towards the enterprise"),
    "process": ("工序层级，不计入企业合计", "Process level, not added to the enterprise"),
    "cofiring": ("掺烧发电设施层级，不计入企业合计", "Co-firing power unit, not added to the enterprise"),
}
SOURCES = {
    "combustion": ("化石燃料燃烧", "Fossil fuel combustion"),
    "process": ("过程排放", "Process"),
    "product": ("固碳产品扣减", "Carbon in products"),
    "electricity": ("购入使用电量", "Purchased electricity"),
    "pfc": ("全氟化碳", "PFC"),
}
