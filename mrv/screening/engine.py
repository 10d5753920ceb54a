"""Runs the catalogue over a case: bodies return offending rows, the engine adds severity, location and what was not run."""

import pandas as pd

from mrv.screening.case import Case
from mrv.screening.rule import BODY_COLUMNS, Rule
from schemas.location import cell_of

FOCUS = ["plant_id", "sector", "month"]
KEY = ["plant_id", "unit_id", "stream_id", "month", "parameter"]


def screen(case: Case, rules: list[Rule]) -> pd.DataFrame:
    """Offending rows of every rule with a body, judged filings only.

    A rule whose needs no filing meets is not run at all (`not_run` names it). Returns a frame with `rule`, the columns of
    `BODY_COLUMNS`, location (`file_sha256`, `sheet`, `cell`), `params` (a dict of texts for the words), sorted by rule and key.
    Raises what a body raises: a rule that crashes is a fault of the program.
    """
    present = Presence(case)
    frames = [_run(case, rule) for rule in rules if rule.body is not None and present.all_of(rule.needs)]
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
    present = Presence(case)
    rows = []
    for filing in case.focus[FOCUS].drop_duplicates().sort_values(FOCUS).itertuples(index=False, name=None):
        pair = (filing[0], filing[2])
        for rule in rules:
            if rule.body is not None and filing[1] in rule.sectors:
                missing = [need for need in rule.needs if pair not in present.of(need)]
                if missing:
                    rows.append((*filing, rule.code, " ".join(missing)))
    return pd.DataFrame(rows, columns=[*FOCUS, "rule", "needs"])


Pairs = set[tuple[str, str]]


class Presence:
    """Which filings (plant, month) of the focus have what a rule needs; each need is looked up once."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.filings = _pairs(case.focus["plant_id"], case.focus["month"])
        parameter = case.table("parameter")
        held = parameter[["parameter", "plant_id", "month"]].drop_duplicates()
        self.parameters: dict[str, Pairs] = {}
        for name, plant, month in held.itertuples(index=False, name=None):
            self.parameters.setdefault(name, set()).add((plant, month))
        self.known: dict[str, Pairs] = {}

    def of(self, need: str) -> Pairs:
        """The filings that have one thing."""
        if need not in self.known:
            self.known[need] = self._look_up(need)
        return self.known[need]

    def all_of(self, needs: tuple[str, ...]) -> Pairs:
        """The filings that have everything."""
        result = set(self.filings)
        for need in needs:
            result &= self.of(need)
        return result

    def _look_up(self, need: str) -> Pairs:
        if need == "as_of":
            return self.filings if self.case.as_of is not None else set()
        if need in {"register", "meter", "control_plan", "event"}:  # what holds beyond the month it was filed in
            plants = set(self.case.table("unit" if need == "register" else need)["plant_id"])
            return {pair for pair in self.filings if pair[0] in plants}
        if need == "attachments":
            attached = self.case.attachments
            return _pairs(attached["plant_id"], attached["month"]) if len(attached) else set()
        if need == "history":
            months: dict[str, set[str]] = {}
            for plant, month in set().union(*self.parameters.values()) if self.parameters else set():
                months.setdefault(plant, set()).add(month)
            return {pair for pair in self.filings if len(months.get(pair[0], ())) > 1}
        if need.startswith("parameter."):
            return self.parameters.get(need.removeprefix("parameter."), set())
        rows = self.case.table(need)
        if "month" in rows.columns:
            return _pairs(rows["plant_id"], rows["month"])
        return _pairs(rows["plant_id"], rows["day"].str[:7])


def _pairs(plants: pd.Series, months: pd.Series) -> Pairs:
    return set(zip(plants, months, strict=True))
