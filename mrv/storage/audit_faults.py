"""What an audit of the ledger can find wrong, in words for people."""

from dataclasses import dataclass
from typing import Any

# code → what is wrong, in Chinese and English
WORDS = {
    "leaf_missing": ("账本条目缺失或次序被改动", "a leaf is missing or out of order"),
    "leaf_changed": ("账本条目内容与其哈希不符", "a leaf no longer has its hash"),
    "leaf_form": ("账本条目不是规范格式", "a leaf is not in canonical form"),
    "leaf_subject": ("账本条目的主题与其内容不符", "a leaf is filed under something else than it speaks of"),
    "node_changed": ("哈希树节点被改动", "a node of the tree was changed"),
    "node_missing": ("哈希树节点缺失", "a node of the tree is missing"),
    "node_unexpected": ("哈希树中有多余节点", "a node of the tree is too many"),
    "checkpoint_changed": ("检查点与账本不符", "a checkpoint does not fit the log"),
    "checkpoint_signature": ("检查点签名无效", "the signature of a checkpoint is not valid"),
    "checkpoint_key": ("检查点由未知密钥签名", "a checkpoint was signed by a key that is not known"),
    "checkpoint_missing": ("检查点缺失", "a checkpoint that was signed is missing"),
    "checkpoint_unexpected": ("操作记录中没有该检查点", "the audit trail does not speak of a checkpoint"),
    "outside": (
        "与外部持有的检查点不一致：历史被改写",
        "the log does not contain a checkpoint held outside: history was rewritten",
    ),
    "outside_signature": (
        "外部文件没有成立的签名，不能用来核对账本（问题在该文件，不在账本）",
        "a document held outside has no signature that holds; the fault is in that document, and it says nothing of the log",
    ),
    "outside_key": (
        "外部文件由本数据目录不认识的密钥签名（来自别处，或密钥已不在本目录的现用与曾用密钥之列），未用来核对账本；请查明该密钥属于谁",
        "a document held outside was signed by a key that this home does not know, neither its own nor a former one, and was not held "
        "against the log; find out whose key it is",
    ),
    "trail_changed": ("操作记录被改动", "a row of the audit trail was changed"),
    "trail_missing": ("操作记录缺失", "a row of the audit trail is missing"),
    "timestamp": ("时间戳与检查点不符", "a time-stamp does not vouch for its checkpoint"),
    "file": ("原始文件缺失或被改动", "a stored file is missing or was changed"),
    "row": ("存证记录与账本不符", "a row of the store does not say what the ledger says"),
    "row_missing": ("账本中的存证记录不在库中", "what the ledger speaks of is not in the store"),
    "row_unexpected": ("库中有账本没有的存证记录", "the store holds what the ledger does not speak of"),
}
# code → what this system has no means to check; no fault of the log
NOT_CHECKED = {
    "sm2": (
        "本机 openssl 不支持 SM2，未在本机核验的 SM2 签名数（同一检查点的其他签名成立）",
        "SM2 signatures not checked here, since this system's openssl cannot (the other signatures of these checkpoints hold)",
    ),
    "timestamp": (
        "本机没有 openssl，未在本机核验的时间戳数",
        "time-stamps not checked here, since this system has no openssl",
    ),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is not what it was: what kind, and where."""

    code: str
    where: str

    @property
    def message(self) -> dict[str, str]:
        zh, en = WORDS[self.code]
        return {"zh": f"{zh}：{self.where}", "en": f"{en}: {self.where}"}


@dataclass(frozen=True)
class Unchecked:
    """What could not be checked on this system: of what kind, and how many."""

    code: str
    count: int

    @property
    def message(self) -> dict[str, str]:
        zh, en = NOT_CHECKED[self.code]
        return {"zh": f"{zh}：{self.count}", "en": f"{en}: {self.count}"}

    def document(self) -> dict[str, Any]:
        return {"code": self.code, "count": self.count, "message": self.message}
