"""What a filing must hold: parameters of each stream and unit, and the evidence deposited with them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pandas as pd

from emission_factors import DepositItem, NoRuleSet, RuleSet, fuel_group, rule_set
from mrv.accounting.inputs import each_distinct
from mrv.screening import industry_subjects
from mrv.screening.case import STREAM_KEY, UNIT_KEY, Case
from mrv.screening.unit_sectors import sectors_of
from schemas.vocabulary import fuel_of

CARBON = ("carbon_content_ar", "carbon_content_ad", "carbon_content_d")
EVIDENCE_KEY = ["plant_id", "unit_id", "stream_id", "month", "parameter"]
_NOT_TESTED = ("default", "calculated")
_TESTED = ("net_calorific_value", "anode_sulphur", "anode_ash")  # evidence is owed where they were measured
# Quantities that say how much of a stream was used: of a stream without any, nothing else is owed.
USED = ("fuel_consumption", "material_consumption", "substitute_consumption", *industry_subjects.THROUGH)


@dataclass(frozen=True)
class Subjects:
    """Who owes something in a sector.

    owed : takes the case and the judged rows of the sector; the stream key of each stream and unit (`stream_id` empty) with the
    `kind` of the list of required parameters that holds for it; one subject may follow several lists. kinds : takes the case and
    rows of the sector; to what of the evidence list (`applies_to`) each row belongs, empty where to nothing.
    """

    owed: Callable[[Case, pd.DataFrame], pd.DataFrame]
    kinds: Callable[[Case, pd.DataFrame], pd.Series]


@cache
def rules_of(sector: str, month: str) -> RuleSet | None:
    """The rule set in force, None where the sector has none (or the month is none)."""
    try:
        return rule_set(sector, month)
    except (NoRuleSet, ValueError):
        return None


def absent_parameters(case: Case) -> pd.DataFrame:
    """Parameters the rule set requires of a stream or unit in the judged filings that are not there.

    Columns: plant_id, sector, unit_id, stream_id, month, `parameter` (the first of a group of alternatives) and `alternatives`
    (all of the group). Only streams that filed anything, and only units that filed something of their own; a stream of which
    nothing was burnt owes its zero and no more.
    """
    filed = case.table("parameter")[[*STREAM_KEY, "parameter", "value"]]
    parameter = filed.merge(case.focus[["plant_id", "sector", "month"]].drop_duplicates())
    parts = [part.owed(case, parameter[parameter["sector"] == sector]) for sector, part in SECTOR_SUBJECTS.items()]
    subjects = pd.concat(parts, ignore_index=True)
    key = ["sector", "month", "kind"]
    lists = [
        (*kind, group)
        for kind in subjects[key].drop_duplicates().itertuples(index=False, name=None)
        for group in _required(*kind)
    ]
    wanted = subjects.merge(pd.DataFrame(lists, columns=[*key, "alternatives"]), on=key)
    wanted = pd.concat([wanted.drop(columns="kind"), _moistures(parameter)], ignore_index=True)
    each = wanted["alternatives"].explode().rename("parameter")
    keys = wanted[STREAM_KEY].loc[each.index].assign(parameter=each)
    found = pd.MultiIndex.from_frame(keys).isin(pd.MultiIndex.from_frame(parameter[[*STREAM_KEY, "parameter"]]))
    there = pd.Series(found, index=each.index).groupby(level=0).any()
    idle = pd.MultiIndex.from_frame(wanted[STREAM_KEY]).isin(pd.MultiIndex.from_frame(_idle(parameter)))
    owed = ~(idle & ~wanted["alternatives"].str[0].isin(USED))
    absent = wanted[~there.reindex(wanted.index).fillna(False).astype(bool) & owed].reset_index(drop=True)
    return absent.assign(parameter=absent["alternatives"].str[0])


def _idle(parameter: pd.DataFrame) -> pd.DataFrame:
    """Streams of which nothing was used in the month: every such quantity that they filed is zero."""
    used = parameter[parameter["parameter"].isin(USED)]
    none = (pd.to_numeric(used["value"], errors="coerce") == 0).groupby([used[name] for name in STREAM_KEY]).all()
    return none[none].reset_index()[STREAM_KEY]


def _moistures(parameter: pd.DataFrame) -> pd.DataFrame:
    """Moistures that a carbon content on another basis needs, where none as received stands beside it."""
    bases = parameter[parameter["parameter"].isin(CARBON)]
    direct = bases.loc[bases["parameter"] == CARBON[0], STREAM_KEY]
    bases = bases[~pd.MultiIndex.from_frame(bases[STREAM_KEY]).isin(pd.MultiIndex.from_frame(direct))]
    wanted = [
        (*key, (name,))
        for *key, basis in bases[[*STREAM_KEY, "parameter"]].itertuples(index=False, name=None)
        for name in _implied(key[1], key[4], basis)
    ]
    return pd.DataFrame(wanted, columns=[*STREAM_KEY, "alternatives"]).drop_duplicates()


@cache
def _implied(sector: str, month: str, parameter: str) -> tuple[str, ...]:
    rules = rules_of(sector, month)
    return rules.implied.get(parameter, ()) if rules else ()


@cache
def _required(sector: str, month: str, kind: str) -> tuple[tuple[str, ...], ...]:
    rules = rules_of(sector, month)
    return rules.required_of(kind) if rules else ()


def _power(case: Case, parameter: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([_streams(parameter), *_units(case, parameter), _biomass_units(parameter)], ignore_index=True)


def _power_kinds(case: Case, rows: pd.DataFrame) -> pd.Series:
    groups = each_distinct(rows["stream_id"], lambda stream: fuel_group(fuel_of(stream)) or "" if stream else "unit")
    return pd.Series(groups, index=rows.index, dtype="str")


def _streams(parameter: pd.DataFrame) -> pd.DataFrame:
    streams = parameter.loc[parameter["stream_id"] != "", STREAM_KEY].drop_duplicates()
    kinds = each_distinct(streams["stream_id"], lambda stream: fuel_group(fuel_of(stream)))
    return streams.assign(kind=kinds).dropna(subset="kind")


def _biomass_units(parameter: pd.DataFrame) -> pd.DataFrame:
    """Units that burn biomass beside coal: boiler heat and efficiency say how much of the heat is fossil."""
    biomass = each_distinct(parameter["stream_id"], lambda stream: fuel_of(stream) == "biomass").astype(bool)
    units = parameter.loc[biomass, UNIT_KEY].drop_duplicates()
    return units.assign(stream_id="", kind="biomass")[[*STREAM_KEY, "kind"]]


def _units(case: Case, parameter: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Units with the kind of list that holds for them, and once more those that must file heat.

    Members of a merged group follow the list `merged`; the name of a group is no unit and files no generation of its own.
    """
    register = case.table("unit").drop_duplicates(["plant_id", "unit_id"])
    groups = pd.MultiIndex.from_frame(register.loc[register["merged_with"] != "", ["plant_id", "merged_with"]])
    rows = parameter[UNIT_KEY].drop_duplicates()
    rows = rows[~pd.MultiIndex.from_frame(rows[["plant_id", "unit_id"]]).isin(groups)]
    columns = ["plant_id", "unit_id", "merged_with", "product_class"]
    known = rows.merge(register[columns], on=["plant_id", "unit_id"], how="left").fillna("")
    known["stream_id"] = ""
    known["kind"] = (known["merged_with"] != "").map({True: "merged", False: "unit"})
    heat = known[(known["product_class"] == "chp") & (known["kind"] == "unit")].assign(kind="chp")
    order = [*STREAM_KEY, "kind"]
    return known[order], heat[order]


_INDUSTRY = Subjects(industry_subjects.subjects, industry_subjects.kinds)
# Sector → who owes which parameters and which evidence.
SECTOR_SUBJECTS: dict[str, Subjects] = {
    "power": Subjects(_power, _power_kinds),
    "cement": _INDUSTRY,
    "aluminium": _INDUSTRY,
    "steel": _INDUSTRY,
}


def unevidenced(case: Case) -> pd.DataFrame:
    """Filed parameters of the judged filings whose evidence is not on the evidence list, or listed without a file.

    Columns of the key, `position` in `parameter`, and `documents` (what the deposit list asks for, Chinese). Nothing is asked for
    defaults and for zero, nor, where no evidence is owed yet (`Case.evidence_owed`), for filings without an evidence list. A line for the whole unit or the whole plant
    (empty stream or unit) counts for all its parameters of that name.
    """
    listed = _listed(case)
    parameter = case.table("parameter")
    rows = parameter.reset_index(names="position").merge(case.focus[["plant_id", "sector", "month"]].drop_duplicates())
    part = ["plant_id", "sector", "month"]
    if not case.evidence_owed:
        rows = rows[pd.MultiIndex.from_frame(rows[part]).isin(pd.MultiIndex.from_frame(sectors_of(case, listed)[part]))]
    rows = rows[rows["sector"].isin(list(SECTOR_SUBJECTS)) & (pd.to_numeric(rows["value"], errors="coerce") != 0)]
    rows = rows.assign(kind=_kinds(case, rows)).drop_duplicates("position")
    rows = rows.assign(documents=_documents(rows))
    burns = pd.MultiIndex.from_frame(_biomass_units(parameter)[UNIT_KEY])
    boiler = pd.Series(
        [
            name in _biomass_only(*key)
            for name, *key in zip(rows["parameter"], rows["sector"], rows["month"], strict=True)
        ],
        dtype=bool,
    )
    boiler.index = rows.index
    rows = rows[(rows["documents"] != "") & (~boiler | pd.MultiIndex.from_frame(rows[UNIT_KEY]).isin(burns))]
    name = rows["parameter"].where(~rows["parameter"].isin(CARBON), CARBON[0])
    asked = rows[EVIDENCE_KEY].assign(parameter=name)
    have = pd.MultiIndex.from_frame(listed[EVIDENCE_KEY])
    backed = pd.Series(False, index=rows.index)
    for blank in ([], ["stream_id"], ["unit_id"], ["unit_id", "stream_id"]):
        backed |= pd.MultiIndex.from_frame(asked.assign(**dict.fromkeys(blank, ""))).isin(have)
    missing = rows[~backed].assign(name=name[~backed])
    return missing.drop_duplicates([*STREAM_KEY, "name"]).drop(columns="name").reset_index(drop=True)


def _kinds(case: Case, rows: pd.DataFrame) -> pd.Series:
    """To what of the evidence list of its sector each row belongs."""
    parts = [part.kinds(case, rows[rows["sector"] == sector]) for sector, part in SECTOR_SUBJECTS.items()]
    return pd.concat(parts).reindex(rows.index)


@cache
def _biomass_only(sector: str, month: str) -> frozenset[str]:
    """Parameters that only a unit burning biomass owes."""
    return frozenset(name for group in _required(sector, month, "biomass") for name in group)


def _listed(case: Case) -> pd.DataFrame:
    """The evidence lines that count: of a deposit those whose file is there. Elsewhere a line without its file does not count
    only where others of the filing came with theirs: a workbook that is checked by itself never has them."""
    rows = case.table("evidence")
    rows = rows.assign(parameter=rows["parameter"].where(~rows["parameter"].isin(CARBON), CARBON[0]))
    if case.evidence_owed:
        return rows[rows["evidence_sha256"] != ""]
    with_file = pd.MultiIndex.from_frame(rows.loc[rows["evidence_sha256"] != "", ["plant_id", "month"]])
    bare = (rows["evidence_sha256"] == "") & pd.MultiIndex.from_frame(rows[["plant_id", "month"]]).isin(with_file)
    return rows[~bare | rows["evidence_file"].eq("")]


def _documents(rows: pd.DataFrame) -> pd.Series:
    """What the deposit list asks for with each row, asked once for rows of one kind."""
    names = ["sector", "month", "parameter", "kind", "state", "carbon_scheme", "method"]
    groups = rows.groupby(names, sort=False).ngroup()
    kinds = rows[names].drop_duplicates().itertuples(index=False, name=None)
    texts = dict(enumerate(_documents_of(*kind) for kind in kinds))
    return groups.map(texts)


@cache
def _documents_of(sector: str, month: str, name: str, kind: str, state: str, scheme: str, method: str) -> str:
    rules = rules_of(sector, month)
    if rules is None or not kind:
        return ""
    tested = name in CARBON or name in _TESTED
    untested = scheme == "not_measured" or (method in _NOT_TESTED and name not in CARBON[:1]) or method == "default"
    if tested and (untested or (kind != "coal" and method != "measured")):
        return ""
    asked = CARBON[0] if name in CARBON else name
    items: tuple[DepositItem, ...] = rules.deposit_for(asked, kind, state, scheme)
    if not items:  # the state or the scheme was not stated: any list of this parameter says what is missing
        items = tuple(item for item in rules.deposit if item.parameter == asked and kind in item.applies_to)[:1]
    return "；".join(document.zh for item in items for document in item.documents)
