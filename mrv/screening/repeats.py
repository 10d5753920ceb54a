"""The same thing met twice: where else it was met, told without naming another plant."""

import pandas as pd

_MOST_NAMED = 3


def others(rows: pd.DataFrame, same: pd.Series, place: pd.Series) -> pd.Series:
    """For each row the places of the other rows that share its `same`, as a text such as `2025-03、*2025-04`.

    rows : has plant_id. same, place : texts on the index of `rows`. Places of other plants carry a star and no name. Only
    offending rows come here.
    """
    texts = {}
    groups = {key: rows.index[same == key] for key in same.unique()}
    for index in rows.index:
        own = rows.at[index, "plant_id"]
        near, far = set(), set()
        for other in groups[same.at[index]]:
            if rows.at[other, "plant_id"] != own:
                far.add("*" + place.at[other])
            elif place.at[other] != place.at[index]:
                near.add(place.at[other])
        named = [*sorted(near), *sorted(far)]
        texts[index] = "、".join(named[:_MOST_NAMED]) + ("…" if len(named) > _MOST_NAMED else "")
    return pd.Series(texts, index=rows.index, dtype="str")
