# %% [markdown]
# # Orders, from a heap of rows to a table
# pandas from end to end: a query that names a constant in its text, SQL, definitions that depend on the day.
#
# - `clean`: notice `pd.options.mode.copy_on_write = True` in cell 2
# - `revenue`: notice `pd.options.mode.copy_on_write = True` in cell 2
# - `small`: error `ceiling`, which is data of cell 10

# %%
import sqlite3
import textwrap
from io import StringIO

import pandas as pd

pd.options.mode.copy_on_write = True

# %%
RAW = """\
order,customer,item,price,count,day
1,Ada,tea,3.50,2,2024-01-03
2,Bob,tea,3.50,,2024-01-04
2,Bob,mug,"8,00",1,2024-01-04
3,Cleo,pot,21.00,1,2024-02-01
4,Ada,mug,8.00,-1,2024-02-02
"""
orders = pd.read_csv(StringIO(RAW))
orders

# %%
COLUMNS = {"order": "int64", "price": "float64", "count": "int64"}
CHEAP, DEAR = 5.0, 20.0
QUERY = textwrap.dedent("""
    select customer, round(sum(price * count), 2) as total
    from orders group by customer order by total desc
""")

# %%
DEBUG = False
if DEBUG:

    def peek(frame, what=""):
        print(what, frame.shape)
        return frame
else:

    def peek(frame, what=""):
        return frame


# %%
def number(text):
    """`8,00` is eight."""
    return float(str(text).replace(",", "."))


def fill(frame, /, **values):
    return frame.fillna(values)


# %%
# %%mlrun clean --input orders --output tidy
keep_returns: bool = False
tidy = (
    orders.assign(price=lambda frame: frame["price"].map(number), day=lambda f: pd.to_datetime(f["day"]))
    .pipe(fill, count=1)
    .pipe(peek, "filled")
    .astype(COLUMNS)
)
if not keep_returns:
    tidy = tidy[tidy["count"] > 0].reset_index(drop=True)

# %%
tidy.dtypes

# %%
# %%mlrun revenue --input tidy --output totals --output by_month
with sqlite3.connect(":memory:") as connection:
    tidy.to_sql("orders", connection, index=False)
    totals = pd.read_sql(QUERY, connection)
by_month = tidy.assign(total=tidy["price"] * tidy["count"]).groupby(tidy["day"].dt.month)["total"].sum().to_dict()

# %%
ceiling = float(totals["total"].max())


def above(frame):
    return frame.query("price >= @DEAR")


# %%
# %%mlrun big --input tidy --output dear --output cheap
dear = above(tidy)["item"].tolist()
cheap = [tidy.query(f"price < @limit and {column} > 0")["item"].tolist() for limit in [CHEAP] for column in ["count"]]
cheap += [tidy.query("price < @CHEAP")["item"].tolist()]

# %%
# %%mlrun small --input tidy --output rows
rows = len(tidy.query("price < @ceiling"))

# %%
if __name__ == "__main__":
    print(f"{len(dear)} dear, {sum(map(len, cheap))} cheap")
