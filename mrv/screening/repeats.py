"""The same thing met twice: where else it was met, told without naming another plant."""

import pandas as pd

_MOST_NAMED = 3
OWN, OTHER = ("本企业", "this plant"), ("其他企业", "another plant")


def others(rows: pd.DataFrame, same: pd.Series, place: pd.Series) -> pd.DataFrame:
    """For each row the places of the other rows that share its `same`, as texts such as `本企业 2025-03、其他企业 2025-04`.

    rows : has plant_id. same, place : texts on the index of `rows`. Other plants are not named. Only offending rows come
    here. Returns the columns `others` and `others_en` on the index of `rows`.
    """
    texts = {}
    groups = {key: rows.index[same == key] for key in same.unique()}
    for index in rows.index:
        own = rows.at[index, "plant_id"]
        near, far = set(), set()
        for other in groups[same.at[index]]:
            if rows.at[other, "plant_id"] != own:
                far.add(place.at[other])
            elif place.at[other] != place.at[index]:
                near.add(place.at[other])
        named = [*((OWN, text) for text in sorted(near)), *((OTHER, text) for text in sorted(far))]
        more = "…" if len(named) > _MOST_NAMED else ""
        texts[index] = (
            "、".join(f"{whose[0]} {text}" for whose, text in named[:_MOST_NAMED]) + more,
            ", ".join(f"{text} ({whose[1]})" for whose, text in named[:_MOST_NAMED]) + more,
        )
    both = [texts[index] for index in rows.index]
    return pd.DataFrame(both, index=rows.index, columns=["others", "others_en"], dtype="str")
