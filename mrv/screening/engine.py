"""Runs the catalogue over a case: bodies return offending rows, the engine adds severity, location and what was not run."""

import numpy as np
import pandas as pd

from mrv.screening.case import Case
from mrv.screening.presence import FOCUS
from mrv.screening.rule import BODY_COLUMNS, Rule
from mrv.screening.unit_sectors import sectors_of
from schemas.location import cell_of

KEY = ["plant_id", "sector", "unit_id", "stream_id", "month", "parameter"]


def screen(case: Case, rules: list[Rule]) -> pd.DataFrame:
    """Offending rows of every rule with a body, judged filings only.

    A body sees the filings of its own sectors and no others, so that it can neither speak of another sector nor be disturbed by
    one. A rule whose needs no filing meets is not run at all (`not_run` names it). Returns a frame with `rule`, the columns of
    `BODY_COLUMNS`, location (`file_sha256`, `sheet`, `cell`), `params` (a dict of texts for the words), sorted by rule and key.
    Raises what a body raises: a rule that crashes is a fault of the program.
    """
    present = case.presence
    frames = [_run(case, rule) for rule in rules if rule.body is not None and present.any_of(rule)]
    frames = [frame for frame in frames if not frame.empty]
    if not frames:
        return pd.DataFrame(columns=["rule", *BODY_COLUMNS, "file_sha256", "sheet", "cell", "params"])
    found = pd.concat(frames, ignore_index=True)
    return found.sort_values(["rule", *KEY, "item", "table", "position"], ignore_index=True, kind="stable")


def _run(case: Case, rule: Rule) -> pd.DataFrame:
    assert rule.body is not None
    rows = rule.body(case.of(rule.sectors)).reset_index(drop=True)
    if rows.empty:
        return rows
    extra = [column for column in rows.columns if column not in BODY_COLUMNS]
    params = rows[extra].astype(str).to_dict("records") if extra else [{} for _ in range(len(rows))]
    rows = rows.reindex(columns=list(BODY_COLUMNS))
    text = [column for column in BODY_COLUMNS if column != "position"]
    rows[text] = rows[text].astype(object).fillna("").astype(str)
    rows["position"] = rows["position"].fillna(-1).astype(int)
    rows["params"] = params
    rows["rule"] = rule.code
    rows["severity"] = rows["severity"].where(rows["severity"] != "", rule.severity)
    rows["sector"] = _sector(case, rows, rule.sectors)
    rows = rows[rows["sector"].isin(rule.sectors)]
    rows = rows.merge(case.focus[FOCUS].drop_duplicates(), on=FOCUS, how="inner")
    return _located(case, rows)


def _sector(case: Case, rows: pd.DataFrame, sectors: frozenset[str]) -> pd.Series:
    """The sector of rows whose table has none, empty where the row belongs to a sector of which the rule says nothing."""
    bare = rows[rows["sector"] == ""]
    if bare.empty:
        return rows["sector"]
    known = sectors_of(case, bare)
    known = known[known["sector"].isin(sectors)].drop_duplicates("place").set_index("place")["sector"]
    return rows["sector"].where(rows["sector"] != "", known.reindex(rows.index).fillna(""))


def _located(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Adds `file_sha256`, `sheet`, `cell` of each row; empty where the fault has no cell of its own."""
    for column in ("file_sha256", "sheet", "cell"):
        rows[column] = ""
    wide = (rows["table"] != "") & (rows["table"] != "parameter") & (rows["position"] >= 0)
    for index in rows.index[wide]:
        source = case.table(rows.at[index, "table"]).iloc[rows.at[index, "position"]]
        rows.at[index, "file_sha256"] = source["file_sha256"]
        rows.at[index, "sheet"] = source["sheet"]
        rows.at[index, "cell"] = cell_of(
            int(source["row"]), source["column_map"], rows.at[index, "column"], source["sheet"]
        )
    parameter = case.table("parameter")
    direct = rows.index[(rows["table"] == "parameter") & (rows["position"] >= 0)]
    place = ["file_sha256", "sheet", "cell"]
    if len(direct):
        rows.loc[direct, place] = parameter.iloc[rows.loc[direct, "position"]][place].to_numpy()
    rest = rows.index[(rows["table"] == "") & (rows["parameter"] != "")]
    if len(rest):
        keys = pd.MultiIndex.from_frame(rows.loc[rest, KEY])
        near = parameter[parameter["plant_id"].isin(rows.loc[rest, "plant_id"].unique())]
        cells = near.drop_duplicates(KEY).set_index(KEY)[[*place, "value"]].reindex(keys).fillna("")
        rows.loc[rest, place] = cells[place].to_numpy()
        blank = rows.loc[rest, "value"] == ""
        rows.loc[rest[blank], "value"] = cells["value"].to_numpy()[blank.to_numpy()]
    return rows


def not_run(case: Case, rules: list[Rule]) -> pd.DataFrame:
    """Which rules had nothing to look at, filing by filing: columns plant_id, sector, month, rule, needs."""
    present = case.presence
    sectors = present.filings["sector"].to_numpy(dtype=object)
    filing, rule_number, words = [], [], []
    texts: dict[str, int] = {}
    for number, rule in enumerate(rules):
        if rule.body is None:
            continue
        concerned = np.isin(sectors, sorted(rule.sectors))
        lacking = np.zeros(len(sectors), dtype=np.int64)  # one bit per need
        for bit, need in enumerate(rule.needs):
            lacking += (~present.of(need)).astype(np.int64) << bit
        for kind in np.unique(lacking[concerned & (lacking > 0)]):
            missing = " ".join(need for bit, need in enumerate(rule.needs) if kind >> bit & 1)
            places = np.flatnonzero(concerned & (lacking == kind))
            filing.append(places)
            rule_number.append(np.full(len(places), number))
            words.append(np.full(len(places), texts.setdefault(missing, len(texts))))
    if not filing:
        return pd.DataFrame([], columns=[*FOCUS, "rule", "needs"])
    place, number_of = np.concatenate(filing), np.concatenate(rule_number)
    order = np.lexsort((number_of, place))
    result = present.filings.take(place[order]).reset_index(drop=True)
    result["rule"] = _named([rule.code for rule in rules], number_of[order])
    result["needs"] = _named(list(texts), np.concatenate(words)[order])
    return result


def _named(names: list[str], codes: np.ndarray) -> pd.Series:
    return pd.Series(names, dtype="str").take(codes).reset_index(drop=True)
