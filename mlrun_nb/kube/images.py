"""Why an image cannot be had: whose move it is stands only in the text of the container runtime."""

from __future__ import annotations

import re
from typing import NamedTuple

from mlrun_nb._lib.records import Json
from mlrun_nb.kube.diagnosis import Finding
from mlrun_nb.model.run import Fault

HOPELESS = frozenset({"InvalidImageName", "ErrImageNeverPull"})
"""Reasons that waiting cannot mend."""
ABSENT = HOPELESS | {
    "ErrImagePull",
    "ImagePullBackOff",
    "ImageInspectError",
    "RegistryUnavailable",
    "SignatureValidationFailed",
}
"""Reasons for which a container waits for its image."""

_CALLS = re.compile(
    r'(?:rpc error: code = \w+ desc = |failed to (?:pull and unpack image|resolve reference) "[^"]*": '
    r"|failed to do request: )+"
)
"""How the runtime words what it was doing; the cause stands behind."""


class _Cause(NamedTuple):
    words: str
    fault: Fault
    hint: str


_CAUSES = (
    _Cause(
        r"toomanyrequests|429 Too Many",
        "environment",
        "The registry limits how much is pulled: wait, or keep a copy of the image in a registry of your own.",
    ),
    _Cause(
        r"unauthorized|authentication required|denied|authorization failed|no basic auth|40[13] ",
        "request",
        "Correct `--image`, or give the pods' service account a pull secret: `{kubectl} get serviceaccounts -o yaml`.",
    ),
    _Cause(
        r"no match for platform|exec format",
        "request",
        "Build the image for the processors of the nodes too: `kubectl get nodes -o wide` shows them.",
    ),
    _Cause(r"not found|manifest unknown|404 ", "request", "Correct `--image`, or push it there."),
)
_UNKNOWN = _Cause("", "environment", "See whether its nodes reach the registry: `{kubectl} get events`.")


def image_problem(reason: str, message: str, *, image: str, kubectl: str) -> Finding:
    """Return why the container of *image* waits, by the *reason* and *message* of its state."""
    evidence: dict[str, Json] = {"reason": reason, "message": message, "image": image}
    if reason in HOPELESS:
        is_name = reason == "InvalidImageName"
        return Finding(
            cls="ImageInvalid",
            fault="request",
            summary=f"`{image}` is no name of an image"
            if is_name
            else f"image `{image}` is not on the node, and may not be pulled",
            hint="Correct `--image`: REGISTRY/NAME:TAG."
            if is_name
            else "Name one that is there with `--image`, or let it be pulled: `imagePullPolicy` in `pod_patch`.",
            evidence=evidence,
        )
    text = cause_of(message)
    cause = next((each for each in _CAUSES if re.search(each.words, text, re.IGNORECASE)), _UNKNOWN)
    return Finding(
        cls="ImagePull",
        fault=cause.fault,
        summary=f"image `{image}` cannot be pulled{': ' if text else ''}{text}",
        hint=cause.hint.format(kubectl=kubectl),
        evidence=evidence,
    )


def cause_of(message: str) -> str:
    """Return what of *message* is no repetition of the image's name; empty where it names no cause."""
    text = message.rpartition("ErrImagePull: ")[2]
    return "" if text.startswith("Back-off pulling image") else _CALLS.sub("", text)[:300]
