"""
Environments for runs that require what the present one lacks: laid over it, or clean where a run is isolated.

One per set of requirements, made once under a lock and kept until `gc`. An environment without its `ready` file is
half-made: nobody uses it, and the next who needs it begins anew. Not here: containers, and what a cluster does.
"""

from __future__ import annotations

import json
import shutil
import site
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlrun_nb._lib.digest import digest_bytes
from mlrun_nb._lib.files import locked, write_atomic
from mlrun_nb._lib.package import PACKAGE
from mlrun_nb.engines import installer
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.settings import Environment

if TYPE_CHECKING:
    from importlib.metadata import Distribution  # loading it takes 15 ms, and most runs require nothing

_RUNNER_NEEDS = ("papermill", "ipykernel")
_READY = "ready.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """An environment on disk; `requirements` is empty for one that was never finished."""

    folder: Path
    requirements: tuple[str, ...]
    is_isolated: bool
    size_bytes: int
    last_used: datetime

    @property
    def python(self) -> str:
        """The interpreter, as `python_for` returns it."""
        return str(self.folder / "bin" / "python")


def python_for(environment: Environment, folder: Path) -> str:
    """
    Return the interpreter that has what *environment* requires, empty for the present one; makes it below *folder*.

    Raises EngineRejected with the resolver's own words when that is impossible; nothing is left behind then.
    """
    if not needs_overlay(environment):
        return ""
    home = _home(environment, folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(folder / f"{home.name}.lock"):
        if not (home / _READY).exists():
            _make(home, environment)
        (home / _READY).touch()
    return str(home / "bin" / "python")


def needs_overlay(environment: Environment) -> bool:
    """Tell whether the present environment is not enough."""
    return environment.isolated or bool(unmet(environment.requirement))


def notices(environment: Environment, folder: Path) -> list[Notice]:
    """Return what will happen before the run starts because of its requirements."""
    if not needs_overlay(environment) or (_home(environment, folder) / _READY).exists():
        return []
    wanted = ", ".join(f"`{text}`" for text in environment.requirement) or "`--isolated`"
    kind = "a clean environment" if environment.isolated else "an environment over the present one"
    return [Notice(text=f"{kind} is made first, once, for {wanted}")]


def unmet(requirements: Sequence[str]) -> list[str]:
    """Return those of *requirements* that the present environment does not meet, or of which that cannot be told."""
    return [text for text in requirements if not _is_met(text)]


def overlays(folder: Path) -> list[Overlay]:
    """Return the environments below *folder*, the longest unused first."""
    homes = [path.parent for path in folder.glob("*/pyvenv.cfg")] if folder.is_dir() else []
    return sorted((_describe(home) for home in homes), key=lambda overlay: overlay.last_used)


def remove(overlay: Overlay) -> int:
    """
    Delete *overlay*, unless it was used since it was listed; returns the bytes freed.

    Waits while somebody makes or looks for it.
    """
    with locked(overlay.folder.with_name(f"{overlay.folder.name}.lock")):
        if not overlay.folder.is_dir() or _last_used(overlay.folder) != overlay.last_used:
            return 0
        (overlay.folder / _READY).unlink(missing_ok=True)
        shutil.rmtree(overlay.folder, ignore_errors=True)
    return overlay.size_bytes


def _make(home: Path, environment: Environment) -> None:
    shutil.rmtree(home, ignore_errors=True)
    needed = _RUNNER_NEEDS if environment.isolated else ()
    pins = _pins(_RUNNER_NEEDS if environment.isolated else None, without=environment.requirement)
    try:
        uv = installer.find_uv()
        packages = installer.make_environment(home, uv=uv)
        installer.install(home, [*needed, *environment.requirement], pins=pins, uv=uv)
        _lay_over(home, packages, isolated=environment.isolated)
    except installer.InstallError as err:
        shutil.rmtree(home, ignore_errors=True)
        wanted = ", ".join(f"`{text}`" for text in environment.requirement)
        raise EngineRejected(
            f"the requirements {wanted} cannot be met: {err}", hint="Correct `--requirement`, or leave it out."
        ) from err
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    about = {"requirements": list(environment.requirement), "isolated": environment.isolated}
    write_atomic(home / _READY, json.dumps(about).encode())


def _lay_over(home: Path, packages: Path, *, isolated: bool) -> None:
    """Have the environment's Python find, behind its own packages, those that are here, or the runner alone."""
    if isolated:
        own = home / "runner"
        own.mkdir()
        (own / "mlrun_nb").symlink_to(PACKAGE, target_is_directory=True)
        lines = [str(own)]
    else:
        lines = [f"import site; site.addsitedir({path!r})" for path in _present_packages()]
    (packages / "zz_mlrun_nb.pth").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _present_packages() -> list[str]:
    user = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    root = str(PACKAGE.parent)
    return list(dict.fromkeys([*user, *site.getsitepackages(), root]))


def _home(environment: Environment, folder: Path) -> Path:
    key = {
        "requirements": sorted(environment.requirement),
        "isolated": environment.isolated,
        "python": sys.version,
        "below": "" if environment.isolated else sys.prefix,
    }
    return folder / digest_bytes(json.dumps(key).encode()).partition(":")[2][:16]


def _pins(names: Sequence[str] | None, *, without: Sequence[str]) -> list[str]:
    """Return `name==version` of what is here (only *names*, if given), so that an overlay differs where it must."""
    from importlib.metadata import distributions

    from packaging.utils import canonicalize_name

    free = {canonicalize_name(_name(text)) for text in without}
    pins: dict[str, str] = {}
    for each in distributions():
        name = canonicalize_name(each.name or "")
        if name and name not in free and (names is None or name in names):
            pins.setdefault(name, f"{name}=={each.version}")
    return sorted(pins.values())


def _name(text: str) -> str:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return Requirement(text).name
    except InvalidRequirement:
        return ""


def _is_met(text: str, extra: str = "") -> bool:
    from importlib.metadata import PackageNotFoundError, distribution

    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(text)
    except InvalidRequirement:  # a path or a URL of a repository: the installer will know
        return False
    if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
        return True
    try:
        found = distribution(wanted.name)
    except PackageNotFoundError:
        return False
    if wanted.url is not None or not wanted.specifier.contains(found.version, prereleases=True):
        return False
    return all(_has_extra(found, name) for name in wanted.extras)


def _has_extra(found: Distribution, extra: str) -> bool:
    return all(_is_met(text, extra) for text in found.requires or () if "extra" in text)


def _describe(home: Path) -> Overlay:
    ready = home / _READY
    about: Mapping[str, Any] = json.loads(ready.read_bytes()) if ready.exists() else {}
    files = [path for path in home.rglob("*") if path.is_file() and not path.is_symlink()]
    return Overlay(
        folder=home,
        requirements=tuple(about.get("requirements", ())),
        is_isolated=about.get("isolated", False),
        size_bytes=sum(path.stat().st_size for path in files),
        last_used=_last_used(home),
    )


def _last_used(home: Path) -> datetime:
    ready = home / _READY
    return datetime.fromtimestamp((ready if ready.exists() else home).stat().st_mtime, UTC)
