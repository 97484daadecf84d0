# %% [markdown]
# # Pi, dice and a random walk
# Monte Carlo with the standard library. The seed stands in a cell that is taken whole.
#
# - `timed`: kernel
# - `walks`: error `SEEN`, which is data of cell 6
# - `walks`: error `SEEN` is named in a `global` statement in `roll` (cell 6, line 4), called in cell 7
# - `walks`: error make `SEEN` a parameter, a first line such as `SEEN: int = 0`

# %% tags=["mlrun-setup"]
import random

random.seed(2024)
GENERATOR = random.Random(7)

# %%
import math
from itertools import accumulate, islice, pairwise
from statistics import mean, pstdev


# %%
def points(n):
    for _ in range(n):
        yield random.random(), random.random()


# %%
# %%mlrun estimate --output pi_hat --output error
n: int = 2000
hits = sum(1 for x, y in points(n) if math.hypot(x, y) <= 1)
pi_hat = 4 * hits / n
error = abs(pi_hat - math.pi)

# %%
SEEN = 0


def roll(sides=6, rng=GENERATOR):
    global SEEN
    SEEN += 1
    return rng.randrange(sides) + 1


SEEN += roll()


# %%
# %%time
throws = [roll() for _ in range(100)]
mean(throws), pstdev(throws)

# %%
# %time squares = [t * t for t in throws]


# %%
def walk(steps, rng):
    return accumulate(rng.choice((-1, 1)) for _ in range(steps))


# %%
# %%mlrun walks
#| mlrun.output: longest
longest = SEEN + max(walk(10, random.Random(1)))


# %%
# %%mlrun visits --output furthest --output turns --output first
steps: int = 200
path = [*walk(steps, random.Random(1))]
furthest = max(path, key=abs)
turns = sum((b - a) != (c - b) for (a, b), (_, c) in zip(pairwise(path), pairwise(path[1:])))
first = next((i for i, position in enumerate(path) if (size := abs(position)) >= 5), None), size

# %%
first


# %%
# %%mlrun roulette
def roulette(rounds: int = 50, *, stake: float = 1.0, seed: int = 3):
    """Always red, doubled after a loss."""
    rng, money, bet = random.Random(seed), 0.0, stake
    for _ in range(rounds):
        money, bet = (money + bet, stake) if rng.random() < 18 / 37 else (money - bet, bet * 2)
    return money


# %%
result

# %%
# %%mlrun timed --output total
n: int = 10
rng = random.Random(n)
# %time total = sum(walk(n, rng))
# !true
