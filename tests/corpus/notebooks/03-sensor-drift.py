# %% [markdown]
# # Drift of a temperature sensor
# Generated series, rolling statistics, alarms. The seed is set where everybody sets it: at the top.
#
# - `simulate`: notice `np.random.seed(11)` in cell 2
# - `simulate`: notice `pd.set_option('display.precision', 2)` in cell 2
# - `simulate`: differs `series`: the seed of cell 2 does not travel, as the notice says
# - `alarms`: notice `pd.set_option('display.precision', 2)` in cell 2
# - `alarms`: notice `np.random.seed(11)` in cell 2
# - `figure`: notice `plt.rcParams['figure.dpi'] = 60` in cell 2

# %%
# %matplotlib inline
import matplotlib.pyplot as plt, numpy as np, pandas as pd

np.random.seed(11)
pd.set_option("display.precision", 2)
plt.rcParams["figure.dpi"] = 60

# %%
from datetime import datetime, timedelta

START = datetime(2024, 3, 1)
STEP = timedelta(minutes=10)
HOURS = 6
DAY = timedelta(days=1) // STEP
KIND = {"low": -1, "ok": 0, "high": 1}
NAMES = {code: name for name, code in KIND.items()}

# %%
# %%mlrun simulate --output series
days: int = 4
noise: float = 0.3
n = days * DAY
t = np.arange(n) / DAY
values = 20 + 4 * np.sin(2 * np.pi * t) + 0.5 * t + np.random.normal(0, noise, n)
series = pd.Series(values, index=[START + i * STEP for i in range(n)], name="temperature").to_frame()

# %%
series.describe()


# %%
def smooth(column, hours=HOURS):
    window = int(timedelta(hours=hours) / STEP)
    return column.rolling(window, min_periods=1).mean()


def classify(value, limit):
    match value:
        case float(x) if x > limit:
            return KIND["high"]
        case float(x) if x < -limit:
            return KIND["low"]
        case _:
            return KIND["ok"]


# %%
# %%mlrun alarms --input series --output table --output counts
limit: float = 2.0
temperature = series["temperature"]
table = pd.DataFrame({"value": temperature, "smooth": smooth(temperature)})
table["code"] = [classify(float(v), limit) for v in table["value"] - table["smooth"]]
table["alarm"] = table["code"].map(NAMES)
counts = {str(k): int(v) for k, v in table["alarm"].value_counts().sort_index().items()}
rows = np.flatnonzero(table["code"])

# %%
assert sum(counts.values()) == len(series)
counts

# %%
# %%mlrun figure --input table --output points
highest = table.query("alarm == 'high'")
plt.plot(table.index, table["value"], table.index, table["smooth"])
plt.plot(highest.index, highest["value"], "r.")
plt.show()
points = len(highest)
