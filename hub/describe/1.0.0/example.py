# %% [markdown]
# # Describe a table

# %%
import mlrun_nb as mn

table = mn.get_function("hub://load-data").run(source="sklearn:wine").outputs.table.load()
described = mn.get_function("hub://describe").run(table=table, title="Wine")
described.outputs.profile.load()

# %%
assert described.results["rows"] == 178
assert described.results["missing"] == 0
assert described.outputs.profile.load().loc["alcohol", "distinct"] == 126
