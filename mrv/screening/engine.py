"""Runs the catalogue over a case: bodies return offending rows, the engine adds severity, location and what was not run."""

import pandas as pd

from mrv.screening.case import Case
from mrv.screening.rule import BODY_COLUMNS, Rule
from schemas.location import cell_of

FOCUS = ["plant_id", "sector", "month"]
KEY = ["plant_id", "unit_id", "stream_id", "month", "parameter"]


def screen(case: Case, rules: list[Rule]) -> pd.DataFrame:
    """Offending rows of every rule with a body, judged filings only.

    Returns a frame with `rule`, the columns of `BODY_COLUMNS`, location (`file_sha256`, `sheet`, `cell`), `params` (a dict of
    texts for the words), sorted by rule and key. Raises what a body raises: a rule that crashes is a fault of the program.
    """
    frames = [_run(case, rule) for rule in rules if rule.body is not None]
    frames = [frame for frame in frames if not frame.empty]
    if not frames:
        return pd.DataFrame(columns=["rule", *BODY_COLUMNS, "file_sha256", "sheet", "cell", "params"])
    found = pd.concat(frames, ignore_index=True)
    return found.sort_values(["rule", *KEY, "item", "table", "position"], ignore_index=True, kind="stable")


def _run(case: Case, rule: Rule) -> pd.DataFrame:
    assert rule.body is not None
    rows = rule.body(case).reset_index(drop=True)
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
    rows["sector"] = _sector(case, rows)
    rows = rows.merge(case.focus[FOCUS].drop_duplicates(), on=FOCUS, how="inner")
    return _located(case, rows)


def _sector(case: Case, rows: pd.DataFrame) -> pd.Series:
    """The sector of rows whose table has none: the plant's filing of that month, the first by name if there are several."""
    by_filing = (
        case.focus.sort_values(FOCUS).drop_duplicates(["plant_id", "month"]).set_index(["plant_id", "month"])["sector"]
    )
    keys = pd.MultiIndex.from_frame(rows[["plant_id", "month"]])
    known = pd.Series(by_filing.reindex(keys).fillna("").to_numpy(), index=rows.index)
    return rows["sector"].where(rows["sector"] != "", known)


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
    present = {need: _present(case, need) for rule in rules for need in rule.needs}
    rows = []
    for filing in case.focus[FOCUS].drop_duplicates().sort_values(FOCUS).itertuples(index=False):
        for rule in rules:
            if rule.body is None or filing.sector not in rule.sectors:
                continue
            missing = [need for need in rule.needs if (filing.plant_id, filing.month) not in present[need]]
            if missing:
                rows.append((*filing, rule.code, " ".join(missing)))
    return pd.DataFrame(rows, columns=[*FOCUS, "rule", "needs"])


def _present(case: Case, need: str) -> set[tuple[str, str]]:
    """The filings (plant, month) of the focus that have what a rule needs."""
    filings = case.focus[["plant_id", "month"]].drop_duplicates()
    pairs = set(filings.itertuples(index=False, name=None))
    if need == "as_of":
        return pairs if case.as_of is not None else set()
    if need in {"register", "meter", "control_plan"}:
        plants = set(case.table("unit" if need == "register" else need)["plant_id"])
        return {pair for pair in pairs if pair[0] in plants}
    if need == "attachments":
        return (
            set(case.attachments[["plant_id", "month"]].itertuples(index=False, name=None))
            if len(case.attachments)
            else set()
        )
    parameter = case.table("parameter")
    if need == "history":
        months = parameter.groupby("plant_id")["month"].nunique()
        return {pair for pair in pairs if months.get(pair[0], 0) > 1}
    if need.startswith("parameter."):
        rows = parameter[parameter["parameter"] == need.removeprefix("parameter.")]
        return set(rows[["plant_id", "month"]].itertuples(index=False, name=None))
    rows = case.table(need)
    if "month" in rows.columns:
        return set(rows[["plant_id", "month"]].itertuples(index=False, name=None))
    day = rows["day"] if "day" in rows.columns else rows["start"]
    return set(zip(rows["plant_id"], day.str[:7], strict=True))
