# %% [markdown]
# # The monthly report
# Cells that write text: f-strings in f-strings, templates, a captured output, a figure.
#
# - `page`: error `printed`, which is data of cell 5 (`%%capture printed`)
# - `page`: error `--input printed`
# - `figure`: notice `matplotlib.use('agg')` in cell 2
# - `figure`: notice `plt.style.use('ggplot')` in cell 2
# - `figure`: differs `drawing`: figures are compared by nobody

# %%
import calendar
import datetime as dt
import locale
from string import Template
from typing import Final

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt

plt.style.use("ggplot")

# %%
MONTH: Final = dt.date(2024, 5, 1)
DAYS = 31
LAST = dt.date(2024, 5, DAYS)
CURRENCY = "€"
TITLE = f"{MONTH:%B %Y} ({(MONTH - dt.timedelta(days=1)):%b} before)"
LINE = "$name: $amount"
MARK = {True: "✓", False: "✗"}

# %%
sales = {"tea": [12.5, 8.0, 22.25], "mugs": [80.0], "pots": []}

# %%
# %%capture printed
print("sales of", TITLE)
sorted(sales)


# %%
def money(amount, *, width=10):
    return f"{f'{amount:,.2f} {CURRENCY}':>{width}}"


def table(rows: dict) -> str:
    return "\n".join(
        f"| {name:<{max(map(len, rows))}} | {money(sum(amounts))} | {MARK[bool(amounts)]} |"
        for name, amounts in rows.items()
    )


# %%
print(table(sales))

# %%
# %%mlrun write --input sales --output text --output title
above: float = 20.0
title = f"{TITLE!s:*^40}"
text = f"""# {title}

{table({name: [part for part in amounts if part > above] for name, amounts in sales.items()})}
{Template(LINE).substitute(name="days", amount=f"{DAYS:03d}")}
"""

# %%
from IPython.display import Markdown

Markdown(text)

# %%
# %%mlrun page --output lines
lines = printed.stdout.splitlines()

# %%
# %%mlrun figure --input sales --output drawing --output bars
drawing, ax = plt.subplots()
bars = len(ax.bar(list(sales), [sum(amounts) for amounts in sales.values()]))
ax.set_title(TITLE)

# %%
plt.close("all")
