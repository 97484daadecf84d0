"""Every strategy of ours passes the suite that third parties inherit."""

from __future__ import annotations

import secrets

import pytest

from mlrun_nb.model.domains import LogRandInt, LogUniform, Normal, RandInt, Uniform, Values
from mlrun_nb.model.search import Memory, Search
from mlrun_nb.model.selection import Goal
from mlrun_nb.model.space import Dimension, Space
from mlrun_nb.testing.strategy_contract import StrategyContract

OURS = "from mlrun_nb.plugins import make_strategy\nstrategy = make_strategy(search, memory)"
LR = Dimension(name="lr", domain=LogUniform(low=1e-5, high=1e-1))
DROPOUT = Dimension(name="dropout", domain=Uniform(low=0.0, high=0.5, step=0.1))
DEPTH = Dimension(name="depth", domain=RandInt(low=2, high=12))
UNITS = Dimension(name="units", domain=LogRandInt(low=1, high=512))
SHIFT = Dimension(name="shift", domain=Normal(mean=0.0, std=1.0))
KIND = Dimension(name="kind", domain=Values(values=("adam", "sgd", None, [64, 32])))
WHOLE = Dimension(name="whole", domain=Values(values=(3, 1, 2, 4, 5)))


class TestGrid(StrategyContract):
    """Every combination."""

    strategy_source = OURS
    search = Search(strategy="grid", space=Space(dimensions=(KIND, WHOLE, DROPOUT)))


class TestList(StrategyContract):
    """Values side by side."""

    strategy_source = OURS
    column = Dimension(name="lr", domain=Values(values=(0.1, "NaN", 1.0, 0.1, 0.0)))
    search = Search(strategy="list", space=Space(dimensions=(WHOLE, column)))


class TestListedPoints(StrategyContract):
    """Points that need not have the same parameters."""

    strategy_source = OURS
    search = Search(strategy="list", points=({"a": 1}, {"a": 2, "b": 1.0}, {}, {"a": 2, "b": 1.0}, {"b": True}))


class TestRandomWhereEverythingCanBeCounted(StrategyContract):
    """A random order."""

    strategy_source = OURS
    search = Search(strategy="random", space=Space(dimensions=(KIND, WHOLE, DEPTH)), seed=3)


class TestRandomWhereSomeValuesAreLikelier(StrategyContract):
    """Draws, none twice."""

    strategy_source = OURS
    search = Search(strategy="random", space=Space(dimensions=(UNITS,)), seed=3)


class TestRandomWhereNothingEnds(StrategyContract):
    """Draws, as many as were asked for."""

    strategy_source = OURS
    search = Search(strategy="random", space=Space(dimensions=(LR, SHIFT, KIND, UNITS)), max_runs=50)


class OptunaContract(StrategyContract):
    """What a study has to do, wherever it lies."""

    strategy_source = OURS
    search = Search(
        strategy="optuna",
        space=Space(dimensions=(LR, DROPOUT, DEPTH, UNITS, KIND, WHOLE)),
        max_runs=12,
        goal=Goal(direction="max", result="accuracy"),
        options={"pruner": "median", "pruner_options": {"n_startup_trials": 1}},
    )


class TestOptuna(OptunaContract):
    """A study in a file."""


class TestOptunaInTheDatabaseOfATeam(OptunaContract):
    """A study in PostgreSQL, beside a store."""

    @pytest.fixture
    def memory(self, postgresql_url):
        """Give a study of the test's own."""
        return Memory(url=postgresql_url, name=secrets.token_hex(4))


class TestOptunaWithCmaEs(OptunaContract):
    """A sampler that keeps what it has learned in the study."""

    search = Search(
        strategy="optuna",
        space=Space(dimensions=(LR, DROPOUT, KIND)),
        max_runs=30,
        goal=Goal(direction="min", result="loss"),
        options={"sampler": "cmaes", "sampler_options": {"n_startup_trials": 2}},
    )
