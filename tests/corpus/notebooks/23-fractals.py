# %% [markdown]
# # Pictures of numbers
# Plots, complex numbers, class-level loops, generators that nobody may carry along.
#
# - `draw`: notice `plt.rcParams.update({'image.cmap': 'magma'})` in cell 2
# - `draw`: differs `picture`: figures are compared by nobody
# - `next_colour`: error `colours`, which is data of cell 4 (`colours = cycle("rgb")`): it is the result of a call

# %%
import matplotlib.pyplot as plt
import numpy as np

plt.rcParams.update({"image.cmap": "magma"})

# %%
c0 = complex(-0.4, 0.6)
CENTRES = {"julia": c0, "rabbit": -0.123 + 0.745j, "dust": c0 - 0.1}
WINDOW = slice(-1.5, 1.5, 60j)
SIZE = round(abs(WINDOW.step))

# %%
from itertools import cycle, takewhile

colours = cycle("rgb")
next(colours)


# %%
class Palette:
    names = "red green blue".split()
    codes = {}
    for number, name in enumerate(names):
        codes[name] = 1 << number
    del number, name
    brightest = max(codes.values())
    mixed = [7 - code for code in codes.values()] if (total := len(names)) else []


# %%
def escape(z, c, limit):
    orbit = takewhile(lambda z: abs(z) < 2, iterate(z, c))
    return sum(1 for _, _ in zip(orbit, range(limit)))


def iterate(z, c):
    while True:
        yield z
        z = z * z + c


# %%
def field(c, limit=20, size=SIZE):
    y, x = np.ogrid[WINDOW, WINDOW]
    points = (x + 1j * y).ravel()
    return np.array([escape(z, c, limit) for z in points.tolist()]).reshape(size, size)


# %%
# %%mlrun compute --output fields --output heights --output code
limit: int = 12
size: int = 60
fields = np.stack([field(c, limit) for c in CENTRES.values()])
heights = {name: int(values.max()) for name, values in zip(CENTRES, fields)}
code = Palette.mixed[Palette.total - 1] + Palette.brightest

# %%
heights

# %%
# %%mlrun draw --input fields --output picture --output panels
picture, axes = plt.subplots(1, len(CENTRES), squeeze=False)
for ax, values in zip(axes.flat, fields):
    ax.imshow(values)
panels = axes.shape[1]

# %%
# %%mlrun next_colour --output colour
colour = next(colours)
