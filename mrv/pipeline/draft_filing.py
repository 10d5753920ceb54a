"""One filing zip out of the parts of several departments: same parts, same bytes."""

import io
import zipfile
from collections.abc import Mapping

from mrv.intake.archive import unpack
from mrv.intake.refusal import Deadline
from mrv.intake.result import Limits
from mrv.intake.workbook import is_workbook

_MOMENT = (1980, 1, 1, 0, 0, 0)  # a zip needs one; it says nothing
_TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")


class PartsClash(Exception):
    """Two parts hold different files under one name."""

    def __init__(self, name: str, first: str, second: str) -> None:
        self.zh = f"{first} 和 {second} 的部分中都有文件 {name}，但内容不同；请改名后重新提交其中之一"
        self.en = (
            f"The parts of {first} and {second} both hold {name}, with different contents; rename one and put it again"
        )
        super().__init__(self.en)


def filing_of(parts: Mapping[str, tuple[str, bytes]]) -> bytes:
    """The filing zip of the parts, by department: name and bytes of each.

    The members of a zip are taken out of it; tables and workbooks stand under the name of their department, so that a finding says
    whose cell it is; evidence keeps the path by which rows name it. PartsClash when two parts differ under one path.
    """
    members: dict[str, tuple[str, bytes]] = {}
    for department in sorted(parts):
        name, data = parts[department]
        for path, content in _members(name, data):
            place = f"{department}/{path}" if path.lower().endswith(_TABLE_ENDINGS) else path
            known = members.setdefault(place.casefold(), (place, content))
            if known[1] != content:
                raise PartsClash(path, _holder(parts, path, department), department)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for place, content in sorted(members.values()):
            info = zipfile.ZipInfo(place, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, content)
    return stream.getvalue()


def _members(name: str, data: bytes) -> list[tuple[str, bytes]]:
    if not data.startswith(b"PK"):
        return [(name, data)]
    inside = unpack(data, Limits(), Deadline(Limits().seconds))
    return [(name, data)] if is_workbook(inside) else sorted(inside.items())


def _holder(parts: Mapping[str, tuple[str, bytes]], path: str, but: str) -> str:
    """The first other department whose part holds a path."""
    for department in sorted(parts):
        held = [place.casefold() for place, _ in _members(*parts[department])]
        if department != but and path.casefold() in held:
            return department
    return but
