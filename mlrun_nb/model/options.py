"""
The one table of options that a function, a profile or a run can carry.

The cell magic's parser and completion, `#| mlrun.KEY:` lines, the command line, `project.yaml` and the reference in the
docs are all made from it. It says what a value looks like, not what is done with it: see `settings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from mlrun_nb._lib.nearness import nearest
from mlrun_nb.errors import OptionError

__all__ = ["OPTIONS", "SECTIONS", "Kind", "Option", "Section", "find_option"]


class Kind(StrEnum):
    """The form of an option's value; in brackets the JSON form that records keep."""

    TEXT = "text"
    """Any text [string]."""
    CPU = "cpu"
    """A Kubernetes quantity of cores [string, as written]."""
    BYTES = "bytes"
    """A Kubernetes quantity of bytes [string, as written]."""
    COUNT = "count"
    """A whole number from 0 [number]."""
    DURATION = "duration"
    """Seconds, or a sum of units such as `1h30m` [string, as written]."""
    FLAG = "flag"
    """True when named [true]."""
    NAMES = "names"
    """Python identifiers, repeated or separated by commas [list of strings]."""
    TEXTS = "texts"
    """Texts, repeated [list of strings]."""
    PAIRS = "pairs"
    """`KEY=VALUE`, repeated [object of strings]."""
    RANGE = "range"
    """`N` or `MIN..MAX` [string `MIN..MAX`]."""
    DATA = "data"
    """Any YAML or JSON value [as it is]."""


Section = Literal[
    "code", "environment", "resources", "placement", "kubernetes", "dask", "storage", "policy", "run", "sweep"
]
"""Where an option belongs; those of sections `run` and `sweep` are never part of a version."""


SECTIONS: dict[str, str] = {
    "run": "This run",
    "sweep": "A run for each of many points",
    "code": "Values and files",
    "environment": "Environment",
    "resources": "Resources",
    "placement": "Placement",
    "kubernetes": "Kubernetes",
    "dask": "Dask",
    "storage": "Storage",
    "policy": "Policy",
}
"""What help calls the sections, in the order in which it shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option: `--memory 16Gi` on a line, `#| mlrun.memory: 16Gi` in a cell, `memory: 16Gi` in a profile."""

    name: str
    kind: Kind
    section: Section
    help: str
    example: str
    choices: tuple[str, ...] = ()

    @property
    def in_version(self) -> bool:
        """Whether the value is part of a version when the cell states it."""
        return self.section not in {"run", "sweep"}

    @property
    def flag(self) -> str:
        """The option as it is typed."""
        return f"--{self.name}"


def _table(section: Section, *rows: tuple[str, Kind, str, str]) -> tuple[Option, ...]:
    return tuple(
        Option(name=name, kind=kind, section=section, help=text, example=example) for name, kind, example, text in rows
    )


_CODE = _table(
    "code",
    ("input", Kind.NAMES, "df", "A value that the run gets: a variable of the notebook, or NAME=URI for one run."),
    ("output", Kind.NAMES, "model", "A variable kept after the run: scalars as results, everything else as artifacts."),
    ("file", Kind.TEXTS, "data/*.csv", "Files beside the notebook that travel with the function (at most 100 MiB)."),
)

_ENVIRONMENT = _table(
    "environment",
    ("image", Kind.TEXT, "registry.example/train:1", "Container image; needs Python, papermill and ipykernel."),
    (
        "requirement",
        Kind.TEXTS,
        "scikit-learn>=1.4",
        "A distribution that the run needs, laid over the environment it starts in.",
    ),
    ("isolated", Kind.FLAG, "", "Start from a clean environment instead of an overlay on the present one."),
    ("env", Kind.PAIRS, "TZ=UTC", "An environment variable of the run."),
    (
        "secret",
        Kind.PAIRS,
        "TOKEN=env:MY_TOKEN",
        "A secret by reference: env:X, file:PATH, keyring:SERVICE/USER or kubernetes:NAME/KEY.",
    ),
)

_RESOURCES = _table(
    "resources",
    ("cpu", Kind.CPU, "4", "Cores requested."),
    ("cpu-limit", Kind.CPU, "8", "Cores that the run may never exceed; without it there is no limit."),
    ("memory", Kind.BYTES, "16Gi", "Memory requested, and the limit where no other is given."),
    ("memory-limit", Kind.BYTES, "24Gi", "Memory above which the run is ended."),
    ("gpu", Kind.COUNT, "1", "Number of GPUs."),
    ("gpu-type", Kind.TEXT, "nvidia.com/gpu", "Extended resource that counts the GPUs."),
    ("ephemeral-storage", Kind.BYTES, "50Gi", "Local disk requested and allowed."),
)

_PLACEMENT = (
    *_table(
        "placement",
        ("replicas", Kind.COUNT, "4", "Copies of the run that work side by side."),
        ("node-selector", Kind.PAIRS, "disk=ssd", "A label that the node must carry."),
        ("affinity", Kind.DATA, '{"nodeAffinity": {}}', "Kubernetes affinity, as in a pod's spec."),
        ("toleration", Kind.TEXTS, "gpu=true:NoSchedule", "A taint that the run accepts: KEY[=VALUE][:EFFECT]."),
        ("priority-class", Kind.TEXT, "high", "Kubernetes PriorityClass."),
        ("queue", Kind.TEXT, "team-a", "Queue that admits the run (Kueue LocalQueue)."),
        ("service-account", Kind.TEXT, "trainer", "Kubernetes ServiceAccount of the run."),
    ),
    Option(
        name="capacity",
        kind=Kind.TEXT,
        section="placement",
        help="Which nodes: only spot, only on-demand, spot if there is any, or any.",
        example="spot",
        choices=("spot", "on-demand", "prefer", "any"),
    ),
)

_KUBERNETES = _table(
    "kubernetes",
    (
        "context",
        Kind.TEXT,
        "gpu-eu",
        "Context of the kubeconfig; without it the current one, or the pod's own cluster.",
    ),
    ("namespace", Kind.TEXT, "team-a", "Kubernetes namespace of the run; without it the context's."),
    ("pull-secret", Kind.TEXTS, "registry", "Secret with which the image is pulled."),
    ("topology-spread", Kind.DATA, '[{"maxSkew": 1}]', "Topology spread constraints, as in a pod's spec."),
    ("termination-grace", Kind.DURATION, "30s", "Time that a cancelled or evicted run has to save what it has."),
    ("pod-patch", Kind.DATA, '{"spec": {}}', "Strategic merge patch, laid over the pod template last."),
)

_DASK = _table(
    "dask",
    (
        "dask-workers",
        Kind.RANGE,
        "2..8",
        "A Dask cluster of the run's own, with this many workers; with `dask-address: kubernetes` those of that one.",
    ),
    ("dask-worker-cpu", Kind.CPU, "2", "Cores of each worker of that cluster, and how many runs it has at once there."),
    ("dask-worker-memory", Kind.BYTES, "4Gi", "Memory of each worker of that cluster, and its limit."),
    (
        "dask-address",
        Kind.TEXT,
        "tls://scheduler:8786",
        "Scheduler of engine `dask`, or `local`, or `kubernetes`: a cluster of ours. Else Dask's own setting counts.",
    ),
    ("dask-idle-timeout", Kind.DURATION, "30m", "Time after which a cluster of ours ends that has no work."),
    (
        "dask-tls-ca",
        Kind.TEXT,
        "ca.pem",
        "Certificate that the scheduler's is signed with; without it Dask's settings.",
    ),
    ("dask-tls-cert", Kind.TEXT, "me.pem", "Certificate that this client shows to the scheduler."),
    ("dask-tls-key", Kind.TEXT, "me.key", "Key of that certificate."),
)

_STORAGE = _table(
    "storage",
    (
        "volume",
        Kind.TEXTS,
        "pvc:datasets:/data:ro",
        "A volume: pvc|configmap|secret|host:SOURCE:PATH[:ro] or empty:PATH.",
    ),
)

_POLICY = _table(
    "policy",
    ("timeout", Kind.DURATION, "2h", "Time after which an attempt is interrupted and fails."),
    ("pending-timeout", Kind.DURATION, "30m", "Time after which a run that could not start fails."),
    ("retries", Kind.COUNT, "2", "Further attempts after a failed one."),
    ("backoff", Kind.DURATION, "10s", "Wait before the first retry; it doubles with each, up to an hour."),
)

_RUN = _table(
    "run",
    ("on", Kind.TEXT, "local", "Engine or profile that runs it."),
    ("param", Kind.PAIRS, "lr=0.2", "A parameter's value for this run."),
    ("tag", Kind.TEXTS, "prod", "A tag moved to this version."),
    ("label", Kind.PAIRS, "team=risk", "A label of the run."),
    ("with-setup", Kind.FLAG, "", "Run the cells above that define missing inputs first."),
    ("detach", Kind.FLAG, "", "Return as soon as the run is handed over."),
    ("wait", Kind.FLAG, "", "Wait for the end of the run (the default)."),
    ("cache", Kind.FLAG, "", "Reuse the outcome of an earlier run with equal code, values and environment."),
    ("explain-cache", Kind.FLAG, "", "Say which earlier run could be reused, or what differs from the nearest one."),
    ("define", Kind.FLAG, "", "Register the version and run nothing."),
    ("dry-run", Kind.FLAG, "", "Show what would be sent and send nothing."),
    ("validate", Kind.FLAG, "", "A dry run that the cluster checks: its API server tries all of it and keeps nothing."),
)

_SWEEP = _table(
    "sweep",
    (
        "sweep",
        Kind.TEXTS,
        "lr=0.1,0.01",
        "Parameters to vary: NAME=VALUE,VALUE or NAME=uniform(LOW,HIGH), randint, loguniform, normal.",
    ),
    ("params-file", Kind.TEXT, "points.csv", "Points, or parameters to vary, from a YAML, JSON, CSV or Parquet file."),
    ("strategy", Kind.TEXT, "random", "Which points are tried: grid, list, random, optuna or a plug-in's."),
    ("strategy-option", Kind.PAIRS, "sampler=tpe", "An option of the strategy."),
    ("seed", Kind.COUNT, "7", "Seed of what is drawn; without it one is drawn and recorded."),
    ("max-runs", Kind.COUNT, "50", "The most points that are tried."),
    ("maximize", Kind.TEXT, "accuracy", "The result that makes a run the best: the largest."),
    ("minimize", Kind.TEXT, "loss", "The result that makes a run the best: the smallest."),
    ("stop", Kind.TEXT, "accuracy>0.97", "Begin no more runs once this holds for one."),
    ("max-errors", Kind.COUNT, "3", "Give up when more runs than this have failed."),
    ("max-time", Kind.DURATION, "1h", "Begin no more runs after this time."),
    ("parallel", Kind.COUNT, "4", "Runs under way at once; without it as many as fit."),
    ("keep", Kind.TEXT, "best", "Whose notebook and artifacts stay: best, all, or how many of the best."),
)

OPTIONS: dict[str, Option] = {
    option.name: option
    for section in (_CODE, _ENVIRONMENT, _RESOURCES, _PLACEMENT, _KUBERNETES, _DASK, _STORAGE, _POLICY, _RUN, _SWEEP)
    for option in section
}
"""Every option by name, in the order in which help and reference show them."""


def find_option(name: str, *, where: str) -> Option:
    """
    Return the option called *name*; underscores count as hyphens.

    *where* names the line, cell or file for the OptionError that an unknown name raises, with the nearest match.
    """
    option = OPTIONS.get(name.replace("_", "-"))
    if option is not None:
        return option
    near = nearest(name, OPTIONS)
    hint = f"Did you mean `{near}`?" if near else "Options are listed by `mlrun-nb run --help`."
    raise OptionError(f"unknown option `{name}` in {where}", hint=hint)
