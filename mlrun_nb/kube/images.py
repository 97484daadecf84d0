"""Why an image cannot be had: whose move it is stands only in the text of the container runtime."""

from __future__ import annotations

import re
from collections.abc import Sequence
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


_DENIED = _Cause(
    r"unauthorized|authentication required|denied|authorization failed|no basic auth|40[13] ",
    "request",
    "Correct `--image`, or name a Secret that lets pods in with `--pull-secret NAME`: "
    "`{kubectl} create secret docker-registry NAME --help`.",
)
_CAUSES = (
    _Cause(
        r"toomanyrequests|429 Too Many",
        "environment",
        "The registry limits how much is pulled: wait, or keep a copy of the image in a registry of your own.",
    ),
    _DENIED,
    _Cause(
        r"no match for platform|exec format",
        "request",
        "Build the image for the processors of the nodes too: `kubectl get nodes -o wide` shows them.",
    ),
    _Cause(r"not found|manifest unknown|404 ", "request", "Correct `--image`, or push it there."),
)
_UNKNOWN = _Cause("", "environment", "See whether its nodes reach the registry: `{kubectl} get events`.")


def image_problem(
    reason: str, message: str, *, image: str, kubectl: str, secrets: Sequence[str] = (), absent: str = ""
) -> Finding:
    """
    Return why the container of *image* waits, by the *reason* and *message* of its state.

    *secrets* are the pull secrets that its pod names, *absent* those of them that are not there.
    """
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
    without = f" (without the pull secret `{absent}`, which does not exist)" if absent else ""
    return Finding(
        cls="ImagePull",
        fault=cause.fault,
        summary=f"image `{image}` cannot be pulled{without}{': ' if text else ''}{text}",
        hint=_hint(cause, secrets, absent).format(kubectl=kubectl),
        evidence=evidence,
    )


def _hint(cause: _Cause, secrets: Sequence[str], absent: str) -> str:
    """Return what to do about *cause*: where a registry lets nobody in, that is about who the pod says that it is."""
    if absent and cause.fault == "request":  # some registries say of what one may not see that it is not there
        return (
            f"Make the pull secret, `{{kubectl}} create secret docker-registry {absent} --help`, or correct "
            "`--pull-secret`."
        )
    if secrets and cause is _DENIED:
        return f"Correct `--image`, or what the pull secret holds: `{{kubectl}} get secret {secrets[0]} -o yaml`."
    return cause.hint


def cause_of(message: str) -> str:
    """Return what of *message* is no repetition of the image's name; empty where it names no cause."""
    text = message.rpartition("ErrImagePull: ")[2]
    return "" if text.startswith("Back-off pulling image") else _CALLS.sub("", text)[:300]
