# %% [markdown]
# # Detect drift
#
# The same customers twice, then others who are older and live elsewhere.

# %%
import numpy as np
import pandas as pd

import mlrun_nb as mn

rng = np.random.default_rng(0)


def customers(rows, *, older=0.0, south=0.3):
    """Return a table of customers."""
    return pd.DataFrame(
        {
            "age": rng.normal(40 + older, 12, rows),
            "income": rng.lognormal(10, 0.5, rows),
            "region": rng.choice(["north", "south"], rows, p=[1 - south, south]),
        }
    )


detect = mn.get_function("hub://detect-drift")
reference = customers(3000)
same = detect.run(reference=reference, current=customers(1000))
other = detect.run(reference=reference, current=customers(1000, older=8, south=0.6))
print(other.outputs.drift.load())

# %%
assert not same.results["drifted"]
assert set(other.outputs.columns.load()) == {"age", "region"}
assert other.outputs.drift.load().set_index("column").loc["age", "psi"] > 0.2
