# %% [markdown]
# # Profile a notebook
#
# One whose second cell takes 200 MiB, and one that a run has left.

# %%
from pathlib import Path
from tempfile import mkdtemp

import mlrun_nb as mn

notebook = Path(mkdtemp()) / "heavy.py"
notebook.write_text("""# %%
numbers = list(range(1000))
# %%
big = bytearray(200 * 2**20)
# %%
for _ in range(200): numbers.sort(key=str)
""")
profile = mn.get_function("hub://profile-notebook")
profiled = profile.run(source=str(notebook))
cells = profiled.outputs.cells.load().set_index("cell")
print(cells)

# %%
assert list(cells.index) == [1, 2, 3]
assert cells["grown_mib"].idxmax() == 2
assert cells.loc[2, "grown_mib"] > 190
assert profiled.results["peak_mib"] > 200

# %%
again = profile.run(source=profiled.id)
assert again.results["peak_mib"] is None
assert again.outputs.cells.load()["seconds"].sum() > 0
