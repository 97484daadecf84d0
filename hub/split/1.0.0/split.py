# %% [markdown]
# # Split a table
#
# By chance, keeping the shares of a column; by time, the newest rows to test; by groups, none of which is in both.

# %%
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

ORDERS = 10  # in which groups are drawn; the one that comes nearest to the share is taken


def parts_of(table, test_share, *, stratify, group, time, seed):
    """Return the rows to train on and those to test with; raises ValueError where there are none of either."""
    for name in filter(None, [stratify, group, time]):
        if name not in table:
            raise ValueError(f"there is no column `{name}`; there are {', '.join(table.columns)}")
    if sum(map(bool, (stratify, group, time))) > 1:
        raise ValueError("name one of `stratify`, `group` and `time`")
    if not 0 < test_share < 1:
        raise ValueError(f"`test_share` is a part of the rows, between 0 and 1, not {test_share:g}")
    if len(table) < 2:
        raise ValueError(f"`table` has too few rows to split: {len(table)}")
    if not time and not group:
        kept = table[stratify] if stratify else None
        return train_test_split(table, test_size=test_share, random_state=seed, stratify=kept)
    train, test = by_time(table, time, test_share) if time else by_group(table, group, test_share, seed)
    if train.empty or test.empty:
        use = "train on" if train.empty else "test with"
        raise ValueError(f"there is nothing to {use}: `{time or group}` cannot part {len(table):,} rows so")
    return train, test


def by_time(table, time, share):
    """Return the older rows and the newest *share* of them."""
    if gaps := int(table[time].isna().sum()):
        raise ValueError(f"`{time}` is missing in {gaps:,} of {len(table):,} rows; leave these out")
    ordered = table.sort_values(time, kind="stable")
    cut = len(ordered) - max(1, round(len(ordered) * share))
    return ordered.iloc[:cut], ordered.iloc[cut:]


def by_group(table, group, share, seed):
    """Return two parts, the second of whole groups that are drawn until they are near *share* of all rows."""
    groups = pd.factorize(table[group], use_na_sentinel=False)[0]
    sizes, random = np.bincount(groups), np.random.default_rng(seed)
    wanted, picked = len(table) * share, []
    for _ in range(ORDERS):
        found = near(sizes, wanted, random.permutation(len(sizes)))
        picked = min(picked, found, key=lambda each: abs(sizes[each].sum() - wanted))
    tested = np.isin(groups, picked or sizes.argmin())
    return table[~tested], table[tested]


def near(sizes, wanted, order):
    """Return those groups of *order*, but never all, that each bring their rows nearer to *wanted*."""
    picked, rows, most = [], 0, sizes.sum()
    for group in order:
        together = rows + sizes[group]
        if abs(together - wanted) < abs(rows - wanted) and together < most:
            picked.append(group)
            rows = together
    return picked


# %%
# %%mlrun split --input table --output train --output test --output train_rows --output test_rows
"""Split a table into a part to train on and one to test with."""
test_share: float = 0.25  # how much is for the test
stratify: str = ""  # column whose shares both parts have
group: str = ""  # column of whose values none is in both
time: str = ""  # column by whose order the last rows are for the test
seed: int = 0  # the same seed, the same parts
table = table.rename(columns=str)
train, test = parts_of(table, test_share, stratify=stratify, group=group, time=time, seed=seed)
train_rows, test_rows = len(train), len(test)
