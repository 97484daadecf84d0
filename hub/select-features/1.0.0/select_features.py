# %% [markdown]
# # Select features
#
# First go the columns that hold nothing, and of two that say the same the weaker one.
# The rest is ranked by several methods, since each has its blind spot, and by the mean of their ranks.

# %%
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.feature_selection import RFE, f_classif, f_regression, mutual_info_classif, mutual_info_regression

MOST_CLASSES = 20  # whole numbers in a target that are still classes
TREES = 100


def is_time(values):
    """Tell whether *values* are times or spans of time."""
    return values.dtype.kind in "mM"


def encoded(values):
    """Return *values* as numbers without gaps: texts and categories as codes, times as seconds, gaps as the median."""
    if is_time(values):
        values = (values - values.min()).dt.total_seconds()
    elif not pd.api.types.is_any_real_numeric_dtype(values):
        return pd.Series(pd.factorize(values, sort=False)[0], values.index, dtype=float)
    numbers = values.astype(float).replace([np.inf, -np.inf], np.nan)
    return numbers.fillna(numbers.median()).fillna(0.0)


def is_classes(values):
    """Tell whether *values* are classes: no numbers and no times, or few whole numbers."""
    if is_time(values):
        return False
    if not pd.api.types.is_any_real_numeric_dtype(values):
        return True
    return values.nunique() <= MOST_CLASSES and not (values % 1).any()


def spread_of(values):
    """Return the variance of numbers brought to 0 to 1; of others, how likely two rows differ."""
    if pd.api.types.is_any_real_numeric_dtype(values):
        numbers = encoded(values)
        width = numbers.max() - numbers.min()
        return float(((numbers - numbers.min()) / width).var(ddof=0)) if width else 0.0
    return float(1 - (values.value_counts(normalize=True, dropna=False) ** 2).sum())


def scores_of(method, numbers, values, discrete, seed):
    """Return the score of each column by *method*; the higher the better."""
    classes = is_classes(values)
    forest = (RandomForestClassifier if classes else RandomForestRegressor)(TREES, random_state=seed, n_jobs=-1)
    if method == "univariate":
        varied = numbers.loc[:, numbers.max() > numbers.min()]
        if varied.empty:
            return pd.Series(0.0, numbers.columns)
        found = (f_classif if classes else f_regression)(varied, values)[0]
        return pd.Series(found, varied.columns).reindex(numbers.columns, fill_value=0.0).fillna(0.0)
    if method == "mutual_information":
        information = mutual_info_classif if classes else mutual_info_regression
        found = information(numbers, values, discrete_features=discrete, random_state=seed)
    elif method == "importance":
        found = forest.fit(numbers, values).feature_importances_
    elif method == "rfe":
        alone = numbers.shape[1] == 1
        found = -1 if alone else -RFE(forest, n_features_to_select=1, step=0.2).fit(numbers, values).ranking_
    else:
        raise ValueError(f"there is no method `{method}`: there are univariate, mutual_information, importance, rfe")
    return pd.Series(found, numbers.columns, dtype=float)


def twins_of(numbers, order, limit):
    """Return the columns that say what a better one says, and which that is."""
    likeness, kept, twins = numbers.corr("spearman").abs(), [], {}
    for name in order:
        close = likeness.loc[name, kept]
        if len(close) and close.max() > limit:
            twins[name] = close.idxmax()
        else:
            kept.append(name)
    return twins


def ranking_of(table, target, methods, limits, seed):
    """Return a row for each column, the best first: its scores, its rank, and why it is left out where it is."""
    columns = [name for name in table if name != target]
    numbers = pd.DataFrame({name: encoded(table[name]) for name in columns})
    values = table[target] if pd.api.types.is_any_real_numeric_dtype(table[target]) else table[target].astype(str)
    ranking = pd.DataFrame({"spread": {name: spread_of(table[name]) for name in columns}})
    discrete = np.array([is_classes(table[name].dropna()) and not numbers[name].is_unique for name in columns])
    for method in methods:
        ranking[method] = scores_of(method, numbers, values, discrete, seed)
    ranks = ranking[list(methods)].rank(ascending=False).mean(axis=1)
    ranking["left_out"] = np.where(ranking["spread"] <= limits["spread"], "hardly varies", "")
    order = ranks[ranking["left_out"] == ""].sort_values(kind="stable").index
    for name, twin in twins_of(numbers, order, limits["correlation"]).items():
        ranking.loc[name, "left_out"] = f"says what `{twin}` says"
    ranking.insert(0, "rank", ranks)
    return ranking.sort_values("rank", kind="stable").rename_axis("column").reset_index()


# %%
# %%mlrun select_features --input table --output kept --output ranking --output features
"""Select the columns worth learning from, by variance, correlation, univariate tests, information and forests."""
target: str = "target"  # column to predict
count: int = 10  # how many columns to keep, at most; 0 for all that pass the filters
methods: list[str] = ["univariate", "mutual_information", "importance"]  # and rfe
min_spread: float = 0.0  # leave out what varies no more: numbers brought to 0 to 1
max_correlation: float = 0.95  # of two columns more alike, by ranks, leave out the weaker
always: list[str] = []  # columns to keep whatever they are worth
seed: int = 0
table = table.rename(columns=str)
for name in [target, *always]:
    if name not in table:
        raise ValueError(f"there is no column `{name}`; there are {', '.join(table.columns)}")
if gaps := int(table[target].isna().sum()):
    raise ValueError(f"`{target}` is missing in {gaps:,} of {len(table):,} rows; leave these out")
if is_time(table[target]):
    raise ValueError(f"`{target}` is a time ({table[target].dtype}): make numbers of it")
if table.shape[1] < 2:
    raise ValueError(f"there is no column but `{target}`")
if is_classes(table[target]) and table[target].is_unique:
    raise ValueError(f"each row has a class of its own in `{target}`: name another `target`")
if not methods:
    raise ValueError("`methods` names at least one of univariate, mutual_information, importance, rfe")
ranking = ranking_of(table, target, methods, {"spread": min_spread, "correlation": max_correlation}, seed)
passed = ranking.loc[ranking["left_out"] == "", "column"].head(count or None)
features = [name for name in table if name in {*passed, *always} - {target}]
ranking["kept"] = ranking["column"].isin(features)
ranking.loc[~ranking["kept"] & (ranking["left_out"] == ""), "left_out"] = "others are worth more"
ranking.loc[ranking["kept"], "left_out"] = ""
kept = table[[*features, target]]
print(ranking.to_string(index=False))
