"""Receipts as files: `mrv submit --receipts` and `mrv ledger prove -o`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mrv.cli.main import mrv
from mrv.ledger import offline_verifier
from tests.flows.homes import AS_OF, new_home
from tests.pipeline.plants import FIRST_GAS, JANUARY, filing


def run(*words: str) -> Result:
    result = CliRunner().invoke(mrv, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture(scope="module")
def submitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, object]]:
    """A home with one deposit, the folder of its receipts, and what submit printed."""
    folder = tmp_path_factory.mktemp("submitted")
    home = new_home(folder / "home")
    name, data = filing(FIRST_GAS, JANUARY)
    (folder / name).write_bytes(data)
    words = ["submit", str(folder / name), "--home", str(home), "--as-of", AS_OF.isoformat(), "--uploader", "李四"]
    told = run(*words, "--receipts", str(folder / "receipts"), "--json")
    assert told.exit_code in (0, 1)
    return home, folder / "receipts", json.loads(told.stdout)


def test_submit_writes_each_receipt_as_document_and_page(submitted: tuple[Path, Path, dict[str, object]]) -> None:
    _, receipts, told = submitted
    stem = f"{FIRST_GAS}-{JANUARY}-power-v1-{str(told['deposit_id'])[:8]}"
    assert sorted(path.name for path in receipts.iterdir()) == [f"{stem}.json", f"{stem}.pdf"]
    document = json.loads((receipts / f"{stem}.json").read_text(encoding="utf-8"))
    assert document == told["proof"]
    assert offline_verifier.check_receipt(document, [], [])["uploader"] == "李四"


def test_prove_writes_the_same_page_again(submitted: tuple[Path, Path, dict[str, object]], tmp_path: Path) -> None:
    home, receipts, told = submitted
    for suffix in (".pdf", ".json"):
        target = tmp_path / f"receipt{suffix}"
        words = ["ledger", "prove", str(told["deposit_id"]), "-o", str(target), "--home", str(home)]
        assert run(*words).exit_code == 0
        assert target.read_bytes() == next(receipts.glob(f"*{suffix}")).read_bytes()
    file = told["file"]
    assert isinstance(file, dict)
    other = tmp_path / "file.pdf"
    assert run("ledger", "prove", file["sha256"], "-o", str(other), "--home", str(home), "--lang", "en").exit_code == 0
    assert other.read_bytes().startswith(b"%PDF-")


def test_prove_knows_its_forms(submitted: tuple[Path, Path, dict[str, object]], tmp_path: Path) -> None:
    home, _, told = submitted
    words = ["ledger", "prove", str(told["deposit_id"]), "-o", str(tmp_path / "a.docx"), "--home", str(home), "--json"]
    refused = run(*words)
    assert refused.exit_code == 2 and json.loads(refused.stdout)["error"]["code"] == "no_such_form"
