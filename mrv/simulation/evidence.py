"""Evidence files a deposit must carry: which parameter needs which, and small bytes that stand for each."""

import hashlib

from mrv.simulation.model import Book

# kind of file: (ending, what it is)
KINDS = {
    "coal_ledger": ("pdf", "入炉煤消耗量原始记录和台账（盖章）"),
    "carbon_report": ("pdf", "元素碳检测报告（CMA/CNAS）及原始记录（盖章）"),
    "moisture_daily": ("pdf", "每日全水原始记录（盖章）"),
    "moisture_weighting": ("csv", "月度加权全水计算表"),
    "heat_value_daily": ("pdf", "每日低位发热量原始记录（盖章）"),
    "heat_value_weighting": ("csv", "月度加权低位发热量计算表"),
    "stock_ledger": ("pdf", "购销存台账（盖章）"),
    "oil_ledger": ("pdf", "燃油消耗台账（盖章）"),
    "gas_ledger": ("pdf", "天然气消耗台账（盖章）"),
    "gas_quality": ("pdf", "供应商气质检测报告（盖章）"),
    "biomass_ledger": ("pdf", "生物质燃料消耗台账（盖章）"),
    "production_report": ("pdf", "发电生产情况月报（盖章）"),
    "heat_calculation": ("csv", "供热量计算表"),
    "heat_settlement": ("pdf", "供热结算凭证（盖章）"),
    "electricity_statement": ("pdf", "上网电量结算单（盖章）"),
    "electricity_purchased": ("pdf", "购入电量抄表记录和结算单（盖章）"),
    "boiler_heat": ("pdf", "锅炉产热量报表（盖章）"),
    "boiler_efficiency_test": ("pdf", "锅炉效率试验报告（CMA）"),
    "oxidation_rate": ("pdf", "全国碳排放管理平台导出的碳氧化率"),
    "industry_ledger": ("pdf", "燃料购销存台账（盖章）及计量器具检定证书"),
    "heat_value_report": ("pdf", "低位发热量检测报告（CMA/CNAS，盖章）"),
    "material_ledger": ("pdf", "原料与含碳产品购销存台账（盖章）"),
    "industry_production": ("pdf", "产品生产台账（盖章）及计量器具检定证书"),
    "electricity_meter": ("pdf", "电量抄表记录（盖章）"),
    "oxide_analysis": ("pdf", "熟料化学分析报告"),
    "cell_record": ("csv", "电解槽运行记录"),
    "anode_ledger": ("pdf", "预焙阳极消耗台账（盖章）"),
    "anode_analysis": ("pdf", "阳极分析报告（盖章）"),
    "process_fuel_in": ("pdf", "工序燃料输入记录（盖章）"),
    "process_fuel_out": ("pdf", "工序燃料输出记录（盖章）"),
    "hot_metal_analysis": ("pdf", "铁水成分分析报告"),
}


def file_name(unit_id: str, stream_id: str, month: str, kind: str) -> str:
    """Name of an evidence file, unique within the plant."""
    return f"{month}_{unit_id}_{stream_id.replace('#', '-') or 'unit'}_{kind}.{KINDS[kind][0]}"


def attach(book: Book, unit_id: str, stream_id: str, month: str, kind: str, *parameters: str) -> str:
    """List one evidence file under each parameter it backs; returns the file name."""
    name = file_name(unit_id, stream_id, month, kind)
    digest = hashlib.sha256(content(book.plant_id, month, name)).hexdigest()
    for parameter in parameters:
        book.write(
            "evidence", unit_id=unit_id, stream_id=stream_id, month=month, parameter=parameter, evidence_file=name,
            description=KINDS[kind][1], evidence_sha256=digest,
        )  # fmt: skip
    return name


def content(plant_id: str, month: str, name: str) -> bytes:
    """Bytes of an evidence file: the same for the same plant, month and name, different otherwise."""
    line = f"{plant_id} {month} {name} synthetic evidence"
    return _pdf(line) if name.endswith(".pdf") else f"# 合成数据 synthetic\r\n{line}\r\n".encode("utf-8-sig")


def _pdf(line: str) -> bytes:
    """A one-page PDF with one line of ASCII text."""
    stream = f"BT /F1 10 Tf 40 780 Td ({line}) Tj ET".encode("ascii")
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    document, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(document)
    return document + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer
