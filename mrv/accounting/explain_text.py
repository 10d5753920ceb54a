"""An explanation as an indented tree for the terminal."""

from collections.abc import Iterator
from typing import Any

from schemas.location import sheet_and_cell
from schemas.vocabulary import UNIT_LABELS

Node = dict[str, Any]
HASH_SHOWN = 12  # digits of a file hash inside the tree; the whole hash stands below it
DIGITS_SHOWN = 20  # of an unrounded number; the document has all of them
CERTAINTIES = {
    "official": ("正式文件", "official"),
    "secondary": ("间接来源", "secondary source"),
    "uncertain": ("未确证", "uncertain"),
    "draft": ("征求意见稿", "draft"),
    "stoichiometric": ("化学计量", "stoichiometric"),
}


def explain_text(document: dict[str, Any], lang: str = "zh") -> str:
    """The tree of an explanation document in one language (`zh` or `en`): a line per node, files with their hashes at the end."""
    english = lang == "en"
    rules = document["rule_set"]
    mark = (" [provisional]" if english else "【暂定】") if document["provisional"] else ""
    item = f" {document['item']}" if document["item"] else ""
    head = f"{document['plant_id']} {document['period']}{item}{mark}"
    lines = [head, f"{rules['title'][lang]}（{rules['id']}，{rules['document']}）"]
    if english:
        lines[1] = f"{rules['title'][lang]} ({rules['id']}, {rules['document']})"
    lines += _tree(document["result"], lang, "", "")
    hashes = sorted(set(_hashes(document["result"])))
    if hashes:
        lines += ["", "Stored files (SHA-256):" if english else "原始文件（SHA-256）："]
        lines += [f"  {digest}" for digest in hashes]
    return "\n".join(lines)


def _tree(node: Node, lang: str, lead: str, indent: str) -> Iterator[str]:
    node = _folded(node)
    yield lead + _headline(node, lang)
    parts = node.get("parts", [])
    bar = "│  " if parts else "   "
    for text in _details(node, lang):
        yield f"{indent}{bar}{text}"
    for position, part in enumerate(parts):
        last = position == len(parts) - 1
        yield from _tree(part, lang, indent + ("└─ " if last else "├─ "), indent + ("   " if last else "│  "))


def _folded(node: Node) -> Node:
    """An input that is nothing but one filed value, together with that value."""
    parts = node.get("parts", [])
    plain = len(parts) == 1 and parts[0]["kind"] == "filed" and not parts[0].get("note")
    if node["kind"] == "filed" or not plain or node.get("formula") or node.get("note"):
        return node
    if parts[0]["value"] != node["value"]:
        return node
    return {**parts[0], **{name: text for name, text in node.items() if name not in ("kind", "parts")}}


def _headline(node: Node, lang: str) -> str:
    unit = UNIT_LABELS.get(node["unit"] or "", node["unit"] or "")
    pieces = [node["label"][lang]]
    if node.get("factor"):
        pieces.append(node["factor"]["id"])
    if node["value"] is not None:
        pieces.append(f"= {_cut(node['value'])}{f' {unit}' if unit not in ('', '1') else ''}")
    elif node["kind"] != "parameter":
        pieces.append("= —")
    if node.get("provisional"):
        pieces.append("[provisional]" if lang == "en" else "【暂定】")
    return " ".join(pieces)


def _details(node: Node, lang: str) -> Iterator[str]:
    english = lang == "en"
    if node.get("note"):
        yield ("※ " if not english else "* ") + node["note"][lang]
    law = node.get("formula")
    if law:
        name = ("formula" if english else "公式") + f" {law['id']}"
        yield f"{name}: {law['text']}  [{law['clause']}]" if english else f"{name}：{law['text']}　［{law['clause']}］"
    step = node.get("rounding")
    if law and law.get("filled"):
        raw = f" = {_cut(step['raw'])}" if step and step["raw"] is not None else ""
        yield ("with numbers: " if english else "代入：") + law["filled"] + raw
    if step and step["raw"] is not None:
        yield _rounding(step, english)
    if node.get("factor"):
        yield from _factor(node["factor"], lang)
    if node["kind"] == "filed":
        yield _place(node, lang)


def _rounding(step: Node, english: bool) -> str:
    sure = "" if step["certainty"] != "uncertain" else ("  (places uncertain)" if english else "（位数未确证）")
    if english:
        return f"rounded half up to {step['decimals']} places: {_cut(step['raw'])} → {step['rounded']}{sure}"
    return f"四舍五入保留{step['decimals']}位：{_cut(step['raw'])} → {step['rounded']}{sure}"


def _cut(text: str) -> str:
    return text if len(text) <= DIGITS_SHOWN else text[:DIGITS_SHOWN] + "…"


def _factor(factor: Node, lang: str) -> Iterator[str]:
    english = lang == "en"
    if factor.get("source"):
        clause = f" {factor['clause']}" if factor.get("clause") else ""
        sure = CERTAINTIES.get(factor["certainty"], (factor["certainty"],) * 2)[english]
        span = f"{factor.get('valid_from') or '…'}–{factor.get('valid_to') or '…'}"
        label = ("source: ", "certainty: ", "valid: ") if english else ("来源：", "确定程度：", "有效期：")
        gap = "  " if english else "　"
        yield f"{label[0]}{factor['source']}{clause}{gap}{label[1]}{sure}{gap}{label[2]}{span}"


def _place(node: Node, lang: str) -> str:
    english = lang == "en"
    cell = node["cell"]
    where = sheet_and_cell(cell["sheet"], cell["cell"]) or "—"
    pieces = [f"{'cell' if english else '位置'} {where}"]
    if cell["file_sha256"]:
        pieces.append(f"{'file' if english else '文件'} {cell['file_sha256'][:HASH_SHOWN]}…")
    if node.get("method"):
        pieces.append(node["method"][lang])
    if node.get("source_document"):
        pieces.append(f"{'source' if english else '数据来源'} {node['source_document']}")
    return (", " if english else "，").join(pieces)


def _hashes(node: Node) -> Iterator[str]:
    digest = (node.get("cell") or {}).get("file_sha256")
    if digest:
        yield digest
    for part in node.get("parts", []):
        yield from _hashes(part)
