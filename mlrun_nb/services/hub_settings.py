"""Which hubs there are and what is locked of them: written to project.yaml, or to the user's configuration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.files import locked, make_private, write_atomic
from mlrun_nb._lib.yaml_edit import Value, YamlEditError, with_entry, without_entry
from mlrun_nb.config import PROJECT_FILE, Config
from mlrun_nb.errors import ConfigError, OptionError


@dataclass(slots=True)
class Edit:
    """The text of a file, as it will be."""

    text: str

    def set(self, section: str, key: str, value: Value) -> None:
        """Set an entry; see `yaml_edit`."""
        self.text = with_entry(self.text, section, key, value)

    def remove(self, section: str, key: str) -> None:
        """Take an entry out; see `yaml_edit`."""
        self.text = without_entry(self.text, section, key)


def project_file(config: Config) -> Path:
    """Return the file of the project; raises OptionError where there is none."""
    if config.root is None:
        raise OptionError(
            "there is no project.yaml here that could say what the project uses",
            hint="Make one: `echo 'name: NAME' > project.yaml`.",
        )
    return config.root / PROJECT_FILE


@contextmanager
def edit_project(config: Config) -> Iterator[Edit]:
    """Give the project's file to change, which is written at the end of the block; raises OptionError, ConfigError."""
    with edit_file(project_file(config), config.home) as edit:
        yield edit


@contextmanager
def edit_file(path: Path, home: Path) -> Iterator[Edit]:
    """Give the file *path* to change; others who change one wait. Raises ConfigError where it cannot be changed."""
    make_private(home)
    with locked(home / "settings.lock"):
        try:
            before = path.read_text(encoding="utf-8") if path.exists() else ""
            edit = Edit(before)
            yield edit
            if edit.text != before:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomic(path, edit.text.encode(), mode=path.stat().st_mode & 0o777 if path.exists() else 0o644)
        except YamlEditError as err:
            raise ConfigError(f"`{path}` cannot be changed: {err}", hint="Write the entry by hand.") from err
        except OSError as err:
            raise ConfigError(
                f"`{path}` cannot be written: {err.strerror}", hint="Make it a file you may write."
            ) from err
