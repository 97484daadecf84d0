"""A clone of a repository, in which a new version of an item is committed, and pushed where somebody says so."""

from __future__ import annotations

from pathlib import Path

from mlrun_nb._lib.files import make_private
from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import HubError
from mlrun_nb.hubs.git import git
from mlrun_nb.hubs.places import GitPlace
from mlrun_nb.hubs.writing import put
from mlrun_nb.model.hub import Bundle
from mlrun_nb.protocols.hub import Publication


class Clone:
    """The branch of *place*, cloned to *folder*; messages call it *name*."""

    def __init__(self, place: GitPlace, folder: Path, *, name: str) -> None:
        self._place, self._folder, self._name = place, folder, name

    def commit(self, bundle: Bundle, source: str, *, push: bool) -> Publication:
        """Commit *bundle*, on top of what the place has now; raises HubError, and then leaves no commit behind."""
        self._current()
        item = bundle.item
        place = put(bundle, self._folder / self._place.folder, source)
        self._git("add", "--", str(place))
        if self._git("status", "--porcelain", "--", str(place)).strip():
            try:
                self._git("commit", "--quiet", "--message", f"{item.name} {item.version}", "--", str(place))
            except HubError as err:
                self._git("reset", "--quiet", "--hard")
                raise HubError(err.message, hint="Tell git who you are: `git config --global user.email`.") from err
        if push:
            self._git("push", "--quiet", "origin", "HEAD")
        commit = self._git("rev-parse", "--short", "HEAD").decode().strip()
        again = "" if push else quoted("git", "-C", self._folder, "push", "origin", "HEAD")
        return Publication(place=f"commit {commit} in {self._folder}", next=again)

    def _current(self) -> None:
        """Have the branch here as it is at its place, with commits of ours that are not pushed yet on top."""
        if (self._folder / ".git").exists():
            self._git("pull", "--quiet", "--rebase")
            return
        make_private(self._folder.parent)
        branch = ("--branch", self._place.reference) if self._place.reference else ()
        git("clone", "--quiet", *branch, "--", self._place.url, str(self._folder), name=self._name)
        if not self._git("branch", "--show-current").strip():
            raise HubError(
                f"{self._name} is at `{self._place.reference}`, which is no branch",
                hint="Add a source for a branch: `mlrun-nb hub source add NAME 'git+URL@BRANCH'`.",
            )

    def _git(self, *words: str) -> bytes:
        return git(*words, name=self._name, folder=self._folder)
