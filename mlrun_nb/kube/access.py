"""
Which cluster, and as whom: kubeconfig or the service account of the pod that we are in.

The only module that imports `kubernetes`, and what it takes of it is the reading of credentials (exec plug-ins, OIDC,
token files) and the connection pool made of them.
"""

from __future__ import annotations

import hashlib
import os
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import urllib3
from yaml import YAMLError

from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import ConfigError, EngineUnavailable
from mlrun_nb.kube.problems import ApiProblem

if TYPE_CHECKING:
    from kubernetes.client import Configuration
    from websocket import WebSocket

_POD = Path("/var/run/secrets/kubernetes.io/serviceaccount")
_HOME = "~/.kube/config"
_CONNECTIONS = 32
"""Connections that are kept open; each watch and each log that is followed needs one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """
    What a profile says of a cluster; an empty field is what `kubectl` would take.

    Without `kubeconfig` and `context` the order is: $KUBECONFIG, ~/.kube/config, the pod's own service account.
    """

    kubeconfig: str = ""
    context: str = ""
    namespace: str = ""


class Credentials:
    """Who we are to a cluster, as far as it was known when this was made, and connections to it."""

    def __init__(self, configuration: Configuration, *, context: str, namespace: str, kubectl: str) -> None:
        from kubernetes.client.rest import RESTClientObject

        configuration.connection_pool_maxsize = _CONNECTIONS
        configuration.keep_alive = True  # of 37; to others it is one more attribute
        self.server = str(configuration.host).rstrip("/")
        self.context = context
        self.namespace = namespace
        self.kubectl = kubectl
        self.pool: urllib3.PoolManager = RESTClientObject(configuration).pool_manager
        self._configuration = configuration
        self._lock = threading.Lock()
        if not configuration.verify_ssl:  # whoever wrote that into the kubeconfig need not be told at each request
            host = urllib3.util.parse_url(self.server).host
            warnings.filterwarnings("ignore", message=f"Unverified HTTPS request is being made to host '{host}'")

    def headers(self) -> dict[str, str]:
        """Return the headers of a request that say who we are; a token that is about to expire is read again."""
        with self._lock:  # an exec plug-in may ask the user something: once
            settings: dict[str, Any] = dict(self._configuration.auth_settings())
        return {str(each["key"]): str(each["value"]) for each in settings.values() if each["in"] == "header"}

    def web_socket(self, target: str) -> WebSocket:
        """Return a web socket to *target*, path and query, as the library opens it; raises ApiProblem and others."""
        from kubernetes.stream.ws_client import create_websocket, get_websocket_url
        from websocket import WebSocketBadStatusException

        known = {name.lower(): value for name, value in self.headers().items()}
        url = get_websocket_url(self.server + target)
        headers = {**known, "sec-websocket-protocol": "v4.channel.k8s.io"}
        try:
            made: WebSocket = create_websocket(self._configuration, url, headers)
        except WebSocketBadStatusException as err:
            raise ApiProblem.from_answer(err.status_code, bytes(err.resp_body or b"")) from err
        return made

    def authority(self) -> str:
        """Return a digest of the certificate authority of the cluster, or of its address where it has none."""
        path = self._configuration.ssl_ca_cert
        what = Path(path).read_bytes() if path else self.server.encode()
        return hashlib.sha256(what.strip()).hexdigest()


def load(access: Access) -> Credentials:
    """
    Return credentials for *access*; exec plug-ins run now.

    Raises ConfigError where there are none that can be used, EngineUnavailable where they cannot be had now.
    """
    try:
        from kubernetes.config import ConfigException
    except ModuleNotFoundError as err:
        raise EngineUnavailable(
            f"a cluster is reached through the library `kubernetes`, which cannot be imported: {err}",
            hint="Run `pip install 'mlrun-nb[kubernetes]'`.",
        ) from err
    path = access.kubeconfig or os.environ.get("KUBECONFIG") or _HOME
    try:
        if not access.kubeconfig and not access.context and not _exists(path):
            return _of_pod(access, path)
        return _of_file(access, path)
    except urllib3.exceptions.HTTPError as err:  # from whom OpenID tokens come
        raise EngineUnavailable(f"the credentials in `{path}` cannot be renewed: {err}", hint=_try(access)) from err
    except (ConfigException, OSError, ValueError, LookupError, TypeError, AttributeError, YAMLError) as err:
        raise ConfigError(f"the credentials in `{path}` cannot be used: {err}", hint=_try(access)) from err


def _try(access: Access) -> str:
    return f"See whether this works: `{_kubectl(access)} get --raw /readyz`."


def _exists(path: str) -> bool:
    return any(Path(each).expanduser().exists() for each in path.split(os.pathsep) if each)


def _of_pod(access: Access, path: str) -> Credentials:
    from kubernetes.client import Configuration
    from kubernetes.config import load_incluster_config

    if not os.environ.get("KUBERNETES_SERVICE_HOST") or not (_POD / "token").exists():
        raise ConfigError(
            f"there is no cluster to run on: `{path}` does not exist, and this is no pod with a service account",
            hint="Name a kubeconfig: `export KUBECONFIG=FILE`.",
        )
    configuration = Configuration()
    load_incluster_config(client_configuration=configuration)
    own = (_POD / "namespace").read_text().strip()
    return Credentials(configuration, context="", namespace=access.namespace or own or "default", kubectl="kubectl")


def _of_file(access: Access, path: str) -> Credentials:
    from kubernetes.client import Configuration
    from kubernetes.config.kube_config import KubeConfigLoader, KubeConfigMerger

    files = KubeConfigMerger(path)
    if files.config is None:
        raise ConfigError(
            f"there is no kubeconfig at `{path}`", hint="Name one that is there: `export KUBECONFIG=FILE`."
        )
    if access.context:
        _check_context(access.context, [str(each.value["name"]) for each in files.config.value["contexts"]], path)
    loader = KubeConfigLoader(
        files.config,
        active_context=access.context or None,
        config_base_path=None,  # relative paths mean the folder of the file that they stand in
        config_persister=files.save_changes,
    )
    configuration = Configuration()
    loader.load_and_set(configuration)
    current = loader.current_context
    return Credentials(
        configuration,
        context=str(current["name"]),
        namespace=access.namespace or current["context"].get("namespace") or "default",
        kubectl=_kubectl(access),
    )


def _check_context(name: str, known: list[str], path: str) -> None:
    if name in known:
        return
    near = nearest(name, known)
    raise ConfigError(
        f"context `{name}` is not in `{path}`",
        hint=f"Did you mean `{near}`?" if near else f"Set `context` to one of: {some(known)}.",
    )


def _kubectl(access: Access) -> str:
    options = [f"--{name}={value}" for name in ("kubeconfig", "context") if (value := getattr(access, name))]
    return quoted("kubectl", *options)
