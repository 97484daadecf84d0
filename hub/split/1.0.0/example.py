# %% [markdown]
# # Split a table

# %%
import mlrun_nb as mn

table = mn.get_function("hub://load-data").run(source="sklearn:iris").outputs.table.load()
parts = mn.get_function("hub://split").run(table=table, test_share=0.2, stratify="target")
parts.outputs.test.load().head()

# %%
assert (parts.results["train_rows"], parts.results["test_rows"]) == (120, 30)
assert parts.outputs.test.load()["target"].value_counts().to_list() == [10, 10, 10]

# %% [markdown]
# By order, and so that no group is in both parts:

# %%
split = mn.get_function("hub://split")
name = str(table.columns[0])
ordered = split.run(table=table, time=name)
assert ordered.outputs.train.load()[name].max() <= ordered.outputs.test.load()[name].min()
apart = split.run(table=table, group="target", test_share=0.3)
assert not set(apart.outputs.train.load()["target"]) & set(apart.outputs.test.load()["target"])
