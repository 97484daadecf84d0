# %% [markdown]
# # Kept since 2014
# Stars, `%run`, automagic, the history. After a star nobody can tell a wrong name before the run.
#
# - `sums`: kernel
# - `sums`: notice `%run constants.py` in cell 3
# - `speed`: notice `%run constants.py` in cell 3
# - `speed`: fails NameError
# - `last`: error `_5`, which is the history of a kernel and not there in a run
# - `last`: error Keep `_5` in a variable of its own

# %%
from math import *
from numpy import *
import warnings; warnings.simplefilter("ignore")

# %%
# %run constants.py
# %pwd

# %%
def harmonic(n): return sum(1 / arange(1, n + 1))
harmonic(3)

# %%
# %%mlrun sums --output first --output second --output here
n: int = 4
first = harmonic(n); second = float(cos(pi * n) + floor(log2(n)))
# here = !echo {n} $n

# %%
# %%mlrun speed --output v
v = SPEED * 2

# %%
# %%mlrun last --output x
x = _5
