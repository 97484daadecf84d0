# %% [markdown]
# # Ask with SQL
#
# A frame joined with a file.

# %%
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd
from sklearn.datasets import load_iris

import mlrun_nb as mn

flowers = load_iris(as_frame=True).frame.rename(columns={"petal length (cm)": "petal"})
names = Path(mkdtemp()) / "names.csv"
pd.DataFrame({"target": [0, 1, 2], "name": ["setosa", "versicolor", "virginica"]}).to_csv(names, index=False)
asked = mn.get_function("hub://sql").run(
    tables={"flowers": flowers, "names": str(names)},
    query="SELECT name, count(*) AS flowers, avg(petal) AS petal FROM flowers JOIN names USING (target) GROUP BY name",
)
result = asked.outputs.result.load().set_index("name")
print(result)

# %%
assert asked.results["rows"] == 3
assert result["flowers"].to_list() == [50, 50, 50]
assert round(result.loc["setosa", "petal"], 3) == 1.462
