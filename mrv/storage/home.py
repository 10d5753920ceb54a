"""A home: one directory that holds everything of one installation."""

import os
import tomllib
from collections.abc import Mapping
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


def _foreign(path: Path) -> bool:
    """Whether a directory holds more than what an interrupted `create` may have left there."""
    own = {folder.partition("/")[0] for folder in FOLDERS}
    return any(entry.name not in own and not entry.name.startswith(".") for entry in path.iterdir())
