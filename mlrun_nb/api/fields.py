"""
Fields of a form: for each parameter, input and option the widget that fits it, and how what was put in is read.

What is left empty is not given: the function's own default, the notebook's variable or the profile's value counts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Any, Final, TypeAlias

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import MlrunNbError, ParameterError
from mlrun_nb.model.option_values import check_value
from mlrun_nb.model.options import Option
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.parameter_types import ParameterType, parse_type
from mlrun_nb.notebook.parameters import convert

NOT_GIVEN: Final = object()
"""What a field that was left empty is read as."""

_CHOOSE: tuple[str, object] = ("choose…", NOT_GIVEN)
_LOOKS: dict[str, Any] = {"style": {"description_width": "120px"}, "layout": {"width": "380px"}}

_Read: TypeAlias = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Field:
    """
    One value that can be put in. `read` raises MlrunNbError for one that means nothing; `note` says what is expected.
    """

    name: str
    widget: Any
    note: str
    read: Callable[[], object]

    def complaint(self) -> str:
        """Return what is wrong with what was put in; empty where nothing is."""
        try:
            self.read()
        except MlrunNbError as err:
            return f"{err.message}. {err.hint}"
        return ""


def parameter_field(widgets: ModuleType, parameter: Parameter) -> Field:
    """Return the field of *parameter*, made of *widgets*."""
    kind = parse_type(parameter.type)
    looks = {"description": parameter.name, "tooltip": parameter.description or None, **_LOOKS}
    plain = _plain_field(widgets, parameter, kind, looks)
    widget, read = plain or _text_field(widgets, parameter, kind, looks)

    def checked() -> object:
        value = read()
        if value is NOT_GIVEN and parameter.required:
            raise ParameterError(f"`{parameter.name}` needs a value", hint=f"It is `{parameter.type or 'any value'}`.")
        return value

    note = "" if kind.members else parameter.type  # choices are seen
    return Field(parameter.name, widget, note, checked)


def _plain_field(
    widgets: ModuleType, parameter: Parameter, kind: ParameterType, looks: dict[str, Any]
) -> tuple[Any, _Read] | None:
    """Return a widget made for the type; None where only text can say all that may be meant."""
    default, has_default = parameter.default, not parameter.required and not parameter.default_source
    if kind.optional or parameter.default_source:
        return None
    if kind.kind == "literal" or (kind.kind == "bool" and not has_default):
        members = kind.members if kind.kind == "literal" else (True, False)
        choices = [(str(member), member) for member in members]
        options = choices if has_default else [_CHOOSE, *choices]
        widget = widgets.Dropdown(options=options, value=default if has_default else NOT_GIVEN, **looks)
    elif kind.kind == "bool":
        widget = widgets.Checkbox(value=bool(default), **looks)
    elif kind.kind == "int" and isinstance(default, int):
        widget = widgets.IntText(value=default, **looks)
    elif kind.kind == "float" and isinstance(default, int | float):
        widget = widgets.FloatText(value=default, step=None, **looks)
    elif kind.kind == "datetime" and (parameter.required or _is_naive(default)):
        when = datetime.fromisoformat(str(default)) if has_default else None
        widget = widgets.NaiveDatetimePicker(value=when, **looks)
        return widget, lambda: NOT_GIVEN if widget.value is None else widget.value.isoformat()
    else:
        return None
    return widget, lambda: widget.value


def _is_naive(default: Json) -> bool:
    try:
        return isinstance(default, str) and datetime.fromisoformat(default).tzinfo is None
    except ValueError:
        return False


def _text_field(
    widgets: ModuleType, parameter: Parameter, kind: ParameterType, looks: dict[str, Any]
) -> tuple[Any, _Read]:
    """Return a field for text, read as the command line reads it: JSON for lists and dicts."""
    make = widgets.Textarea if kind.kind in {"list", "dict"} else widgets.Text
    widget = make(value=_as_text(parameter, kind), placeholder=parameter.default_source or "", **looks)
    may_be_empty = kind.kind == "str" and not parameter.required and not parameter.default_source

    def read() -> object:
        if not widget.value.strip() and not may_be_empty:
            return NOT_GIVEN
        return convert(parameter, widget.value, from_text=True)

    return widget, read


def _as_text(parameter: Parameter, kind: ParameterType) -> str:
    """Return the default as it would be typed."""
    if parameter.required or parameter.default_source:
        return ""
    default = parameter.default
    if isinstance(default, str) and kind.kind not in {"list", "dict"}:
        return default
    return "None" if default is None else json.dumps(default, ensure_ascii=False)


def input_field(widgets: ModuleType, name: str) -> Field:
    """Return the field of an input: the place of a value, where the notebook's own is not meant."""
    widget = widgets.Text(description=name, placeholder="the notebook's variable", **_LOOKS)
    return Field(name, widget, "path or URL", lambda: widget.value.strip() or NOT_GIVEN)


def option_field(widgets: ModuleType, option: Option, stated: str, choices: Sequence[str] = ()) -> Field:
    """Return the field of *option*, in which *stated* stands already; *choices* are values that are known."""
    looks = {"description": option.name, "placeholder": option.example, "tooltip": option.help, **_LOOKS}
    widget = (
        widgets.Combobox(value=stated, options=tuple(choices), **looks)
        if choices
        else widgets.Text(value=stated, **looks)
    )

    def read() -> object:
        text = widget.value.strip()
        return NOT_GIVEN if text in {"", stated} else check_value(option, text, where="the form")

    return Field(option.name.replace("-", "_"), widget, option.help, read)
