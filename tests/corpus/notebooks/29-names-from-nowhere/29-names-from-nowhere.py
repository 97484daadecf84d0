# %% [markdown]
# # Names from nowhere
# What `%run`, `exec` and `globals()` bind is seen by nobody who reads; a setup cell is the way out.
#
# - `speed`: error `SPEED`, which is data of cell 3 (`%run constants.py`): it may have been bound there
# - `speed`: error tag cell 3 `mlrun-setup`
# - `hidden`: error `secret`, which is data of cell 3
# - `undefined`: error `later`, which is data of cell 3
# - `energy`: kernel
# - `energy`: notice `%run constants.py` in cell 3

# %%
import math
import sys

# %%
# %run constants.py

# %%
exec("secret = 41")
globals()["secret"] += 1


# %%
def harmonic(n):
    return sum(1 / i for i in range(1, n + 1))


harmonic(3)

# %%
# %%mlrun speed --output v
v = SPEED * 2

# %%
# %%mlrun hidden --output x
x = secret

# %%
# %%mlrun undefined --output x
x = later + 1

# %%
later = 1

# %% tags=["mlrun-setup"]
# %run -i constants.py
sys.setrecursionlimit(4000)
setattr(math, "tau_is", "known")

# %%
# %%mlrun energy --output joule --output limit --output known
mass: float = 2.0
joule = mass * SPEED**2
limit = sys.getrecursionlimit()
known = math.tau_is

# %%
joule
