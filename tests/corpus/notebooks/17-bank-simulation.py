# %% [markdown]
# # Queues at the counter
# A discrete simulation: dataclasses with order, enums, totals; helpers below their users; a name that is deleted.
#
# - `opening`: error `hours`, which is data of cell 10

# %%
import heapq
import random
from dataclasses import KW_ONLY, InitVar, asdict, dataclass, field, replace
from enum import Enum, Flag, auto, unique
from functools import total_ordering


# %%
@unique
class Kind(Enum):
    ARRIVE = "arrives"
    LEAVE = "leaves"

    @classmethod
    def parse(cls, text):
        return cls(text)


class Desk(Flag):
    CASH = auto()
    LOAN = auto()
    BOTH = CASH | LOAN


# %%
@dataclass(order=True)
class Event:
    time: float
    kind: Kind = field(compare=False)
    _: KW_ONLY
    customer: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Bank:
    desks: int = 2
    rate: float = 1.0
    service: float = 1.5
    open_for: Desk = Desk.BOTH
    seed: InitVar[int] = 0
    rng: random.Random = field(init=False, repr=False, compare=False)

    def __post_init__(self, seed):
        object.__setattr__(self, "rng", random.Random(seed))


# %%
def simulate(bank, hours):
    events, state = [], State()
    plan(events, 0.0, bank, hours)
    while events:
        event = heapq.heappop(events)
        state = advance(state, event, bank, events)
    return state


# %%
simulate_once = lambda bank: simulate(bank, HOURS)


# %%
@total_ordering
@dataclass(eq=False)
class State:
    waiting: tuple = ()
    busy: int = 0
    served: int = 0
    waited: float = 0.0

    def __eq__(self, other):
        return self.waited == other.waited

    def __lt__(self, other):
        return self.waited < other.waited


def plan(events, now, bank, hours):
    for number in range(hours * 4):
        now += bank.rng.expovariate(bank.rate)
        heapq.heappush(events, Event(now, Kind.ARRIVE, customer=number))


def advance(state, event, bank, events):
    match event:
        case Event(kind=Kind.ARRIVE, time=now):
            state = replace(state, waiting=(*state.waiting, now))
        case Event(kind=Kind.LEAVE):
            state = replace(state, busy=state.busy - 1, served=state.served + 1)
    if state.waiting and state.busy < bank.desks:
        since, *rest = state.waiting
        heapq.heappush(events, Event(event.time + bank.rng.expovariate(1 / bank.service), Kind.LEAVE))
        state = replace(state, waiting=tuple(rest), busy=state.busy + 1, waited=state.waited + event.time - since)
    return state


# %%
HOURS = 8
DEFAULT = Desk.CASH | Desk.LOAN
scratch = simulate_once(Bank())
del scratch

# %%
# %%mlrun day --output state --output report
desks: int = 2
seed: int = 3
state = simulate_once(Bank(desks=desks, seed=seed, open_for=DEFAULT))
report = asdict(state) | {"open_for": (DEFAULT & Desk.LOAN).name}

# %%
hours = state.served // 4

# %%
# %%mlrun compare --input state --output better --output is_state
other = simulate_once(Bank(desks=3, seed=3))
better = min(state, other) is other
is_state = isinstance(state, State)

# %%
# %%mlrun opening --output total
total = hours + HOURS
