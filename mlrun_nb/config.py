"""
Where things lie and what was set for them: the environment, `project.yaml` and the user's configuration, read once.

Finds files and reads words; what option values mean is not its business. The project's file is looked for upward from a
folder, as git does. Strongest first: project.yaml, `MLRUN_NB_*` variables, the user's configuration, the built-in
default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mlrun_nb._lib import places
from mlrun_nb._lib.nearness import nearest
from mlrun_nb._lib.yaml_file import YamlFileError, read_yaml
from mlrun_nb.errors import ConfigError

PROJECT_FILE = "project.yaml"
_PREFIX = "MLRUN_NB_"
_PROJECT_KEYS = ("name", "store", "artifacts", "warm", "defaults", "profiles", "hub", "hub-lock")
_USER_KEYS = ("store", "artifacts", "warm", "defaults", "profiles", "hub")
_VARIABLES = ("store", "artifacts")
_WARM_MODES = ("on", "off", "auto")
_WARM_KEYS = frozenset({"mode", "idle", "modules"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Option values as somebody wrote them, unchecked, and the name of the place."""

    source: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Warm:
    """
    Whether starts come from a helper: `on`, `off`, or `auto`, which is on where it helps.

    `idle` is the duration for which it waits for the next; `modules` are loaded beside those that it has learned.
    `source` names the file that says so, empty for the built-in default.
    """

    mode: str = "auto"
    idle: str = "10m"
    modules: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """
    Everything that is known before a store is opened.

    `home` holds store, runs, inputs and environments; `root` is the folder of project.yaml, None for the default
    project; `user_file` is the user's configuration, which need not exist. `artifacts` is empty where artifacts stay in
    the run directory. `hub_sources` are addresses by name, folders absolute; `hub_locks` what the project uses of hubs.
    `layers` are default option values, strongest first.
    """

    home: Path
    project: str = "default"
    root: Path | None = None
    user_file: Path | None = None
    store: str
    artifacts: str = ""
    warm: Warm = Warm()
    profiles: Mapping[str, Layer] = field(default_factory=dict)
    hub_sources: Mapping[str, str] = field(default_factory=dict)
    hub_locks: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    layers: tuple[Layer, ...] = ()

    @property
    def runs(self) -> Path:
        """The folder of all run directories of the project."""
        return self.home / "runs" / self.project

    @property
    def inputs(self) -> str:
        """Folder or URL of the values that runs got, by content digest."""
        return f"{self.artifacts.rstrip('/')}/inputs" if self.artifacts else str(self.home / "inputs")

    @property
    def files(self) -> str:
        """Folder or URL of the files that travel with versions, by content digest."""
        return f"{self.artifacts.rstrip('/')}/files" if self.artifacts else str(self.home / "files")

    @property
    def hubs(self) -> Path:
        """The folder of what came from hubs, for each of their places."""
        return self.home / "hub"

    @property
    def environments(self) -> Path:
        """The folder of environments made for sets of requirements."""
        return self.home / "environments"


def load_config(start: Path, environment: Mapping[str, str]) -> Config:
    """
    Read the configuration in force for work in the folder *start*.

    Raises ConfigError, naming file and key, for a file that is no YAML mapping and for an unknown key.
    """
    home = home_folder(environment)
    user_file = _user_file(environment)
    project_file = find_project_file(start)
    user = _read(user_file, _USER_KEYS) if user_file and _is_file(user_file) else {}
    project = _read(project_file, _PROJECT_KEYS) if project_file else {}
    variables = {
        key: environment[_PREFIX + key.upper()] for key in _VARIABLES if environment.get(_PREFIX + key.upper())
    }
    places = ((str(project_file), project), ("environment", variables), (str(user_file), user))
    return Config(
        home=home,
        project=_name(project, project_file),
        root=project_file.parent if project_file else None,
        user_file=user_file,
        store=_first(places, "store") or f"sqlite:///{home / 'store.db'}",
        artifacts=_first(places, "artifacts"),
        warm=_warm(places, environment),
        profiles={**_profiles(user, str(user_file)), **_profiles(project, str(project_file))},
        hub_sources={**_hub_sources(project, project_file), **_hub_sources(user, user_file)},
        hub_locks=_sections(project, "hub-lock", str(project_file)),
        layers=(
            Layer(source=PROJECT_FILE, values=_mapping(project, "defaults", str(project_file))),
            Layer(source="environment", values=_option_variables(environment)),
            Layer(source=str(user_file), values=_mapping(user, "defaults", str(user_file))),
        ),
    )


def find_project_file(start: Path) -> Path | None:
    """Return the nearest project.yaml in *start* or a folder above it."""
    folder = start.resolve()
    return next(
        (path for path in (place / PROJECT_FILE for place in (folder, *folder.parents)) if _is_file(path)), None
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder above that may not be entered
        return False


def home_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder of store, runs and environments, which need not exist yet."""
    home = Path(places.home(environment))
    if home.parts[0] == "~":  # a container's user may have none
        raise ConfigError(
            "there is no home folder: HOME is not set, and the system does not know this user",
            hint="Set MLRUN_NB_HOME to a folder of yours.",
        )
    return home


def _user_file(environment: Mapping[str, str]) -> Path | None:
    base = environment.get("XDG_CONFIG_HOME")
    try:
        return (Path(base) if base else Path.home() / ".config") / "mlrun-nb" / "config.yaml"
    except RuntimeError:  # a container's user may have no home, and so no settings of their own
        return None


def _option_variables(environment: Mapping[str, str]) -> dict[str, object]:
    """Return `MLRUN_NB_MEMORY=4Gi` as `memory`; which names are options is for the reader of the layer to say."""
    ours = {_PREFIX + "CONTEXT"} if _PREFIX + "RUN" in environment else set()  # inside a run it names a file of its own
    return {
        key.removeprefix(_PREFIX).lower().replace("_", "-"): value
        for key, value in environment.items()
        if key.startswith(_PREFIX) and key not in ours
    }


def _read(path: Path, known: tuple[str, ...]) -> Mapping[str, object]:
    try:
        data = read_yaml(path) or {}
    except YamlFileError as err:
        raise ConfigError(f"`{path}` cannot be read: {err}", hint="Correct it there, or move the file away.") from err
    if not isinstance(data, dict):
        raise ConfigError(
            f"`{path}` is not a mapping of settings", hint=f"Write one of {', '.join(known)} as `key: value`."
        )
    for key in data:
        if key not in known:
            near = nearest(str(key), known)
            hint = f"Did you mean `{near}`?" if near else f"Keys are: {', '.join(known)}."
            raise ConfigError(f"unknown key `{key}` in `{path}`", hint=hint)
    return data


def _name(project: Mapping[str, object], path: Path | None) -> str:
    name = str(project.get("name") or (path.parent.name if path else "default"))
    if not name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise ConfigError(
            f"`{name}` cannot name a project", hint=f"Set `name:` in `{path}` to letters, digits, `-`, `_` and `.`."
        )
    return name


def _first(places: tuple[tuple[str, Mapping[str, object]], ...], key: str) -> str:
    for place, values in places:
        value = values.get(key)
        if value is None:
            continue
        if not isinstance(value, str):
            raise ConfigError(f"`{key}` in `{place}` is not a text", hint=f"Write a URL or a path for `{key}`.")
        if "\0" in value:
            raise ConfigError(f"`{key}` in `{place}` holds a NUL", hint=f"Write a URL or a path for `{key}`.")
        return value
    return ""


def _mapping(values: Mapping[str, object], key: str, place: str, *, within: str = "") -> Mapping[str, object]:
    value = values.get(key) or {}
    if not isinstance(value, dict):
        raise ConfigError(
            f"`{within}{key}` in `{place}` is not a mapping", hint=f"Write option names and values under `{key}:`."
        )
    return {_key(name): item for name, item in value.items()}


def _key(name: object) -> str:
    """Return *name* as it was written: of our words YAML takes one, `on`, for a truth value."""
    return "on" if name is True else str(name)


def _warm(places: tuple[tuple[str, Mapping[str, object]], ...], environment: Mapping[str, str]) -> Warm:
    place, value = next(
        ((place, values["warm"]) for place, values in places if values.get("warm") is not None), ("", None)
    )
    plain = value if isinstance(value, dict) else {} if value is None else {"mode": value}
    mode = environment.get(_PREFIX + "WARM") or plain.get("mode", "auto")
    modules = plain.get("modules") or []
    mode = {True: "on", False: "off"}.get(mode, mode) if isinstance(mode, bool) else mode  # YAML reads `on` as true
    if mode not in _WARM_MODES or set(plain) - _WARM_KEYS or not isinstance(modules, list):
        raise ConfigError(
            f"`warm: {value if mode in _WARM_MODES else mode}` in `{place or 'environment'}` is not a way to start",
            hint="Write `warm: auto`, `on` or `off`, or `mode:`, `idle:` and a list of `modules:` under `warm:`.",
        )
    return Warm(mode=mode, idle=str(plain.get("idle") or "10m"), modules=tuple(map(str, modules)), source=place)


def _profiles(values: Mapping[str, object], place: str) -> dict[str, Layer]:
    sections = _sections(values, "profiles", place)
    return {name: Layer(source=f"profile {name}", values=section) for name, section in sections.items()}


def _sections(values: Mapping[str, object], key: str, place: str) -> dict[str, Mapping[str, object]]:
    """Return the mappings below *key* by name."""
    sections = _mapping(values, key, place)
    return {name: _mapping(sections, name, place, within=f"{key}.") for name in sections}


def _hub_sources(values: Mapping[str, object], file: Path | None) -> dict[str, str]:
    """Return where functions are installed from; a relative folder is relative to the *file* that names it."""
    if file is None:
        return {}
    sources = _mapping(values, "hub", str(file))
    found = {}
    for name, place in sources.items():
        if not isinstance(place, str) or not place or not name.replace("-", "").replace("_", "").isalnum():
            raise ConfigError(
                f"`hub.{name}` in `{file}` names no source",
                hint="Write the source's name and its address: a folder, `git+https://…`, or `https://…`.",
            )
        found[name] = place if _is_address(place) else str((file.parent / Path(place).expanduser()).absolute())
    return found


def _is_address(place: str) -> bool:
    """Tell whether *place* is no folder: a URL, or `git@host:path`."""
    host, colon, _ = place.partition(":")
    return "://" in place or bool(colon and "@" in host and "/" not in host)
