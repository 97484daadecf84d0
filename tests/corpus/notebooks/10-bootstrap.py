# %% [markdown]
# # How sure are we of a median?
# The bootstrap. Generators and drawn samples are data; a constant of arrays is too.
#
# - `interval`: error needs `rng`, which is data of cell 3 (`rng = np.random.default_rng(99)`): it is the result of a call, `np.random.default_rng(
# - `interval`: error or tag cell 3 `mlrun-setup` to take it whole.
# - `interval_set_up`: options --with-setup
# - `grid`: error `QUANTILES`, which is data of cell 5

# %%
import numpy as np
from functools import partial

# %%
rng = np.random.default_rng(99)

# %%
sample = np.random.default_rng(5).exponential(3.0, 80)

# %%
QUANTILES = np.linspace(0.05, 0.95, 5)
LEVELS = (0.025, 0.975)


# %%
def resample(values, generator, *, statistic, times):
    draws = generator.choice(values, (times, len(values)))
    return statistic(draws, axis=1)


median = partial(resample, statistic=np.median)
trimmed = partial(
    resample, statistic=lambda draws, axis: np.sort(draws, axis=axis)[:, 5:-5].mean(axis=axis)
)

# %%
np.median(sample)

# %%
# %%mlrun interval --input sample --output low --output high
times: int = 200
low, high = np.quantile(median(sample, rng, times=times), LEVELS)

# %%
rng = np.random.default_rng(99)

# %%
# %%mlrun interval_set_up --input sample --input rng --output low --output high
times: int = 200
low, high = np.quantile(median(sample, rng, times=times), LEVELS)

# %%
high - low

# %%
# %%mlrun compare
#| mlrun.input: [sample]
#| mlrun.output: [table]
times: int = 100
seed: int = 1
table = {
    name: np.quantile(function(sample, np.random.default_rng(seed), times=times), LEVELS).tolist()
    for name, function in {"median": median, "trimmed": trimmed}.items()
}

# %%
# %%mlrun grid --input sample --output quantiles
quantiles = np.quantile(sample, QUANTILES)
