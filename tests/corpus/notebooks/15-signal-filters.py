# %% [markdown]
# # Filters with Greek letters
# Unicode names (one with a ligature, one composed of two characters), windows as lambdas, a class that is redefined.

# %%
from __future__ import annotations

import numpy as np

# %%
π = np.pi
σ = 1.5
Δt = 0.01
FENSTER = {"rect": lambda n: np.ones(n), "hann": lambda n: 0.5 - 0.5 * np.cos(2 * π * np.arange(n) / (n - 1))}
Größe = 9


# %%
class Filter:
    def __init__(self, name: str, größe: int = Größe):
        w = FENSTER[name](größe)
        self.weights = w / w.sum()

    def __call__(self, x: Signal) -> Signal:
        return np.convolve(x, self.weights, "same")


# %%
class Gauss(Filter):
    def __init__(self, σ: float = σ):
        t = np.arange(-4, 5)
        self.weights = np.exp(-(t**2) / (2 * σ**2)) / (σ * np.sqrt(2 * π))


# %%
class Filter:
    """Now with a name."""

    def __init__(self, name: str, größe: int = Größe):
        self.name = name
        w = FENSTER[name](größe)
        self.weights = w / w.sum()

    def __call__(self, x):
        return np.convolve(x, self.weights, "full")[: len(x)]


# %%
def ﬁlter_all(x, *filters):
    for each in filters:
        x = each(x)
    return x


def énergie(x: "Signal") -> float:
    return float(np.sum(x**2) * Δt)


Signal = np.ndarray

# %%
t = np.arange(0, 1, Δt)
x = np.sin(2 * π * 3 * t) + 0.3 * np.cos(2 * π * 40 * t)

# %%
# %%mlrun smooth --input x --output smoothed --output energies
breite: int = 7
smoothed = filter_all(x, Filter("hann", breite), Gauss())
energies = {"avant": énergie(x), "après": énergie(smoothed), "rect": énergie(Filter("rect")(x))}

# %%
energies

# %%
# %%mlrun hints --output names
from typing import get_type_hints

names = sorted(get_type_hints(énergie)), get_type_hints(énergie)["x"].__name__, hasattr(Filter("rect"), "name")
