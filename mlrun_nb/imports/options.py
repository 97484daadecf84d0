"""What a function of MLRun states beside its code, as options of ours; each field ends there or in the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import OptionError
from mlrun_nb.imports import option_values as values
from mlrun_nb.imports.document import Document, mapping, sequence, text
from mlrun_nb.imports.finding import Finding
from mlrun_nb.imports.left_out import EMPTY, LEFT_OUT, QUIET
from mlrun_nb.model.option_values import check_value
from mlrun_nb.model.options import OPTIONS, Kind


@dataclass(slots=True)
class Mapped:
    """Options by name, and what became of each field, in the order in which they were read."""

    options: dict[str, Json] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def take(self, place: str, name: str, value: object, *, why: str = "", todo: str = "") -> None:
        """Add *value* of the field *place* to the option *name*; a value that it cannot have is reported instead."""
        option = OPTIONS[name]
        try:
            checked = check_value(option, value, where=place)
        except OptionError as err:
            self.findings.append(Finding(field=place, why=err.message, todo=err.hint))
            return
        had = self.options.get(name)
        if option.kind in {Kind.TEXTS, Kind.NAMES} and isinstance(had, list) and isinstance(checked, list):
            checked = list(dict.fromkeys([*had, *checked]))
        if option.kind is Kind.PAIRS and isinstance(had, dict) and isinstance(checked, dict):
            checked = {**had, **checked}
        self.options[name] = checked
        shown = f" {checked}" if isinstance(checked, str | int) else ""
        self.findings.append(Finding(field=place, became=f"--{name}{shown}", why=why, todo=todo, option=name))

    def leave(self, place: str, why: str, todo: str) -> None:
        """Say that the field *place* has no place here."""
        self.findings.append(Finding(field=place, why=why, todo=todo))


def options_of(document: Document) -> Mapped:
    """Return the options that *document* states, and what became of each of its fields but the code."""
    mapped = Mapped()
    spec = document.spec
    for name, value in spec.items():
        place = f"spec.{name}"
        if value in EMPTY or name in QUIET:
            continue
        if name in _FIELDS:
            _FIELDS[name](mapped, place, value, document)
        elif name in LEFT_OUT:
            mapped.leave(place, *LEFT_OUT[name])
        else:
            mapped.leave(place, "it is not a field that is known", "Look at what it means in MLRun.")
    if document.handler and spec.get("args"):
        mapped.leave("spec.args", "a function has parameters, no words", "Give them as `--param NAME=VALUE`.")
    return mapped


def _image(mapped: Mapped, place: str, value: object, _: Document) -> None:
    image = text(value)
    if image.lstrip(".").startswith("mlrun/"):
        mapped.leave(
            place,
            f"`{image}` is made for MLRun",
            "For Kubernetes make one with `mlrun-nb image build`; elsewhere none is needed.",
        )
    else:
        mapped.take(place, "image", image, why="it needs Python, papermill and ipykernel")


def _environment(mapped: Mapped, place: str, value: object, _: Document) -> None:
    for name, option, found in values.variables(value):
        if not option:
            mapped.leave(f"{place}.{name}", found, "Give it as `--env` or `--secret`.")
        elif option == "secret":
            why = "" if found.startswith("kubernetes:") else "a value that looks like a secret is not copied"
            todo = f"Export `{name}` where the run is started." if why else ""
            mapped.take(f"{place}.{name}", option, {name: found}, why=why, todo=todo)
        else:
            mapped.take(f"{place}.{name}", option, {name: found})


def _resources(mapped: Mapped, place: str, value: object, _: Document) -> None:
    limits, requests = mapping(mapping(value).get("limits")), mapping(mapping(value).get("requests"))
    for name, found in {**limits, **requests}.items():
        if name in {"cpu", "memory"}:
            continue
        if name == "ephemeral-storage":
            mapped.take(f"{place}.{name}", name, found)
        elif "/" in str(name):
            mapped.take(f"{place}.{name}", "gpu", found)
            if name != "nvidia.com/gpu":
                mapped.take(f"{place}.{name}", "gpu-type", name)
        else:
            mapped.leave(f"{place}.{name}", "such a resource has no option", "Give it with `--pod-patch`.")
    for name in ("cpu", "memory"):
        asked, limit = requests.get(name), limits.get(name)
        if asked or limit:
            mapped.take(f"{place}.{'requests' if asked else 'limits'}.{name}", name, asked or limit)
        if limit and (asked or name == "cpu"):
            mapped.take(f"{place}.limits.{name}", f"{name}-limit", limit)


def _build(mapped: Mapped, place: str, value: object, _: Document) -> None:
    for name, found in mapping(value).items():
        inner = f"{place}.{name}"
        if found in EMPTY or name in QUIET or name == "functionSourceCode":
            continue
        if name == "requirements":
            mapped.take(inner, "requirement", list(map(text, sequence(found))))
        elif name == "commands":
            _commands(mapped, inner, found)
        elif inner in LEFT_OUT:
            mapped.leave(inner, *LEFT_OUT[inner])
        else:
            mapped.leave(inner, "it is about an image that MLRun builds", "Make one with `mlrun-nb image build`.")


def _commands(mapped: Mapped, place: str, value: object) -> None:
    for number, command in enumerate(map(text, sequence(value)), 1):
        required = values.installed(command)
        inner = f"{place}[{number}]"
        if required:
            mapped.take(inner, "requirement", required)
        else:
            mapped.leave(inner, f"`{command}` is a command of an image's making", "Put it into an image of your own.")


def _volumes(mapped: Mapped, place: str, value: object, document: Document) -> None:
    for name, volume, reason in values.volumes(value, document.spec.get("volume_mounts")):
        if volume:
            mapped.take(f"{place}.{name}", "volume", [volume])
        else:
            mapped.leave(f"{place}.{name}", reason, "Mount it with `--pod-patch`, or read the data by its URL.")


def _workers(mapped: Mapped, place: str, value: object, document: Document) -> None:
    spec = document.spec
    if document.kind == "mpijob":
        why = "ranks start side by side and are told of each other, without `mpirun`"
        mapped.take(place, "replicas", value, why=why, todo="Initialise the framework from its usual variables.")
    elif document.kind == "dask":
        if place == "spec.replicas" or not spec.get("replicas"):
            mapped.take(place, "dask-workers", values.workers(spec))
    else:
        mapped.leave(place, f"a function of kind `{document.kind}` is one process here", "Try `--replicas`.")


def _state_thresholds(mapped: Mapped, place: str, value: object, _: Document) -> None:
    for name, found in mapping(value).items():
        duration, option = values.duration(found), values.THRESHOLDS.get(str(name))
        if option and duration:
            mapped.take(f"{place}.{name}", option, duration)
        elif text(found) != "-1":
            mapped.leave(f"{place}.{name}", "there is no such limit", "Set `--pending-timeout` or `--timeout`.")


def _retry(mapped: Mapped, place: str, value: object, _: Document) -> None:
    retry = mapping(value)
    if retry.get("count"):
        mapped.take(f"{place}.count", "retries", retry["count"])
    delay = values.duration(mapping(retry.get("backoff")).get("base_delay"))
    if delay:
        mapped.take(f"{place}.backoff.base_delay", "backoff", delay)


def _preemption(mapped: Mapped, place: str, value: object, _: Document) -> None:
    capacity = values.CAPACITY.get(text(value))
    if capacity:
        mapped.take(place, "capacity", capacity)


def _worker_resources(mapped: Mapped, place: str, value: object, _: Document) -> None:
    stated = {**mapping(mapping(value).get("limits")), **mapping(mapping(value).get("requests"))}
    for name in ("cpu", "memory"):
        if stated.get(name):
            mapped.take(f"{place}.{name}", f"dask-worker-{name}", stated[name])


def _plain(option: str, read: Callable[[Any], object] = lambda value: value) -> Callable[..., None]:
    """Return what takes a field as *option*, after *read* has made its value of what stands there."""

    def take(mapped: Mapped, place: str, value: object, _: Document) -> None:
        mapped.take(place, option, read(value))

    return take


def _tolerations(value: object) -> list[str]:
    return list(_each_toleration(value))


def _each_toleration(value: object) -> Iterator[str]:
    for each in map(mapping, sequence(value)):
        key, given, effect = (text(each.get(name)) for name in ("key", "value", "effect"))
        yield f"{key}{f'={given}' if given else ''}{f':{effect}' if effect else ''}"


_FIELDS: dict[str, Callable[[Mapped, str, Any, Document], None]] = {
    "image": _image,
    "env": _environment,
    "resources": _resources,
    "build": _build,
    "requirements": _plain("requirement", lambda value: list(map(text, sequence(value)))),
    "volumes": _volumes,
    "replicas": _workers,
    "min_replicas": _workers,
    "max_replicas": _workers,
    "worker_resources": _worker_resources,
    "nthreads": _plain("dask-worker-cpu"),
    "scheduler_timeout": _plain("dask-idle-timeout", lambda value: values.duration(value) or value),
    "node_name": _plain("node-selector", lambda value: {"kubernetes.io/hostname": value}),
    "node_selector": _plain("node-selector"),
    "affinity": _plain("affinity"),
    "tolerations": _plain("toleration", _tolerations),
    "priority_class_name": _plain("priority-class"),
    "preemption_mode": _preemption,
    "service_account": _plain("service-account"),
    "image_pull_secret": _plain("pull-secret", lambda value: [value]),
    "state_thresholds": _state_thresholds,
    "retry": _retry,
}
"""What is done with each field that has a place here."""
