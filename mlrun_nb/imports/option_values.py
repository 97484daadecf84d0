"""Values of MLRun's fields, which are mostly those of Kubernetes, in the form that our options have."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from mlrun_nb.imports.document import mapping, sequence, text

_SECRET = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|ACCESS_KEY|API_?KEY|CREDENTIAL|PRIVATE", re.IGNORECASE)
_UNITS = {"second": "s", "sec": "s", "s": "s", "minute": "m", "min": "m", "m": "m", "hour": "h", "h": "h", "day": "d"}
THRESHOLDS = {"pending_scheduled": "pending-timeout", "executing": "timeout", "running": "timeout"}
"""What limits the time in a state; MLRun's pages call the last one `running`, its code `executing`."""
CAPACITY = {"constrain": "spot", "allow": "any"}
"""`prevent` is the default of both."""


def variables(value: object) -> Iterator[tuple[str, str, str]]:
    """Yield for each variable its name, the option that it becomes (or none) and its value there (or why not)."""
    if isinstance(value, dict):
        listed = [{"name": name, "value": found} for name, found in value.items()]
    else:
        listed = [dict(mapping(each)) for each in sequence(value)]
    for each in listed:
        name, secret = text(each.get("name")), mapping(mapping(each.get("valueFrom")).get("secretKeyRef"))
        if not name:
            continue
        if secret:
            yield name, "secret", f"kubernetes:{text(secret.get('name'))}/{text(secret.get('key'))}"
        elif each.get("valueFrom"):
            yield name, "", "its value comes from an object of Kubernetes that is no Secret"
        elif name.startswith("MLRUN_"):
            yield name, "", "it is about MLRun's own server"
        elif _SECRET.search(name):
            yield name, "secret", f"env:{name}"
        else:
            yield name, "env", _scalar(each.get("value"))


def _scalar(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else text(value)


def volumes(listed: object, mounts: object) -> Iterator[tuple[str, str, str]]:
    """Yield for each volume its name, the option's value (or none), and why there is none."""
    places = {text(each.get("name")): each for each in map(mapping, sequence(mounts))}
    for each in map(mapping, sequence(listed)):
        name = text(each.get("name"))
        mount = places.get(name, {})
        path = text(mount.get("mountPath"))
        source = _source(each)
        if not path:
            yield name, "", "it is mounted nowhere"
        elif not source:
            yield name, "", "volumes of its type have no option"
        elif mount.get("subPath"):
            yield name, "", "a part of a volume cannot be mounted"
        else:
            read_only = ":ro" if mount.get("readOnly") and not source.startswith("empty") else ""
            yield name, f"{source}:{path}{read_only}", ""


def _source(volume: Mapping[str, Any]) -> str:
    keys = {
        "persistentVolumeClaim": ("pvc", "claimName"),
        "configMap": ("configmap", "name"),
        "secret": ("secret", "secretName"),
        "hostPath": ("host", "path"),
    }
    for key, (kind, name) in keys.items():
        if text(mapping(volume.get(key)).get(name)):
            return f"{kind}:{text(volume[key][name])}"
    return "empty" if "emptyDir" in volume else ""


def installed(command: str) -> list[str]:
    """Return the requirements that `pip install …` installs; none for another command, or one with other options."""
    try:
        words = shlex.split(command)
    except ValueError:
        return []
    if words[:2] in (["python", "-m"], ["python3", "-m"]):
        words = words[2:]
    if words[:2] not in (["pip", "install"], ["pip3", "install"]):
        return []
    quiet = {"-q", "--quiet", "-U", "--upgrade", "--no-cache-dir"}
    rest = [word for word in words[2:] if word not in quiet]
    return [] if any(word.startswith("-") or "&" in word or ";" in word for word in rest) else rest


def duration(value: object) -> str:
    """Return `1h 30m`, `60 minutes` or a number of seconds as our durations have it; empty for what is none."""
    words = re.fullmatch(r"\s*((?:\d+(?:\.\d+)?\s*[a-zA-Z]*\s*)+)", text(value))
    if not words:
        return ""
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([a-zA-Z]*)", words[1])
    units = [_UNITS.get(unit.lower().rstrip("s") or unit.lower(), "" if unit else "s") for _, unit in parts]
    return "".join(number + unit for (number, _), unit in zip(parts, units, strict=True)) if all(units) else ""


def workers(spec: Mapping[str, Any]) -> str:
    """Return how many workers a Dask function has: `replicas`, or the range between its bounds."""
    fixed = text(spec.get("replicas"))
    if fixed and fixed != "0":
        return fixed
    low = max(1, int(text(spec.get("min_replicas")) or 1)) if (text(spec.get("min_replicas")) or "1").isdigit() else 1
    high = text(spec.get("max_replicas")) or "16"
    return f"{low}..{high}"
