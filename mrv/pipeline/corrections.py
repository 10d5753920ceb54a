"""When a further version may replace one that was deposited, and the words when it may not.

One place for the command line, the inbox and whoever else files: `permission` is asked within the transaction that would keep the
deposit, filing by filing. What it refuses is not deposited; the bytes stay acknowledged in the ledger all the same.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

from emission_factors import NoRuleSet, deadline, rule_set
from mrv.storage.deposits import deposit_versions, standing
from mrv.storage.platform_records import open_return
from schemas.choices import SECTORS

ZONE = ZoneInfo("Asia/Shanghai")  # the days of the deadlines are days where the plants are

# code → (Chinese, English): what is wrong, why, how to do it right.
MESSAGES = {
    "reason_needed": (
        "{plant_id} {month}（{sector}）已有第 {version} 版存证（{received}），本次内容不同，属于更正，但没有写更正原因，未予存证。"
        "更正须能说明改了什么、为什么改。请写明原因后重新提交：mrv submit 文件 --reason \"更正原因\"。",
        "{plant_id} {month} ({sector}) holds version {version}, deposited {received}. Other bytes are a correction, and it came without a "
        "reason, so it was not deposited. A correction must say why. Submit it again: mrv submit FILE --reason \"why\".",
    ),
    "return_needed": (
        "{plant_id} {month}（{sector}）的存证期限 {deadline} 已过，第 {version} 版已生效，未予更正。期限之后只有主管部门退回的数据才能修改。"
        "请在退回后写明退回文号重新提交：mrv submit 文件 --reason \"更正原因\" --return-reference \"退回文号\"，"
        "或先用 mrv platform record 登记全国碳市场管理平台的退回。",
        "The deadline {deadline} of {plant_id} {month} ({sector}) has passed and version {version} stands, so it was not corrected. After the "
        "deadline only data that the authority returned may change. Once it has, name the return: mrv submit FILE --reason \"why\" "
        "--return-reference \"its number\", or record the platform's return with mrv platform record first.",
    ),
    "return_spent": (
        "退回文号 {reference} 已用于第 {answer} 版，一次退回只对应一次更正；{plant_id} {month}（{sector}）未予更正。"
        "再次更正须有新的退回：请写明新的退回文号重新提交：mrv submit 文件 --reason \"更正原因\" --return-reference \"新的退回文号\"。",
        "Return {reference} was answered by version {answer}; a return allows one correction, so {plant_id} {month} ({sector}) was not "
        "corrected. Another correction needs another return: mrv submit FILE --reason \"why\" --return-reference \"the number of the new "
        "return\".",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Declined:
    """A filing that was not deposited: `code` is a key of `MESSAGES`, `params` fills its words. The rest of its file goes on."""

    name: str
    sha256: str
    plant_id: str
    sector: str
    month: str
    code: str
    params: dict[str, str]

    @property
    def message(self) -> dict[str, str]:
        """What is wrong, why, and how to do it right, in Chinese (`zh`) and English (`en`)."""
        words = {"plant_id": self.plant_id, "month": self.month, **self.params}
        return {
            lang: text.format_map(words | {"sector": label})
            for lang, text, label in zip(("zh", "en"), MESSAGES[self.code], SECTORS[self.sector], strict=True)
        }


@dataclass(frozen=True)
class Asked:
    """A filing somebody wants to deposit, before anything is kept.

    `day` is the day of receipt (Asia/Shanghai), whatever day the filing is judged as of; `reason` and `return_reference` are those of the person who files.
    """

    name: str
    sha256: str
    plant_id: str
    sector: str
    month: str
    day: date
    reason: str = ""
    return_reference: str = ""
    reinstate: bool = False


def permission(session: Any, asked: Asked) -> Declined | str:
    """Whether a filing may be deposited: a `Declined` that says why not, or the return it answers (empty where it needs none).

    A first deposit and bytes that are known may always be; late first deposits are CMP-02's to tell. A correction needs a reason, and
    after the statutory deadline the authority's return: the one named, or one of the platform that stands unanswered for the version
    in force. A return that a version of the month has answered is spent, whenever it is named. Months without a deadline are never late.
    """
    place = standing(session, asked.plant_id, asked.sector, asked.month, asked.sha256, asked.reinstate)
    if place.outcome != "correction" or place.in_force is None:
        return ""
    known = place.in_force
    params = {"version": str(known.version), "received": shanghai_day(known.received_at).isoformat()}

    def declined(code: str, **more: str) -> Declined:
        return Declined(asked.name, asked.sha256, asked.plant_id, asked.sector, asked.month, code, params | more)

    if not asked.reason.strip():
        return declined("reason_needed")
    due = statutory_day(asked.sector, asked.month)
    late = due is not None and asked.day > due
    reference = asked.return_reference.strip() or (open_return(session, known.id) if late else "")
    if reference and (answer := _answered_by(session, asked, reference)):
        return declined("return_spent", reference=reference, answer=answer)
    if late and due is not None and not reference:
        return declined("return_needed", deadline=due.isoformat())
    return reference


def _answered_by(session: Any, asked: Asked, reference: str) -> str:
    """The version of the month that answered a return; empty where none did. One letter may return several months, each once."""
    held = deposit_versions(session, [asked.plant_id], [asked.month])
    held = held[held["sector"] == asked.sector]
    spent = [_plain(text) == _plain(reference) for text in held["return_reference"]]
    return str(held.loc[spent, "version"].iloc[0]) if any(spent) else ""


def _plain(reference: str) -> str:
    """A number as it is compared: the same one written in full-width letters, in capitals or with blanks is no other return."""
    return "".join(normalize("NFKC", reference).casefold().split())


def statutory_day(sector: str, month: str) -> date | None:
    """The last day to deposit a month; None where the rule set has no deposit or the month no rule set."""
    try:
        return deadline(rule_set(sector, month), month)
    except NoRuleSet:
        return None


def shanghai_day(moment: datetime) -> date:
    """The day of a moment where the plants are."""
    return moment.astimezone(ZONE).date()
