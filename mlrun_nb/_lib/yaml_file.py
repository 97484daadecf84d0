"""Files of YAML that people write: read in one way, and what is wrong with one said by line and column."""

from __future__ import annotations

from pathlib import Path


class YamlFileError(ValueError):
    """The file cannot be read, or is not YAML; the text says where and why, without the file's name."""


def read_yaml(path: Path) -> object:
    """Return what *path* holds, None for an empty file; raises YamlFileError."""
    import yaml  # 15 ms, and most commands read no such file

    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as err:
        raise YamlFileError(_marked(err)) from err
    except yaml.YAMLError as err:
        raise YamlFileError(str(err).splitlines()[0]) from err
    except OSError as err:
        raise YamlFileError(err.strerror or str(err)) from err
    except UnicodeDecodeError as err:
        raise YamlFileError(f"byte {err.start + 1} is not UTF-8 text") from err
    except RecursionError as err:
        raise YamlFileError("it is nested too deeply") from err
    except ValueError as err:  # a date such as 2024-99-01; the library does not say where
        raise YamlFileError(f"it holds a date or number that there is not: {err}") from err


def _marked(error: object) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", "") or getattr(error, "context", "") or "it is not YAML")
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}" if mark else problem
