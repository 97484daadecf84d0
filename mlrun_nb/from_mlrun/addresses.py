"""Addresses of MLRun's store, which code asks for to tell them from paths; and things named by a dotted path."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from mlrun_nb.errors import UsageError

_SCHEME = "store://"


class StorePrefix:
    """The kinds of addresses. Source: MLRun, `utils.StorePrefix`."""

    Artifact = "artifacts"
    Model = "models"
    Dataset = "datasets"
    Document = "documents"
    FeatureSet = "feature-sets"
    FeatureVector = "feature-vectors"


def is_store_uri(url: str) -> bool:
    """Tell whether *url* is one that MLRun's server follows."""
    return str(url or "").startswith(_SCHEME)


def parse_store_uri(uri: str) -> tuple[str | None, str]:
    """Return the kind of a store's address and what is behind it; None and nothing for any other."""
    if not is_store_uri(uri):
        return None, ""
    prefix, _, rest = uri.removeprefix(_SCHEME).partition("/")
    return prefix or StorePrefix.Artifact, rest


FEATURE_SEPARATOR = "."


def parse_feature_string(feature: str) -> tuple[str, str, str | None]:
    """Return set, name and alias of `SET.NAME as ALIAS`; None where there is no alias. Raises UsageError."""
    feature_set, separator, rest = feature.strip().partition(FEATURE_SEPARATOR)
    if not separator:
        raise UsageError(f"`{feature}` names no feature of a set", hint="Write it as `SET.NAME`.")
    name, _, alias = rest.partition(" as ")
    return feature_set.strip(), name.strip(), alias.strip() or None


def create_class(pkg_class: str) -> Any:  # noqa: ANN401  # whatever it names
    """Return what the dotted path *pkg_class* names; raises UsageError."""
    home, _, name = pkg_class.rpartition(".")
    try:
        return getattr(import_module(home), name)
    except (ImportError, AttributeError, ValueError) as err:
        raise UsageError(
            f"`{pkg_class}` names nothing: {err}", hint="Write it as in `sklearn.linear_model.LogisticRegression`."
        ) from err


create_function = create_class
