"""
Repositories of git: one state of a branch, a tag or a commit, fetched without history and read without a checkout.

No hook, filter or submodule of a repository is ever executed, as none of its files is put anywhere: they are read as
objects. Credentials are those that git knows; it asks nobody.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mlrun_nb._lib.files import make_private
from mlrun_nb.errors import HubError

PATIENCE_S = 120.0
"""How long one command of git may take."""
COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""The name of a commit; nothing else is handed to git as one."""
_FILE_MODES = {b"100644", b"100755"}
"""Ordinary files; links and submodules are passed over. Source: git-fast-import(1), modes."""

Kind = Literal["branch", "tag", "commit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """
    A commit, and what led to it: `reference` is the name that was asked for, the default branch's where none was.

    `commit` is empty for a repository to which nobody has committed yet.
    """

    commit: str
    reference: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A file of a commit: its path below the listed folder, its size in bytes, and the object that holds it."""

    path: str
    size: int
    object: str


class Repository:
    """What was fetched of the repository at *url*, kept bare in *folder*; messages call it *name*."""

    def __init__(self, url: str, folder: Path, *, name: str, patience_s: float = PATIENCE_S) -> None:
        self._url, self._folder, self._name, self._patience_s = url, folder, name, patience_s

    def find(self, reference: str) -> State:
        """Return what *reference* leads to at its place now: a branch, else a tag, or a commit; raises HubError."""
        if COMMIT.fullmatch(reference):
            return State(commit=reference, reference=reference, kind="commit")
        lines = self._git("ls-remote", "--symref", "--", self._url, *_patterns(reference)).decode("utf-8", "replace")
        found = {name: target for target, _, name in (line.partition("\t") for line in lines.splitlines())}
        if not reference:
            return State(commit=found.get("HEAD", ""), reference=_default_branch(lines), kind="branch")
        for kind, name in _names(reference):
            if name in found:
                return State(commit=found[name], reference=reference, kind=kind)
        raise HubError(
            f"{self._name} has no branch and no tag `{reference}`",
            hint=f"List them: `git ls-remote {self._url}`." if "@" not in self._url else "Correct what is behind `@`.",
        )

    def ensure(self, state: State) -> None:
        """Fetch the commit of *state*, without history, where it is not here; raises HubError."""
        if not state.commit or self._has(state.commit):
            return
        if not (self._folder / "HEAD").exists():
            make_private(self._folder)
            self._git("init", "--quiet", "--bare", "--", str(self._folder))
        names = {"branch": f"refs/heads/{state.reference}", "tag": f"refs/tags/{state.reference}"}
        fetch = ("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--")
        self._git_here(*fetch, self._url, names.get(state.kind, state.commit))
        if not self._has(state.commit):
            raise HubError(f"{self._name} moved while it was read", hint="Try again.")

    def files(self, commit: str, folder: str = "") -> list[Blob]:
        """Return the files below *folder* at *commit*, none before the first one; links and submodules are left out."""
        if not commit:
            return []
        tree = f"{commit}:{folder.strip('/')}" if folder.strip("/") else f"{commit}^{{tree}}"
        try:
            listed = self._git_here("ls-tree", "-r", "-l", "-z", tree)
        except HubError as err:
            raise HubError(
                f"{self._name} has no folder `{folder}` at commit {commit[:7]}",
                hint="Correct what is behind `#subdirectory=`.",
            ) from err
        return list(_blobs(listed))

    def read(self, blobs: Sequence[Blob]) -> Iterator[bytes]:
        """Yield the content of each of *blobs*."""
        wanted = "".join(f"{blob.object}\n" for blob in blobs).encode()
        data = self._git_here("cat-file", "--batch", given=wanted)
        at = 0
        for blob in blobs:
            at = data.index(b"\n", at) + 1
            yield data[at : at + blob.size]
            at += blob.size + 1

    def _has(self, commit: str) -> bool:
        if not (self._folder / "HEAD").exists():
            return False
        try:
            self._git_here("cat-file", "-e", f"{commit}^{{commit}}")
        except HubError:
            return False
        return True

    def _git_here(self, *words: str, given: bytes = b"") -> bytes:
        return self._git(f"--git-dir={self._folder}", *words, given=given)

    def _git(self, *words: str, given: bytes = b"") -> bytes:
        return git(*words, name=self._name, patience_s=self._patience_s, given=given)


def git(
    *words: str, name: str, patience_s: float = PATIENCE_S, given: bytes = b"", folder: Path | None = None
) -> bytes:
    """Return what git answers to *words*; raises HubError, which calls what it was about *name*."""
    # What a repository or an address could make git execute is off; what the user set for connections stays.
    safe = ("-c", "protocol.ext.allow=never", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0")
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GCM_INTERACTIVE": "never", "LC_ALL": "C"}
    environment.setdefault("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=10")
    for key in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):  # of a hook that we were started from
        environment.pop(key, None)
    try:
        done = subprocess.run(
            ["git", *safe, *words],
            input=given, capture_output=True, check=False, env=environment, timeout=patience_s, cwd=folder,
        )  # fmt: skip
    except FileNotFoundError as err:
        raise HubError(f"{name} needs git, which is not installed", hint="Install git.") from err
    except subprocess.TimeoutExpired as err:
        raise HubError(
            f"{name} gave no answer within {patience_s:g} s", hint="Look whether it is there, or try again later."
        ) from err
    if done.returncode:
        raise HubError(f"{name}: git says: {_reason(done.stderr)}", hint="Correct its address, or your rights there.")
    return done.stdout


def _reason(said: bytes) -> str:
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = next(
        (line for line in lines if line.startswith(("fatal:", "error:", "ERROR:"))), lines[-1] if lines else ""
    )
    return re.sub(r"//[^/@\s]*@", "//", fatal.partition(": ")[2] or fatal) or "nothing"


def _patterns(reference: str) -> tuple[str, ...]:
    return tuple(name for _, name in _names(reference)) if reference else ("HEAD",)


def _names(reference: str) -> tuple[tuple[Kind, str], ...]:
    """Return how *reference* may be called at its place, in the order in which it is looked for."""
    return (
        ("branch", f"refs/heads/{reference}"),
        ("tag", f"refs/tags/{reference}^{{}}"),  # the commit of a tag that has a text of its own
        ("tag", f"refs/tags/{reference}"),
    )


def _default_branch(lines: str) -> str:
    match = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", lines, re.MULTILINE)
    return match[1] if match else ""


def _blobs(listed: bytes) -> Iterator[Blob]:
    for entry in listed.split(b"\0"):
        about, separator, path = entry.partition(b"\t")
        if not separator:
            continue
        mode, _, name, size = about.split()
        if mode in _FILE_MODES:
            yield Blob(path=path.decode("utf-8", "surrogateescape"), size=int(size), object=name.decode())
