"""
What the options of a run come to: the typed settings that an engine acts on.

Made from option values after all layers are laid over each other; contains no defaults of any engine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mlrun_nb._lib.records import Json, from_json
from mlrun_nb.errors import OptionError
from mlrun_nb.model.option_values import OptionValues
from mlrun_nb.model.quantities import more_memory, parse_duration_s


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryLimit:
    """What a run may hold before it is ended: the `option` that says so, and its `amount` as it was written."""

    option: str
    amount: str

    def raised(self, held_bytes: int) -> str:
        """Return the amount to try after a run had held *held_bytes* and that was too much; see `more_memory`."""
        return more_memory(self.amount, held_bytes=held_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Requests and limits, as Kubernetes quantities; None where nothing was asked for."""

    cpu: str | None = None
    cpu_limit: str | None = None
    memory: str | None = None
    memory_limit: str | None = None
    gpu: int | None = None
    gpu_type: str | None = None
    ephemeral_storage: str | None = None

    @property
    def memory_in_force(self) -> MemoryLimit | None:
        """The limit of memory, which is what was requested where no other was given."""
        if self.memory_limit:
            return MemoryLimit(option="memory-limit", amount=self.memory_limit)
        return MemoryLimit(option="memory", amount=self.memory) if self.memory else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the run finds around it. Secrets are references; values never enter a record."""

    image: str | None = None
    requirement: tuple[str, ...] = ()
    isolated: bool = False
    env: Mapping[str, str] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where the run may be put. `toleration` holds `KEY[=VALUE][:EFFECT]`."""

    replicas: int | None = None
    node_selector: Mapping[str, str] = field(default_factory=dict)
    affinity: Json = None
    toleration: tuple[str, ...] = ()
    capacity: str | None = None
    priority_class: str | None = None
    queue: str | None = None
    service_account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kubernetes:
    """What only a Kubernetes cluster knows. `topology_spread` and `pod_patch` are in the words of its API."""

    context: str | None = None
    namespace: str | None = None
    pull_secret: tuple[str, ...] = ()
    topology_spread: Json = None
    termination_grace_s: float | None = None
    pod_patch: Json = None


ON_KUBERNETES = "kubernetes"
"""In the place of a scheduler's address: a cluster of ours on Kubernetes, which the `dask_worker…` describe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dask:
    """
    Which Dask cluster executes the run.

    `dask_address` is `local`, `kubernetes`, an address, or None for Dask's own settings.
    """

    dask_address: str | None = None
    dask_idle_timeout_s: float | None = None
    dask_tls_ca: str | None = None
    dask_tls_cert: str | None = None
    dask_tls_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Something mounted into the run's file system."""

    kind: Literal["pvc", "configmap", "secret", "host", "empty"]
    path: str
    source: str = ""
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long to wait, how often to try again. Times in seconds."""

    timeout_s: float | None = None
    pending_timeout_s: float | None = None
    retries: int = 0
    backoff_s: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that an engine needs to know beside the code. `dask_workers` is (least, most) of one cluster or the other."""

    resources: Resources = Resources()
    environment: Environment = Environment()
    placement: Placement = Placement()
    kubernetes: Kubernetes = Kubernetes()
    dask: Dask = Dask()
    volumes: tuple[Volume, ...] = ()
    policy: Policy = Policy()
    dask_workers: tuple[int, ...] = ()
    dask_worker_cpu: str | None = None
    dask_worker_memory: str | None = None

    @property
    def own_workers(self) -> tuple[int, ...]:
        """Workers of a Dask cluster of the run's own; none where they are those of a cluster on Kubernetes for many."""
        return () if self.dask.dask_address == ON_KUBERNETES else self.dask_workers


def settings_from(values: OptionValues) -> Settings:
    """
    Return the settings that checked option *values* stand for.

    Raises OptionError for a volume or a secret's reference that is not one.
    """
    _check_secrets(values.get("secret", {}))
    plain = {name.replace("-", "_"): value for name, value in values.items()}
    durations = {"timeout": "timeout_s", "pending_timeout": "pending_timeout_s", "backoff": "backoff_s"}
    grace = plain.get("termination_grace")
    plain |= {"termination_grace_s": parse_duration_s(str(grace))} if grace is not None else {}
    idle = plain.get("dask_idle_timeout")
    plain |= {"dask_idle_timeout_s": parse_duration_s(str(idle))} if idle is not None else {}
    policy = {target: parse_duration_s(str(plain[name])) for name, target in durations.items() if name in plain}
    policy |= {"retries": int(str(plain["retries"]))} if "retries" in plain else {}
    volumes = plain.get("volume", [])
    workers = plain.get("dask_workers")
    return Settings(
        resources=from_json(Resources, plain),
        environment=from_json(Environment, plain),
        placement=from_json(Placement, plain),
        kubernetes=from_json(Kubernetes, plain),
        dask=from_json(Dask, plain),
        volumes=tuple(parse_volume(str(text)) for text in volumes) if isinstance(volumes, list) else (),
        policy=from_json(Policy, policy),
        dask_workers=tuple(int(part) for part in workers.split("..")) if isinstance(workers, str) else (),
        dask_worker_cpu=_text(plain.get("dask_worker_cpu")),
        dask_worker_memory=_text(plain.get("dask_worker_memory")),
    )


def _text(value: Json) -> str | None:
    return None if value is None else str(value)


def _check_secrets(references: Json) -> None:
    for name, reference in references.items() if isinstance(references, Mapping) else ():
        if not re.fullmatch(r"(?:env|file):.+|(?:keyring|kubernetes):.+/.+", str(reference)):
            raise OptionError(
                f"`--secret {name}=…` gives something else than a reference",  # maybe the secret itself
                hint=f"Write `--secret {name}=env:X`, `file:PATH`, `keyring:SERVICE/USER` or `kubernetes:NAME/KEY`.",
            )


def parse_volume(text: str) -> Volume:
    """
    Return the volume that `pvc:claim:/data:ro` or `empty:/scratch` describes; raises OptionError for anything else.
    """
    match = re.fullmatch(
        r"(?:(?P<kind>pvc|configmap|secret|host):(?P<source>[^:]+)|empty):(?P<path>/[^:]*)(?P<mode>:r[ow])?", text
    )
    if match is None:
        raise OptionError(
            f"`{text}` is not a volume",
            hint="Write `pvc:CLAIM:/path`, `configmap:NAME:/path`, `secret:NAME:/path`, `host:/from:/path` or "
            "`empty:/path`; add `:ro` for read-only.",
        )
    plain = {"kind": match["kind"] or "empty", "source": match["source"] or "", "path": match["path"]}
    return from_json(Volume, plain | {"read_only": match["mode"] == ":ro"})
