# %% [markdown]
# # Areas of shapes
# Dispatch by type, a registry that a decorator fills, and classes that register themselves.
# Nobody names the parts that the registry knows; they have to come along all the same.

# %%
import math
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache, partial, singledispatch


# %%
class Unit(Enum):
    CM = auto()
    M = auto()


@dataclass(frozen=True)
class Circle:
    radius: float
    unit: Unit = Unit.CM


@dataclass
class Rectangle:
    width: float
    height: float
    tags: list = field(default_factory=list)


# %%
@singledispatch
def area(shape):
    raise TypeError(f"no area of a {type(shape).__name__!r}")


# %%
@area.register
def _(shape: Circle):
    return math.pi * shape.radius**2


@area.register(Rectangle)
def _(shape):
    return shape.width * shape.height


# %%
shapes = [Circle(1.0), Rectangle(2.0, 3.0)]
[area(shape) for shape in shapes]

# %%
FORMATS = {}


def formats(function):
    FORMATS.update({function.__name__: function})
    return function


def shout(function):
    return lambda *args: function(*args).upper()


# %%
@formats
def short(value):
    return f"{value:.1f}"


@formats
@shout
def scientific(value):
    return f"{value:.2e}"


# %%
@lru_cache(maxsize=32)
def sides(n):
    return 2 * math.sin(math.pi / n)


perimeter = partial(lambda n, r: n * r * sides(n), r=2.0)


# %%
class Plugin:
    known = []

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Plugin.known.append(cls)

    corners = 0


class Hexagon(Plugin):
    corners = 6


# %%
# %%mlrun measure --output total --output text
radius: float = 1.5
figures = [Circle(radius, Unit.M), Rectangle(radius, 2)]
total = sum(map(area, figures))
text = [FORMATS[name](total) for name in sorted(FORMATS)]

# %%
total, text

# %%
# %%mlrun polygons --output lengths --output hits
largest: int = 6
lengths = [perimeter(n) for n in range(3, largest + 1)]
hits = sides.cache_info().misses

# %%
# %%mlrun plugins --output corners
corners = sum(kind.corners for kind in Plugin.__subclasses__())
