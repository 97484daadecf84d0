# %% [markdown]
# # Split a table
#
# By chance, keeping the shares of a column; by time, the newest rows to test; by groups, none of which is in both.

# %%
from sklearn.model_selection import GroupShuffleSplit, train_test_split


def parts_of(table, test_share, *, stratify, group, time, seed):
    """Return the rows to train on and those to test with."""
    for name in filter(None, [stratify, group, time]):
        if name not in table:
            raise ValueError(f"there is no column `{name}`; there are {', '.join(map(str, table.columns))}")
    if sum(map(bool, (stratify, group, time))) > 1:
        raise ValueError("name one of `stratify`, `group` and `time`")
    if not 0 < test_share < 1:
        raise ValueError(f"`test_share` is a part of the rows, between 0 and 1, not {test_share:g}")
    if time:
        ordered = table.sort_values(time, kind="stable")
        cut = len(ordered) - max(1, round(len(ordered) * test_share))
        return ordered.iloc[:cut], ordered.iloc[cut:]
    if group:
        parts = GroupShuffleSplit(n_splits=1, test_size=test_share, random_state=seed)
        train_rows, test_rows = next(parts.split(table, groups=table[group]))
        return table.iloc[train_rows], table.iloc[test_rows]
    kept = table[stratify] if stratify else None
    return train_test_split(table, test_size=test_share, random_state=seed, stratify=kept)


# %%
# %%mlrun split --input table --output train --output test --output train_rows --output test_rows
"""Split a table into a part to train on and one to test with."""
test_share: float = 0.25  # how much is for the test
stratify: str = ""  # column whose shares both parts have
group: str = ""  # column of whose values none is in both
time: str = ""  # column by whose order the last rows are for the test
seed: int = 0  # the same seed, the same parts
train, test = parts_of(table, test_share, stratify=stratify, group=group, time=time, seed=seed)
train_rows, test_rows = len(train), len(test)
