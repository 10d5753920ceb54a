"""Filing zips: several tables, a workbook, and the evidence that the rows name."""

import hashlib
import json
from collections.abc import Callable

import openpyxl

from mrv.intake import Intake, Refusal, read_file

Pack = Callable[[dict[str, bytes]], bytes]
PDF = b"%PDF-1.7 report"
EVIDENCE = (
    "企业编号,机组编号,燃料或物料,月份,对应参数,文件名\n"
    "P001,G1,烟煤,2026-01,消耗量,皮带秤.csv\n"
    "P001,G1,烟煤,2026-01,收到基元素碳含量,report.pdf\n"
    "P001,G1,,2026-01,发电量,absent.pdf\n"
)
COAL = "plant_id,unit_id,stream_id,day,fuel_consumption\nP001,G1,bituminous_coal,2026-01-05,1400\n"


def taken(data: bytes) -> Intake:
    intake = read_file("filing.zip", data)
    assert isinstance(intake, Intake), intake
    assert sum(len(frame) for frame in intake.tables.values()) == (intake.rows["disposition"] == "accepted").sum()
    return intake


def test_tables_and_evidence_find_each_other(zipped: Pack, filing: str) -> None:
    log = b"t,kg\n1,2\n3,4\n"
    data = zipped(
        {
            "parameter.csv": filing.encode(),
            "daily_coal.csv": COAL.encode("gb18030"),
            "evidence.csv": EVIDENCE.encode(),
            "附件/report.pdf": PDF,
            "附件/皮带秤.csv": log,
            "notes.csv": b"hello;world\n",
            "__MACOSX/._x": b"litter",
        }
    )
    intake = taken(data)
    assert intake.kind == "filing_zip"
    assert {name: len(frame) for name, frame in intake.tables.items()} == {
        "parameter": 3,
        "daily_coal": 1,
        "evidence": 3,
    }
    assert intake.tables["evidence"]["evidence_sha256"].tolist() == [
        hashlib.sha256(log).hexdigest(),
        hashlib.sha256(PDF).hexdigest(),
        "",
    ]
    assert intake.attachments == {"附件/report.pdf": PDF, "附件/皮带秤.csv": log}
    assert set(intake.tables["daily_coal"]["sheet"]) == {"daily_coal.csv"}
    # neither a table nor evidence that a row names: its one row is counted
    assert intake.rows[intake.rows["reason"] == "unknown_sheet"]["sheet"].tolist() == ["notes.csv"]
    # tables without a sector column belong to the plant's only sector in the file
    assert set(intake.rows.loc[intake.rows["table"] == "daily_coal", "sector"]) == {"power"}


def test_a_stated_hash_that_is_not_the_files(zipped: Pack, filing: str) -> None:
    stated = EVIDENCE.replace("文件名\n", "文件名,evidence_sha256\n").replace(
        "report.pdf\n", f"report.pdf,{'0' * 64}\n"
    )
    data = zipped({"parameter.csv": filing.encode(), "evidence.csv": stated.encode(), "report.pdf": PDF})
    intake = taken(data)
    told = {(one["code"], one["cell"]): json.loads(one["params"])["kind"] for one in intake.faults.to_dict("records")}
    assert told == {
        ("SCH-10", "R3C7"): "hash_differs",
        ("SCH-21", "R2C6"): "file_absent",
        ("SCH-21", "R4C6"): "file_absent",
    }
    assert intake.tables["evidence"]["evidence_sha256"].tolist()[1] == hashlib.sha256(PDF).hexdigest()


def test_names_packed_on_a_chinese_windows(filing: str) -> None:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("parameter.csv", filing)
        info = zipfile.ZipInfo("AAAA.pdf")
        archive.writestr(info, PDF)
    data = out.getvalue().replace(b"AAAA.pdf", "检测".encode("gb18030") + b".pdf")
    assert list(taken(data).attachments) == ["检测.pdf"]


def test_a_workbook_with_its_evidence(
    zipped: Pack, book: Callable[..., openpyxl.Workbook], saved: Callable[[openpyxl.Workbook], bytes]
) -> None:
    data = zipped({"存证.xlsx": saved(book()), "evidence.csv": EVIDENCE.encode(), "report.pdf": PDF})
    intake = taken(data)
    assert intake.template == ("tanheng-power", "1")
    assert intake.tables["parameter"]["cell"].tolist() == ["D2", "D3", "D4"]
    assert set(intake.tables["parameter"]["file_sha256"]) == {intake.sha256}
    assert "report.pdf" in intake.attachments


def test_a_zip_without_a_table_is_refused(zipped: Pack) -> None:
    refusal = read_file("x.zip", zipped({"photo.png": b"\x89PNG", "x.csv": b"a,b\n1,2\n"}))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "no_known_table"
