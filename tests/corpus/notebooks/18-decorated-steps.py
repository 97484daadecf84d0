# %% [markdown]
# # A small workflow engine
# Decorators with and without arguments, on classes and methods; a registry kept by name; a metaclass; descriptors.

# %%
import contextvars
import functools
import operator
from collections import ChainMap, defaultdict
from inspect import signature

# %%
STEPS = {}
ORDER: list[str] = []
DEPTH = contextvars.ContextVar("DEPTH", default=0)
by_order = operator.attrgetter("order")
LIMITS = ChainMap({"retries": 2}, {"retries": 1, "pause": 0.0})


# %%
def step(name=None, *, order=0):
    def keep(function):
        @functools.wraps(function)
        def run(*args, **kwargs):
            token = DEPTH.set(DEPTH.get() + 1)
            try:
                return function(*args, **kwargs)
            finally:
                DEPTH.reset(token)

        run.order = order
        STEPS[name or function.__name__] = run
        return run

    return keep


def retry(times):
    def wrap(function):
        @functools.wraps(function)
        def run(*args):
            for attempt in range(times):
                try:
                    return function(*args)
                except ValueError:
                    if attempt == times - 1:
                        raise

        return run

    return wrap


# %%
@step(order=2)
def double(values):
    return [value * 2 for value in values]


@step("only odd", order=1)
def odd(values):
    return [value for value in values if value % 2]


# %%
@step(order=3)
@retry(LIMITS["retries"])
def total(values):
    if not values:
        raise ValueError("nothing to add")
    return sum(values) * DEPTH.get()


def unused(values):
    return undefined_anywhere(values)


# %%
class Positive:
    def __set_name__(self, owner, name):
        self.name = f"_{name}"

    def __get__(self, instance, owner=None):
        return self if instance is None else getattr(instance, self.name)

    def __set__(self, instance, value):
        if value <= 0:
            raise ValueError(f"{self.name[1:]} must be positive")
        setattr(instance, self.name, value)


class Recorded(type):
    made = defaultdict(int)

    def __call__(cls, *args, **kwargs):
        cls.made[cls.__name__] += 1
        return super().__call__(*args, **kwargs)


def shown(cls):
    names = list(signature(cls.__init__).parameters)[1:]
    cls.__repr__ = lambda self: f"{cls.__name__}({', '.join(f'{n}={getattr(self, n)!r}' for n in names)})"
    return cls


# %%
@shown
class Box(metaclass=Recorded):
    width = Positive()
    height = Positive()

    def __init__(self, width, height=1):
        self.width, self.height = width, height

    @property
    def area(self):
        return self.width * self.height

    @area.setter
    def area(self, value):
        self.width = value / self.height

    @functools.cached_property
    def half(self):
        return Box(self.width / 2, self.height)

    @staticmethod
    def unit():
        return Box(1)


# %%
odd(range(5))

# %%
# %%mlrun run_all --output outcome --output order
values: list = [1, 2, 3, 4, 5]
order = [function.__name__ for function in sorted(STEPS.values(), key=by_order)]
outcome = functools.reduce(lambda data, function: function(data), sorted(STEPS.values(), key=by_order), values)

# %%
outcome

# %%
# %%mlrun boxes --output text --output made
box = Box(3, 2)
box.area = 10
try:
    Box.unit().width = -1
except ValueError as err:
    reason = str(err)
text = [repr(box), repr(box.half), reason]
made = dict(Recorded.made)

# %%
len(text)
