"""The strategy `optuna`: its studies are what Optuna's own tools read, and no trial of them is left hanging."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState
from sqlalchemy.pool import NullPool

from mlrun_nb._lib.records import to_json
from mlrun_nb.errors import ConfigError, OptionError, StoreError
from mlrun_nb.model.domains import LogRandInt, LogUniform, Normal, RandInt, Uniform, Values
from mlrun_nb.model.search import Memory, Search
from mlrun_nb.model.selection import Goal
from mlrun_nb.model.space import Dimension, Space
from mlrun_nb.plugins import make_strategy
from mlrun_nb.stores.opening import open_store
from mlrun_nb.testing.records import make_run, make_version

X = Dimension(name="x", domain=Uniform(low=-10.0, high=10.0))
KIND = Dimension(name="kind", domain=Values(values=("a", "b", None)))
SEARCH = Search(
    strategy="optuna",
    space=Space(dimensions=(X, KIND)),
    max_runs=40,
    goal=Goal(direction="min", result="loss"),
)
MEDIAN = {"pruner": "median", "pruner_options": {"n_startup_trials": 1}}


@pytest.fixture
def memory(tmp_path) -> Memory:
    """Give a file of the test's own."""
    return Memory(url=f"sqlite:///{tmp_path / 'optuna.db'}", name="sweep")


def study(memory: Memory) -> optuna.Study:
    """Open the study as anybody would who has Optuna."""
    storage = optuna.storages.RDBStorage(memory.url, {"poolclass": NullPool})
    return optuna.load_study(study_name=memory.name, storage=storage)


def states(memory: Memory) -> list[TrialState]:
    """Return how its trials ended, in their order."""
    return [trial.state for trial in study(memory).get_trials()]


def test_a_sweep_is_a_study_with_its_points_and_values(memory):
    """Number by number; a run without a value is a failed trial."""
    strategy = make_strategy(SEARCH, memory)
    points = [strategy.ask(number) for number in range(4)]
    strategy.tell(2, 0.5, state="succeeded")
    strategy.tell(0, None, state="failed")
    strategy.tell(1, float("nan"), state="succeeded")
    strategy.tell(3, None, state="pruned")
    strategy.close()
    trials = study(memory).get_trials()
    assert [trial.params["x"] for trial in trials] == [point["x"] for point in points]
    assert states(memory) == [TrialState.FAIL, TrialState.FAIL, TrialState.COMPLETE, TrialState.PRUNED]
    assert study(memory).best_value == 0.5
    assert study(memory).direction.name == "MINIMIZE"


def test_later_points_are_better_than_the_first_ones():
    """That is what it is for: the second half of forty is nearer to the optimum, x = 3, than the first."""
    strategy = make_strategy(SEARCH, Memory())
    distances = []
    for number in range(40):
        distances.append(abs(strategy.ask(number)["x"] - 3))
        strategy.tell(number, distances[-1] ** 2, state="succeeded")
    strategy.close()
    assert sum(distances[20:]) < sum(distances[:20])
    assert min(distances) < 0.2


def test_a_sweep_that_is_begun_again_after_every_point_is_the_same_sweep(memory, tmp_path):
    """A restart neither repeats the first random points nor forgets what was told."""

    def walked(place, *, restarting):
        strategy, points = make_strategy(SEARCH, place), []
        for number in range(15):
            points.append(strategy.ask(number))
            strategy.tell(number, number * 7 % 5, state="succeeded")
            if restarting:
                strategy.close()
                strategy = make_strategy(SEARCH, place)
        strategy.close()
        return points

    other = replace(memory, url=f"sqlite:///{tmp_path / 'other.db'}")
    points = walked(memory, restarting=False)
    assert walked(other, restarting=True) == points
    assert len({point["x"] for point in points}) == 15


def test_another_seed_means_other_points(memory):
    """And the same one the same, in another study."""
    one = make_strategy(SEARCH, memory)
    same = make_strategy(SEARCH, replace(memory, name="same"))
    other = make_strategy(replace(SEARCH, seed=1), replace(memory, name="other"))
    assert one.ask(0) == same.ask(0) != other.ask(0)
    for strategy in (one, same, other):
        strategy.close()


def test_a_trial_whose_point_was_half_suggested_is_finished_by_the_next(memory):
    """Who was killed between two parameters left a trial that has one."""
    make_strategy(SEARCH, memory).close()
    trial = study(memory).ask()
    trial.suggest_float("x", -10, 10)
    strategy = make_strategy(SEARCH, memory)
    strategy.tell(0, None, state="failed")  # nobody has had its point
    assert strategy.ask(0).keys() == {"x", "kind"}
    assert strategy.ask(0)["x"] == trial.params["x"]
    strategy.tell(0, 1.0, state="succeeded")
    strategy.ask(1)
    strategy.tell(1, 1.0, state="succeeded")
    strategy.close()
    assert states(memory) == [TrialState.COMPLETE, TrialState.COMPLETE]


def test_a_run_that_is_worse_than_most_is_ended_early(memory):
    """By the pruner that was chosen; a diverged one too, and the good ones go on."""
    strategy = make_strategy(replace(SEARCH, options=MEDIAN), memory)
    for number, loss in enumerate([1.0, 0.9, 5.0, 0.5, float("nan")]):
        strategy.ask(number)
        answers = [strategy.should_prune(number, step, loss) for step in range(3)]
        assert answers[-1] == (number in {2, 4}), number
        strategy.tell(number, None if answers[-1] else loss, state="pruned" if answers[-1] else "succeeded")
    strategy.close()
    assert states(memory)[2] is TrialState.PRUNED
    assert study(memory).get_trials()[2].intermediate_values == {0: 5.0, 1: 5.0, 2: 5.0}


def test_without_a_pruner_no_run_is_ended_and_nothing_is_written(memory):
    """A user's run is not ended because a strategy thought so unasked."""
    strategy = make_strategy(SEARCH, memory)
    for number, loss in enumerate([1.0] * 10 + [1e9]):
        strategy.ask(number)
        assert not strategy.should_prune(number, 5, loss)
        strategy.tell(number, loss, state="succeeded")
    strategy.close()
    assert study(memory).get_trials()[0].intermediate_values == {}


DOMAINS = [
    (Uniform(low=0.0, high=1.0, step=0.3), [0.0, 0.3, 0.6, 0.9]),
    (RandInt(low=1, high=8, step=3), [1, 4, 7]),
    (LogRandInt(low=1, high=3), [1, 2, 3]),
    (Values(values=(1, 2.5, "1", None, True)), [1, 2.5, "1", None, True]),
    (Values(values=(0.5,)), [0.5]),
]


@pytest.mark.parametrize(("domain", "values"), DOMAINS)
def test_points_have_the_values_of_the_search_and_not_those_of_optuna(domain, values):
    """Steps come out as written, values keep their type."""
    space = Space(dimensions=(Dimension(name="x", domain=domain), replace(X, name="y")))
    strategy = make_strategy(replace(SEARCH, space=space), Memory())
    found = [strategy.ask(number)["x"] for number in range(40)]
    strategy.close()
    assert {json.dumps(value) for value in found} == {json.dumps(value) for value in values}


def test_lists_can_be_values():
    """They travel as JSON, and come back as what they were."""
    space = Space(dimensions=(Dimension(name="layers", domain=Values(values=([64], [64, 32]))),))
    strategy = make_strategy(replace(SEARCH, space=space), Memory())
    assert strategy.ask(0)["layers"] in ([64], [64, 32])
    strategy.close()


@pytest.mark.parametrize("sampler", ["tpe", "cmaes", "nsgaii", "qmc", "random"])
def test_every_sampler_suggests_points_that_do_not_repeat(sampler):
    """By its name, and without a warning."""
    space = Space(dimensions=(X, Dimension(name="y", domain=LogUniform(low=0.1, high=10.0))))
    strategy = make_strategy(replace(SEARCH, space=space, options={"sampler": sampler}), Memory())
    points = []
    for number in range(12):
        points.append(strategy.ask(number))
        strategy.tell(number, points[-1]["x"] ** 2, state="succeeded")
    strategy.close()
    assert len({point["x"] for point in points}) == 12


@pytest.mark.parametrize("pruner", ["none", "median", "hyperband", "successive_halving"])
def test_every_pruner_is_asked_by_its_name(pruner):
    """Those that need options are told so."""
    strategy = make_strategy(replace(SEARCH, options={"pruner": pruner}), Memory())
    strategy.ask(0)
    assert strategy.should_prune(0, 0, 1.0) is False
    strategy.close()


MISTAKES = [
    ({"sampler": "tp"}, "there is no sampler `tp`", "`tpe`"),
    ({"sampler": "grid"}, "there is no sampler `grid`", "tpe, cmaes"),
    ({"pruner": "medium"}, "there is no pruner `medium`", "`median`"),
    ({"samplers": "tpe"}, "no option `samplers`", "`sampler`"),
    ({"sampler_options": {"n_startup_trial": 3}}, "no option `n_startup_trial`", "`n_startup_trials`"),
    ({"sampler_options": {"seed": 3}}, "no option `seed`", "Options are"),
    ({"sampler_options": 3}, "not a mapping", "sampler_options"),
    ({"pruner": "percentile"}, "the pruner `percentile` cannot be made", "options"),
    ({"pruner": "median", "pruner_options": {"n_startup_trials": -1}}, "cannot be made", "options"),
]


@pytest.mark.parametrize(("options", "message", "hint"), MISTAKES)
def test_an_option_that_cannot_be_is_refused_when_the_sweep_is_made(options, message, hint):
    """Not when its first point is asked for."""
    with pytest.raises(OptionError) as caught:
        make_strategy(replace(SEARCH, options=options), Memory())
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_it_has_to_know_what_is_better():
    """A goal is named."""
    with pytest.raises(OptionError, match="what is better") as caught:
        make_strategy(replace(SEARCH, goal=None), Memory())
    assert "--maximize" in caught.value.hint


def test_a_normal_distribution_has_no_bounds_to_search_in():
    """The hint gives some."""
    space = Space(dimensions=(Dimension(name="x", domain=Normal(mean=1.0, std=2.0)),))
    with pytest.raises(OptionError, match=r"`x=normal\(1, 2\)`") as caught:
        make_strategy(replace(SEARCH, space=space), Memory())
    assert "`x=uniform(-3, 5)`" in caught.value.hint


def test_what_is_no_database_is_an_error_of_the_store(tmp_path):
    """With the file, and what is wrong with it."""
    path = tmp_path / "optuna.db"
    path.write_bytes(b"not a database, but long enough to look like one")
    with pytest.raises(StoreError, match=r"optuna\.db"):
        make_strategy(SEARCH, Memory(url=f"sqlite:///{path}"))


def test_a_server_that_does_not_answer_is_named_without_the_password():
    """Errors are shown to everybody."""
    with pytest.raises(StoreError) as caught:
        make_strategy(SEARCH, Memory(url="postgresql://ana:s3cret@127.0.0.1:1/team?connect_timeout=1"))
    assert "127.0.0.1:1/team" in caught.value.message
    assert "s3cret" not in str(caught.value)


def test_a_path_may_have_any_letters(tmp_path):
    """Also those that mean something in a URL, or to Optuna."""
    folder = tmp_path / "a b?c#d%41{x}"
    strategy = make_strategy(SEARCH, Memory(url=f"sqlite:///{folder / 'optuna.db'}"))
    strategy.ask(0)
    strategy.close()
    assert (folder / "optuna.db").stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


_START = """
import json, sys
from mlrun_nb._lib.records import from_json
from mlrun_nb.model.search import Memory, Search
from mlrun_nb.plugins import make_strategy
search, memory = from_json(Search, json.loads(sys.argv[1])), from_json(Memory, json.loads(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
make_strategy(search, memory).ask(0)
"""


def started_at_once(memories: list[Memory]) -> list[str]:
    """Return what processes said that were let go together, each with a sweep of its own."""
    record = json.dumps(to_json(SEARCH))
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _START, record, json.dumps(to_json(memory))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for memory in memories
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    return [process.communicate("go\n")[1] for process in processes]


def test_sweeps_that_make_the_same_file_at_once_do_not_get_in_each_others_way(tmp_path):
    """Nor does Optuna print anything."""
    memories = [Memory(url=f"sqlite:///{tmp_path / 'optuna.db'}", name=str(number)) for number in range(4)]
    assert started_at_once(memories) == [""] * 4
    assert [len(study(memory).get_trials()) for memory in memories] == [1] * 4


def test_studies_and_a_store_share_a_database(postgresql_server, postgresql_url):
    """Each in its schema, whichever was first, made by two at once."""
    postgresql_server.run("DROP SCHEMA IF EXISTS mlrun_nb_optuna CASCADE")
    memories = [Memory(url=postgresql_url, name=str(number)) for number in range(2)]
    assert started_at_once(memories) == [""] * 2
    store = open_store(postgresql_url)
    store.save_version(make_version())
    run = store.create_run(make_run())
    strategy = make_strategy(SEARCH, memories[0])
    assert strategy.ask(1) is not None
    strategy.close()
    store.close()
    again = open_store(postgresql_url)
    assert again.get_run(run.id) == run
    again.close()


def test_the_dashboards_url_reads_the_studies_of_a_team(postgresql_url):
    """The one that the documentation shows."""
    strategy = make_strategy(SEARCH, Memory(url=postgresql_url, name="shown"))
    strategy.ask(0)
    strategy.close()
    url = postgresql_url.replace("postgresql:", "postgresql+psycopg:") + "?options=-csearch_path%3Dmlrun_nb_optuna"
    storage = optuna.storages.RDBStorage(url, {"poolclass": NullPool})
    assert len(optuna.load_study(study_name="shown", storage=storage).get_trials()) == 1


def _without(module: str, **options) -> str:
    """Return what making the strategy says where *module* is not installed."""
    code = f"import sys; sys.modules[{module!r}] = None\n{_START.replace('sys.stdin.readline()', '')}"
    search = json.dumps(to_json(replace(SEARCH, options=options)))
    done = subprocess.run(
        [sys.executable, "-c", code, search, json.dumps(to_json(Memory()))], capture_output=True, text=True, check=False
    )
    return "\n".join(done.stderr.splitlines()[-2:])


def test_a_library_that_is_not_installed_is_named_with_what_to_install():
    """Optuna itself, or what one of its samplers needs."""
    missing = _without("optuna")
    assert missing.startswith(f"{ConfigError.__module__}.ConfigError: the strategy `optuna` needs optuna")
    assert missing.endswith("hint: Run `pip install 'mlrun-nb[optuna]'`.")
    sampler = _without("cmaes", sampler="cmaes")
    assert "the sampler `cmaes` needs a package that is not installed" in sampler
    assert sampler.endswith("hint: Run `pip install cmaes`.")


def test_nothing_of_optuna_is_loaded_by_the_other_strategies():
    """It takes longer to import than the rest of the product."""
    code = (
        "import sys; from mlrun_nb.plugins import make_strategy, strategy_names; strategy_names()\n"
        "from mlrun_nb.model.search import Memory, Search\n"
        "make_strategy(Search(strategy='list', points=({'a': 1},)), Memory())\n"
        "print('optuna' in sys.modules, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout == "False False\n"
