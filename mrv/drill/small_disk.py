"""A real file system of a few megabytes, on which exactly so many pages can be left free.

It lives in a mount namespace of the process that made it, and of its children: nobody else sees it, and it is gone with the last of
them, however they end. Whoever may make name spaces of users needs no other right.
"""

import ctypes
import os
import shutil
from pathlib import Path

PAGE = 4096  # bytes
_NEW_MOUNTS, _NEW_USERS = 0x00020000, 0x10000000
_RECURSIVE, _PRIVATE = 0x4000, 0x40000
_DETACH = 2


class NotPermitted(Exception):
    """This process may mount nothing, not even for itself."""


class SmallDisk:
    """The file system, mounted at `root` by a process without threads. NotPermitted where the system does not let it.

    root : an empty directory ; size : bytes
    """

    def __init__(self, root: Path, size: int) -> None:
        self.root, self._filler = root, root / "filler"
        user, group = os.geteuid(), os.getegid()
        _call("unshare", _NEW_MOUNTS | (0 if user == 0 else _NEW_USERS))
        if user != 0:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"0 {user} 1")
            Path("/proc/self/gid_map").write_text(f"0 {group} 1")
        _call("mount", b"none", b"/", None, _RECURSIVE | _PRIVATE, None)
        _call("mount", b"tmpfs", os.fsencode(root), b"tmpfs", 0, f"size={size},huge=never".encode())

    def __enter__(self) -> "SmallDisk":
        return self

    def __exit__(self, *_: object) -> None:
        _call("umount2", os.fsencode(self.root), _DETACH)

    def free(self) -> int:
        """Pages that are free."""
        found = os.statvfs(self.root)
        return found.f_bavail * found.f_frsize // PAGE

    def leave(self, pages: int) -> None:
        """Fills the disk until so many pages are free. RuntimeError when that cannot be done."""
        self.make_room()
        with self._filler.open("wb") as handle:
            if self.free() > pages:
                os.posix_fallocate(handle.fileno(), 0, (self.free() - pages) * PAGE)
        if self.free() != pages:
            raise RuntimeError(f"{self.free()} pages are free instead of {pages}")

    def make_room(self) -> None:
        """Takes the filler away."""
        self._filler.unlink(missing_ok=True)

    def empty(self) -> None:
        """Takes everything away."""
        for entry in self.root.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()


def _call(name: str, *arguments: object) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise NotPermitted(f"{name}: {os.strerror(number)}")
