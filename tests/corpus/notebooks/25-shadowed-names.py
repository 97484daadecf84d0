# %% [markdown]
# # Names that stand for two things
# Builtins that are shadowed, names bound again from cell to cell, loops and scopes that bind.
#
# - `whole`: error `total` is bound 2 times, in cell 4 and cell 9
# - `whole`: error `--input total`
# - `loop`: error `row`, which is data of cell 6

# %%
from gettext import gettext as _
from operator import itemgetter as get

# %%
input = {"a": [3, 1, 2], "b": [9, 8]}
id = "b"
type = "list"
max = 100


# %%
def sum(values, start=0):
    """With a limit."""
    for value in values:
        start = min(start + value, max)
    return start


total = sum([60, 60])


# %%
def filter(values, low=2):
    return [value for value in values if value >= low]


map = lambda function, values: [function(value) for value in values]
print = lambda *words: None

# %%
for key, row in input.items():
    for x in row:
        print(key, x)
squares = [x * x for x in range(4)]


# %%
class Scope:
    x = "class"
    y = [x for x in "ab"]
    z = x

    def who(self):
        return x_of(self), [x for x in self.y]


def x_of(scope, x="argument"):
    def inner():
        nonlocal x
        x = x.upper()
        return x

    return inner(), scope.x


# %%
def filter(values, low=2, *, key=None):
    """Now with a key."""
    return [value for value in values if (key(value) if key else value) >= low]


# %%
total = sum(filter(input["a"]))
total

# %%
# %%mlrun picked --input input --output kept --output text --output limit
low: int = 2
kept = map(lambda row: filter(row, low), [input[id], *input.values()])
text = _("rows") + type, print("nothing")
limit = sum([70, 40]), max
for i in (j := [0, 1]):
    pass
kept.append([i, *j])

# %%
# %%mlrun scopes --output who --output ordered
who = Scope().who(), Scope.z
x = 1
ordered = sorted([{"n": 2}, {"n": 1}], key=get("n"))
[x for x in range(5)]
assert x == 1

# %%
# %%mlrun whole --output twice
twice = total * 2

# %%
# %%mlrun loop --output last
last = row[-1]
