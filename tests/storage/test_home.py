"""A home is made, found again, and takes its settings in the order flag, variable, file."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from mrv.storage import durable
from mrv.storage.control import Control
from mrv.storage.home import Home, HomeExists, NotAHome, StoreMissing
from mrv.storage.settings import BadSetting, Settings, combine


def test_a_new_home_has_its_places_and_is_found_again(tmp_path: Path) -> None:
    made = Home.create(tmp_path / "数据 目录", Settings(batch_size=7, timezone="Asia/Urumqi"))
    found = Home.open(made.path, environment={})
    assert found == made
    assert found.settings.batch_size == 7
    places = (
        *(found.evidence, found.lake, found.published, found.restricted, found.keys, found.prefect),
        *(found.inbox_new, found.inbox_done, found.inbox_refused),
    )
    assert all(place.is_dir() for place in places)
    assert found.settings_file.name == "tanheng.toml"
    assert found.database_url == f"sqlite:///{made.path}/control.db"


def test_keys_and_leads_are_closed_to_other_accounts(home: Home) -> None:
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.restricted.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.settings_file.stat().st_mode) == 0o600


def test_an_ordinary_directory_is_no_home_and_says_so_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(NotAHome) as fault:
        Home.open(tmp_path)
    assert "不是碳衡数据目录" in fault.value.zh
    assert "not a Tanheng home" in fault.value.en
    assert not list(tmp_path.iterdir())


def test_a_home_is_never_made_over_something(tmp_path: Path, home: Home) -> None:
    with pytest.raises(HomeExists):
        Home.create(home.path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.docx").write_text("x")
    with pytest.raises(HomeExists):
        Home.create(tmp_path / "other")


def test_creating_may_be_repeated_after_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "write", full)
        with pytest.raises(OSError, match="no space"):
            Home.create(tmp_path / "home")
    with pytest.raises(NotAHome):
        Home.open(tmp_path / "home")
    assert Home.open(Home.create(tmp_path / "home").path, environment={}).lake.is_dir()


def test_a_flag_wins_over_a_variable_which_wins_over_the_file() -> None:
    file = {"batch_size": 10, "timezone": "Asia/Urumqi", "retention_years": 6}
    variables = {"TANHENG_BATCH_SIZE": "20", "TANHENG_TIMEZONE": "Asia/Shanghai"}
    settings = combine(file, variables, {"batch_size": 30, "timezone": None})
    assert (settings.batch_size, settings.timezone, settings.retention_years) == (30, "Asia/Shanghai", 6)


def test_the_variable_names_another_control_store(home: Home) -> None:
    opened = Home.open(home.path, environment={"TANHENG_DATABASE_URL": "postgresql://u:secret@host/tanheng"})
    assert opened.database_url == "postgresql://u:secret@host/tanheng"
    assert "secret" not in repr(opened)


@pytest.mark.parametrize(
    ("file", "variables"),
    [
        ({"batchsize": 1}, {}),
        ({"batch_size": 0}, {}),
        ({"batch_size": True}, {}),
        ({"batch_size": 2.5}, {}),
        ({"timezone": 8}, {}),
        ({"timezone": "Asia/Beijing City"}, {}),
        ({"retention_years": 4}, {}),
        ({}, {"TANHENG_BATCH_SIZE": "many"}),
    ],
)
def test_a_setting_that_cannot_be_taken_is_named(file: dict[str, object], variables: dict[str, str]) -> None:
    with pytest.raises(BadSetting) as fault:
        combine(file, variables, {})
    assert fault.value.zh != fault.value.en


def test_a_broken_settings_file_is_a_fault_with_words(home: Home) -> None:
    home.settings_file.write_text("batch_size = = 1")
    with pytest.raises(BadSetting, match=r"tanheng\.toml"):
        Home.open(home.path, environment={})


def test_a_store_that_is_gone_is_not_replaced_by_an_empty_one(home: Home) -> None:
    Control.open(home).close()  # a home never opened before, and once more after it was
    Control.open(home).close()
    for folder in (home.evidence / "ab", home.keys, home.lake / "finding"):
        folder.mkdir(exist_ok=True)
        kept = folder / "kept"
        kept.write_bytes(b"bytes")
        for file in home.path.glob("control.db*"):
            file.unlink()
        with pytest.raises(StoreMissing, match="mrv restore"):
            Control.open(home)
        assert not home.control_database.exists()
        home.control_database.touch()
        with pytest.raises(StoreMissing):
            Control.open(home)
        kept.unlink()
        (folder / ".lock").touch()
        Control.open(home).close()  # nothing is held: killed before the first opening
    (home.evidence / "kept").write_bytes(b"bytes")
    home.control_database.unlink()
    replace(home, settings=Settings(database_url="postgresql://u:p@host/tanheng")).require_store()
    other = replace(home, settings=Settings(database_url=f"sqlite:///{home.path}/elsewhere.db"))
    with pytest.raises(StoreMissing, match=r"elsewhere\.db"):
        Control.open(other)
