"""What a shell and a terminal see of a command that a helper's child does for them."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import time

import pytest

from mlrun_nb.kernels import client
from mlrun_nb.testing.requests import wait_for
from tests.acceptance.conftest import births, served
from tests.acceptance.session import COMMAND, Session, write_notebook


@pytest.fixture
def session(warm_exports, tmp_path):
    """Return a session of the test's own, whose commands must come from the helper."""
    with served(tmp_path, warm_exports) as session:
        yield session


class Terminal:
    """A command on a terminal of its own, as its foreground group."""

    def __init__(self, session: Session, *words: str) -> None:
        self.pid, self.master = pty.fork()
        if not self.pid:
            os.chdir(session.folder)
            os.execve(COMMAND, [COMMAND, *words], {**session.environment, "TERM": "xterm"})
        self.said = ""

    def until(self, text: str) -> None:
        """Read until *text* was shown."""
        deadline = time.monotonic() + 60
        while text not in self.said:
            assert time.monotonic() < deadline, self.said
            self.read()

    def read(self) -> bool:
        """Read what there is; returns whether more may come."""
        if select.select([self.master], [], [], 0.2)[0]:
            try:
                piece = os.read(self.master, 65536)
            except OSError:  # the last one has closed the terminal
                return False
            self.said += piece.decode()
            return bool(piece)
        return True

    def type(self, keys: bytes) -> None:
        """Press *keys*."""
        os.write(self.master, keys)

    def end(self) -> int:
        """Read to the end and return the exit status."""
        while self.read():
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.master)
        return status


CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def seen(text: str) -> tuple[list[str], list[str]]:
    """Return the kinds of control sequences and the last words on a terminal, but for what differs between two runs."""
    text = re.sub(r"\d+(\.\d+)? (m?s|min|MiB)|[0-9a-z]{12}\b|\b[0-9a-z]{6}\b", "#", text)
    return sorted(set(CONTROL.findall(text))), CONTROL.sub("", text).split()[-12:]


def test_a_terminal_shows_the_same_warm_and_cold(session, tmp_path):
    """Colours, the bar that is taken away again, the report; and the same exit code."""
    cold = Session(session.folder, {**session.exported, "MLRUN_NB_WARM": "off"})
    told = []
    for each in (session, cold):
        terminal = Terminal(each, "run", "train.ipynb::train")
        told.append((terminal.end(), seen(terminal.said)))
    assert told[0] == told[1]


PAINTED = "print('\\x1b[1;31mred\\x1b[0m \\x1b]0;title\\x07\\x1b[2Kx')"


def test_a_log_has_its_colours_on_a_terminal_only(session):
    """No title, no cursor that moves; in a pipe, and where somebody wants none, no colours either."""
    write_notebook(session.folder / "painted.ipynb", [PAINTED])
    assert session.type("run", "painted.ipynb", "-q").code == 0
    terminal = Terminal(session, "logs", "last")
    assert terminal.end() == 0
    assert terminal.said == "\x1b[1;31mred\x1b[0m x\r\n\x1b[0m"
    assert session.type("logs", "last").out == "red x\n"
    assert session.type("logs", "last", FORCE_COLOR="1").out == "\x1b[1;31mred\x1b[0m x\n\x1b[0m"
    assert session.type("logs", "last", FORCE_COLOR="1", NO_COLOR="1").out == "red x\n"


def test_ctrl_c_on_a_terminal_reaches_the_process_that_works(session):
    """The terminal interrupts its foreground group, which is us; the run is cancelled once, and the code is 130."""
    terminal = Terminal(session, "run", "train.ipynb::slow")
    terminal.until("begun")
    terminal.type(b"\x03")
    assert terminal.end() == 130
    assert "cancelling run" in terminal.said
    assert "⊘ slow" in CONTROL.sub("", terminal.said)


def test_ctrl_z_stops_and_continues_both(session):
    """The shell sees a stopped job, and `fg` goes on with it."""
    terminal = Terminal(session, "run", "train.ipynb::slow")
    terminal.until("begun")
    terminal.type(b"\x1a")
    _, status = os.waitpid(terminal.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.type(b"\x03")
    assert terminal.end() == 130


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_ends_both_and_is_the_end_that_the_shell_sees(session, number):
    """As for one process."""
    with session.start("run", "train.ipynb::slow") as process:
        for line in process.stderr:
            if "begun" in line:
                break
        process.send_signal(number)
        process.communicate(timeout=60)
    assert process.returncode == -number
    run = session.type("runs", "--json").json[0]["id"]
    session.type("cancel", run, "--wait")


def test_closed_files_and_a_folder_that_is_gone_lead_to_an_ordinary_start(session):
    """What cannot be handed over is not."""
    session.type("runs")
    before = births(session)
    said = subprocess.run(["sh", "-c", f"{COMMAND} runs >&-"], env=session.environment, cwd=session.folder, check=False)
    assert said.returncode == 0
    gone = f"mkdir gone && cd gone && rmdir ../gone && {COMMAND} --version"
    subprocess.run(["sh", "-c", gone], env=session.environment, cwd=session.folder, check=False)
    assert births(session) == before


def test_input_is_read_from_the_terminal(session):
    """A question is asked and answered as ever."""
    for _ in range(2):
        session.type("run", "hello.ipynb", "-q")
    terminal = Terminal(session, "gc", "--keep", "1")
    terminal.until("[y/N]")
    terminal.type(b"y\n")
    assert terminal.end() == 0
    assert "freed" in terminal.said


def test_the_first_command_makes_the_next_one_warm_and_doctor_ends_the_helper(session, tmp_path):
    """Nothing is printed about it, and what `--stop-helper` has ended does not come back by itself."""
    own = {**session.exported, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    tmp_path.chmod(0o700)
    other = Session(session.folder, own)
    assert session.type("runs").code == 0
    said = other.type("run", "hello.ipynb", "-q")
    assert (said.code, said.err) == (0, "")
    about = wait_for(lambda: client.tell(other.environment, verb="about"), what="a helper")
    assert f"process {about['pid']}" in other.type("doctor").out
    assert f"process {about['pid']}, ends" in other.type("doctor", "--stop-helper").out
    wait_for(lambda: not os.path.exists(f"/proc/{about['pid']}"), what="its end")  # noqa: PTH110  # one look
    time.sleep(1)  # for one that came back to take its lock
    for path in (tmp_path / "mlrun-nb").glob("*.lock"):
        with path.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert "No helper is running" in other.type("doctor", "--stop-helper").out
