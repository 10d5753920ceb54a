"""The name of a file as text that can be written anywhere."""

import re

_HALF = re.compile("[\ud800-\udfff]")  # a byte that is not UTF-8, as Python holds it in the name of a file


def plain_name(name: str) -> str:
    """A name without halves of surrogate pairs and NUL, which no JSON, table or ledger can hold; any other name is itself.

    Names that a Chinese Windows or FTP wrote are GB18030, and are read as such where all their bytes are; else each byte that is not UTF-8
    is shown as `�`. NUL is shown as `␀`.
    """
    if _HALF.search(name):
        try:
            name = name.encode("utf-8", "surrogateescape").decode("gb18030")
        except UnicodeError:
            name = _HALF.sub("\ufffd", name)
    return name.replace("\0", "␀")
