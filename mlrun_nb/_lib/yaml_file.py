"""Files of YAML that people write: read in one way, and what is wrong with one said by line and column."""

from __future__ import annotations

import re
from pathlib import Path

_EXPONENT = re.compile(r"[-+]?\d[\d_]*(?:\.[\d_]*)?[eE][-+]?\d+")


class YamlFileError(ValueError):
    """The file cannot be read, or is not YAML; the text says where and why, without the file's name."""


def read_yaml(path: Path, *, numbers_as_json: bool = False) -> object:
    """
    Return what *path* holds, None for an empty file; raises YamlFileError.

    With *numbers_as_json* `1e-5` is a number, as it is in JSON and YAML 1.2; to YAML 1.1 it is text.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as err:
        raise YamlFileError(err.strerror or str(err)) from err
    except UnicodeDecodeError as err:
        raise YamlFileError(f"byte {err.start + 1} is not UTF-8 text") from err
    return parse_yaml(text, numbers_as_json=numbers_as_json)


def parse_yaml(text: str, *, numbers_as_json: bool = False) -> object:
    """Return what *text* holds, as `read_yaml` does; raises YamlFileError."""
    import yaml  # 15 ms, and most commands read no such file

    class Loader(yaml.SafeLoader):
        """One of its own: resolvers belong to a class."""

    if numbers_as_json:
        Loader.add_implicit_resolver("tag:yaml.org,2002:float", _EXPONENT, list("-+0123456789"))
    try:
        return yaml.load(text, Loader=Loader)  # noqa: S506  # it is a safe one
    except yaml.MarkedYAMLError as err:
        raise YamlFileError(_marked(err)) from err
    except yaml.YAMLError as err:
        raise YamlFileError(str(err).splitlines()[0]) from err
    except RecursionError as err:
        raise YamlFileError("it is nested too deeply") from err
    except ValueError as err:  # a date such as 2024-99-01; the library does not say where
        raise YamlFileError(f"it holds a date or number that there is not: {err}") from err


def _marked(error: object) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", "") or getattr(error, "context", "") or "it is not YAML")
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}" if mark else problem
