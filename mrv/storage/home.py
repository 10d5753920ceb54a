"""A home: one directory that holds everything of one installation."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mrv.storage import durable
from mrv.storage.settings import BadSetting, Settings, StorageFault, combine

SETTINGS_FILE = "tanheng.toml"
FOLDERS = (
    *("evidence", "lake", "published", "restricted", "keys", "prefect"),
    *("inbox/new", "inbox/done", "inbox/refused"),
)
PRIVATE = ("restricted", "keys")  # leads and signing keys: for the owner of the process alone


class NotAHome(StorageFault):
    """The directory is not a home."""


class StoreMissing(StorageFault):
    """The control store of a home is gone, while what belongs to it is there."""


class HomeExists(StorageFault):
    """A home cannot be created where something stands already."""


@dataclass(frozen=True)
class Home:
    """The places of a home. Making one touches nothing; use `Home.open` or `Home.create`."""

    path: Path
    settings: Settings = field(default_factory=Settings)

    @classmethod
    def create(cls, path: Path, settings: Settings | None = None) -> "Home":
        """A new home in an absent or empty directory; HomeExists when anything stands there.

        The settings file is written last: until then the directory is not a home, and creating may be tried again.
        """
        path = Path(path).absolute()
        if path.is_file() or (path.is_dir() and _foreign(path)):
            raise HomeExists(f"目录已存在且不为空：{path}", f"something stands there already: {path}")
        home = cls(path, settings or Settings())
        for folder in FOLDERS:
            durable.make_directories(path / folder)
        for folder in PRIVATE:
            (path / folder).chmod(0o700)
        durable.write(home.settings_file, home.settings.to_toml().encode())
        home.settings_file.chmod(0o600)  # the database address may carry a password
        return home

    @classmethod
    def open(
        cls, path: Path, flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
    ) -> "Home":
        """An existing home with its settings; `flags` win over the environment, which wins over the file.

        Raises NotAHome where there is none, BadSetting where the settings cannot be taken.
        """
        path = Path(path).absolute()
        file = path / SETTINGS_FILE
        if not file.is_file():
            raise NotAHome(
                f"{path} 不是碳衡数据目录（缺少 {SETTINGS_FILE}）。请用 --home 指定，或用 mrv demo --home DIR 新建。",
                f"{path} is not a Tanheng home (no {SETTINGS_FILE}). Name one with --home, "
                "or make one: mrv demo --home DIR.",
            )
        try:
            written = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadSetting(f"{file} 无法读取：{error}", f"{file} cannot be read: {error}") from None
        settings = combine(written, os.environ if environment is None else environment, flags or {})
        home = cls(path, settings)
        for folder in FOLDERS:  # git and backup tools drop empty directories
            durable.make_directories(path / folder)
        return home

    @property
    def settings_file(self) -> Path:
        return self.path / SETTINGS_FILE

    @property
    def control_database(self) -> Path:
        return self.path / "control.db"

    @property
    def database_url(self) -> str:
        """Address of the control store: the setting, else the SQLite file of the home."""
        return self.settings.database_url or f"sqlite:///{self.control_database}"

    def require_store(self) -> None:
        """StoreMissing where the SQLite file is gone though the home holds what was deposited; a home never opened holds nothing.

        SQLite would make an empty store, beside which nothing that was deposited is missed.
        """
        prefix = "sqlite:///"
        store = Path(self.database_url.removeprefix(prefix).partition("?")[0])
        if not self.database_url.startswith(prefix) or _has_bytes(store) or _has_bytes(Path(f"{store}-wal"), store):
            return
        held = [name for name in ("evidence", "keys", "lake") if any(_files_in(self.path / name))]
        if held:
            raise StoreMissing(
                f"存证库 {store} 不存在或是空的，而 {self.path} 的 {'、'.join(held)} 中已有内容。没有新建空库。"
                "请把原来的存证库（连同 -wal 文件）放回原处，或用 mrv restore 由备份恢复到新目录。",
                f"The control store {store} is gone or empty, while {' and '.join(held)} of {self.path} hold something. No new "
                "store was made. Put the store back (with its -wal file), or restore a backup to a new directory: mrv restore.",
            )

    @property
    def evidence(self) -> Path:
        return self.path / "evidence"

    @property
    def lake(self) -> Path:
        return self.path / "lake"

    @property
    def published(self) -> Path:
        return self.path / "published"

    @property
    def restricted(self) -> Path:
        return self.path / "restricted"

    @property
    def inbox_new(self) -> Path:
        return self.path / "inbox" / "new"

    @property
    def inbox_done(self) -> Path:
        return self.path / "inbox" / "done"

    @property
    def inbox_refused(self) -> Path:
        return self.path / "inbox" / "refused"

    @property
    def prefect(self) -> Path:
        return self.path / "prefect"

    @property
    def keys(self) -> Path:
        return self.path / "keys"


def _has_bytes(*files: Path) -> bool:
    """Whether these files are there, and the first of them is not empty."""
    return all(file.is_file() for file in files) and files[0].stat().st_size > 0


def _files_in(folder: Path) -> Iterator[Path]:
    """Files of a folder; names that begin with a dot are locks and pieces of what was being written."""
    return (entry for entry in folder.rglob("*") if entry.is_file() and not entry.name.startswith("."))


def _foreign(path: Path) -> bool:
    """Whether a directory holds more than what an interrupted `create` may have left there."""
    own = {folder.partition("/")[0] for folder in FOLDERS}
    return any(entry.name not in own and not entry.name.startswith(".") for entry in path.iterdir())
