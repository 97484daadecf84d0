# %% [markdown]
# # Down the valley
# Minimisers by hand and by library, whichever is there; closures that count; a star import.

# %%
from math import *

try:
    from scipy.optimize import minimize as scipy_minimize
except ImportError:
    scipy_minimize = None
    HAVE_SCIPY = False
else:
    HAVE_SCIPY = True

try:
    import a_solver_that_nobody_has as solver
except ModuleNotFoundError:

    class solver:
        """What stands in."""

        tolerance = 1e-6

        @staticmethod
        def name():
            return "stand-in"


# %%
import functools
from typing import Callable, Protocol


class Function(Protocol):
    def __call__(self, x: float, y: float) -> float: ...


Objective = Callable[[float, float], float]


# %%
def counted(function: Objective) -> Objective:
    calls = 0

    @functools.wraps(function)
    def wrapper(*args):
        nonlocal calls
        calls += 1
        wrapper.calls = calls
        return function(*args)

    return wrapper


# %%
@counted
def himmelblau(x, y):
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


rosenbrock = lambda x, y, a=1, b=100: (a - x) ** 2 + b * (y - x**2) ** 2
PROBLEMS = {"himmelblau": himmelblau, "rosenbrock": rosenbrock, "bowl": lambda x, y: x * x + y * y}

# %%
himmelblau(0, 0)


# %%
def gradient(f: Function, x, y, h=1e-6):
    return (f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h)


def descend(f, start, rate, steps):
    x, y = start
    for _ in range(steps):
        dx, dy = gradient(f, x, y)
        if hypot(dx, dy) < solver.tolerance:
            break
        x, y = x - rate * dx, y - rate * dy
    return x, y


# %%
for name, problem in PROBLEMS.items():
    print(name, problem(1, 1))

# %%
# %%mlrun by_hand --output ends --output calls --output used
rate: float = 0.001
steps: int = 300
start: list = [1.0, 1.5]
ends = {name: descend(problem, start, rate, steps) for name, problem in PROBLEMS.items()}
before = himmelblau.calls
himmelblau(3, 2)
calls = himmelblau.calls - before
used = solver.name()

# %%
# %%mlrun by_library --output minimum --output value
problem: str = "bowl"
chosen = PROBLEMS[problem]
if HAVE_SCIPY:
    found = scipy_minimize(lambda p: chosen(*p), [1.0, 2.0], method="Nelder-Mead", tol=solver.tolerance)
    minimum, value = found.x.round(3).tolist(), round(float(found.fun), 6)
else:
    minimum, value = [0.0, 0.0], 0.0
minimum = [abs(part) for part in minimum]
