"""
A clone of a repository, in which a new version of an item is committed, and pushed where somebody says so.

Links of the repository are plain files in it, and no filter is executed.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from mlrun_nb._lib.files import locked, make_private
from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import HubError
from mlrun_nb.hubs.git import git
from mlrun_nb.hubs.places import GitPlace
from mlrun_nb.hubs.writing import put
from mlrun_nb.model.hub import Bundle
from mlrun_nb.protocols.hub import Publication

_PLAIN = "* -filter -text -ident -working-tree-encoding\n"
"""Attributes that count before those of the repository: its files come here, and go, byte for byte."""
_BRANCHES = "refs/heads"
"""Of a clone of ours it is the one that it was made for, and none for a tag."""


class Clone:
    """The branch of *place*, cloned to *folder*; messages call it *name*."""

    def __init__(self, place: GitPlace, folder: Path, *, name: str) -> None:
        self._place, self._folder, self._name = place, folder, name

    def commit(self, bundle: Bundle, source: str, *, push: bool) -> Publication:
        """Commit *bundle*, on top of what the place has now; raises HubError, and then leaves no commit behind."""
        make_private(self._folder.parent)
        with locked(self._folder.with_suffix(".lock")):
            self._current()
            before = self._commit_of(_BRANCHES)
            try:
                self._commit(bundle, source)
                if push:
                    self._git("push", "--quiet", "origin", "HEAD")
            except HubError:
                self._go_back(before)
                raise
            commit = self._git("rev-parse", "--short", "HEAD").decode().strip()
        again = "" if push else quoted("git", "-C", self._folder, "push", "origin", "HEAD")
        return Publication(place=f"commit {commit} in {self._folder}", next=again)

    def _go_back(self, commit: str) -> None:
        if commit:
            self._git("reset", "--quiet", "--hard", commit)
        else:  # there is no commit that it could be: the next one who publishes clones anew
            shutil.rmtree(self._folder, ignore_errors=True)

    def _commit(self, bundle: Bundle, source: str) -> None:
        item = bundle.item
        place = put(bundle, self._folder / self._place.folder, source)
        self._git("add", "--force", "--", str(place))  # whatever the repository ignores
        if self._git("status", "--porcelain", "--", str(place)).strip():
            try:
                self._git("commit", "--quiet", "--message", f"{item.name} {item.version}", "--", str(place))
            except HubError as err:
                raise HubError(err.message, hint="Tell git who you are: `git config --global user.email`.") from err

    def _current(self) -> None:
        """Have the branch here as it is at its place, with commits of ours that are not pushed yet on top."""
        if (self._folder / ".git").exists() and self._commit_of(_BRANCHES):
            self._git("fetch", "--quiet")
        else:
            shutil.rmtree(self._folder, ignore_errors=True)  # without a commit there is nothing in it
            self._clone()
        branch = self._git("branch", "--show-current").decode().strip()
        if not branch:
            raise HubError(
                f"{self._name} is at `{self._place.reference}`, which is no branch",
                hint="Add a source for a branch: `mlrun-nb hub source add NAME 'git+URL@BRANCH'`.",
            )
        if not self._commit_of(f"refs/remotes/origin/{branch}"):  # nobody has pushed there yet
            return
        try:
            self._git("rebase", "--quiet")
        except HubError as err:
            self._git("rebase", "--abort")
            drop = quoted("git", "-C", self._folder, "reset", "--hard", "@{upstream}")
            raise HubError(
                f"what was published to {self._name}, and is not pushed yet, does not fit on what is there now",
                hint=f"Nothing was published. Drop what was not pushed and publish it again: `{drop}`.",
            ) from err

    def _clone(self) -> None:
        near = self._folder.with_suffix(".new")
        shutil.rmtree(near, ignore_errors=True)  # of somebody who was interrupted
        branch = ("--branch", self._place.reference) if self._place.reference else ()
        words = ("clone", "--quiet", "--no-checkout", "--config", "core.symlinks=false", *branch)
        git(*words, "--", self._place.url, str(near), name=self._name)
        attributes = near / ".git/info/attributes"
        attributes.parent.mkdir(exist_ok=True)
        attributes.write_text(_PLAIN)
        if self._commit_of(_BRANCHES, near):
            self._git("reset", "--quiet", "--hard", folder=near)
        near.rename(self._folder)

    def _commit_of(self, references: str, folder: Path | None = None) -> str:
        """Return the commit of the first reference below *references*, empty where there is none yet."""
        words = ("for-each-ref", "--count=1", "--format=%(objectname)", references)
        return self._git(*words, folder=folder).decode().strip()

    def _git(self, *words: str, folder: Path | None = None) -> bytes:
        return git(*words, name=self._name, folder=folder or self._folder)
