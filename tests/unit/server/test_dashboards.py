"""Which link a server gives to a dashboard."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlrun_nb._lib import processes
from mlrun_nb.model.run import Handle, Run, RunId
from mlrun_nb.server.dashboards import DashboardLinks, is_of_this_user_here
from tests.unit.commands.records import make_run

PLAIN = DashboardLinks()
PROXY = DashboardLinks(base="/user/ana/proxy", hosts=("localhost", "10.0.0.7"))


@pytest.mark.parametrize(
    ("links", "address", "link"),
    [
        (PLAIN, "http://127.0.0.1:8787/status", "http://127.0.0.1:8787/status"),
        (PROXY, "http://127.0.0.1:8787/status", "/user/ana/proxy/8787/status"),
        (PROXY, "http://localhost:8787/status", "/user/ana/proxy/8787/status"),
        (PROXY, "http://[::1]:8787/status", "/user/ana/proxy/8787/status"),
        (PROXY, "http://10.0.0.7:8787/status", "/user/ana/proxy/10.0.0.7:8787/status"),
        (PROXY, "http://10.0.0.7/status", "/user/ana/proxy/10.0.0.7:80/status"),
        # a host that its administrator does not let it reach; TLS, which it does not speak; a way out of its prefix
        (PROXY, "http://10.0.0.8:8787/status", "http://10.0.0.8:8787/status"),
        (PROXY, "https://127.0.0.1:8787/status", "https://127.0.0.1:8787/status"),
        (PROXY, "http://127.0.0.1:8787/../../api", "http://127.0.0.1:8787/../../api"),
        # nothing that a page may lead to
        (PLAIN, "", ""),
        (PLAIN, "javascript:alert(1)", ""),
        (PROXY, "http://127.0.0.1:none/status", ""),
        (PROXY, "/user/ana/api/shutdown", ""),
    ],
)
def test_a_dashboard_is_led_to_by_the_proxy_where_that_reaches_it(links: DashboardLinks, address: str, link: str):
    """Else by its own address."""
    assert links.of(address) == link


def test_loopback_of_another_machine_is_nothing_here():
    """Another machine's port of that number may be anybody's here."""
    assert PROXY.of("http://127.0.0.1:8787/status", is_here=False) == "http://127.0.0.1:8787/status"
    assert PROXY.of("http://10.0.0.7:8787/status", is_here=False) == "/user/ana/proxy/10.0.0.7:8787/status"


def test_a_run_is_of_this_user_here_where_its_folder_and_its_place_are(tmp_path: Path):
    """A store may be shared by people and machines."""
    here, there = processes.place(), {**processes.place(), "machine": "another"}
    assert is_of_this_user_here(_run(here, tmp_path))
    assert not is_of_this_user_here(_run(there, tmp_path))
    assert not is_of_this_user_here(_run({"scheduler": "tcp://farm:8786"}, tmp_path))
    assert not is_of_this_user_here(_run(here, tmp_path / "gone"))
    assert not is_of_this_user_here(make_run(handle=None))


def test_a_run_in_somebody_elses_folder_is_not_of_this_user(tmp_path: Path):
    """What it says was written by them."""
    theirs = Path("/")
    if os.geteuid() == 0:  # whose that is
        theirs = tmp_path
        os.chown(theirs, 4711, 4711)
    assert not is_of_this_user_here(_run(processes.place(), theirs))


def _run(reach: dict[str, str], folder: Path) -> Run:
    return make_run(
        handle=Handle(engine="local", run=RunId("k3v9xqk3v9xq"), reach=reach, data={"run_directory": str(folder)})
    )
