# What a container executes first. Written so that every Python can parse it, the oldest too: an image that lacks
# something is told so in a sentence, not by a syntax error. Not imported by anything: it travels as text.

import os
import signal

# The first process of a container is ended by no other way. Before all else: what comes until then is lost.
signal.signal(signal.SIGTERM, lambda *_: os._exit(7))

import json
import sys

IMAGE = os.environ.get("MLRUN_NB_IMAGE", "the image")
DELIVERED = os.path.dirname(os.path.abspath(__file__))
RUN = os.environ.get("MLRUN_NB_RUN_DIRECTORY", "/mlrun/run")
PACKAGE = "/mlrun/package"
REQUIREMENTS = "/mlrun/requirements"


def end(cls, summary, hint, code=4, fault="environment"):
    # type: (str, str, str, int, str) -> None
    sys.stdout.flush()
    sys.stderr.write(summary + "\nhint: " + hint + "\n")
    sys.stderr.flush()
    try:
        with open("/dev/termination-log", "w") as file:
            file.write(json.dumps({"cls": cls, "fault": fault, "summary": summary[:1500], "hint": hint[:500]}))
    except (IOError, OSError):
        pass
    os._exit(code)


if sys.version_info < (3, 11):
    end(
        "ImageLacks",
        "`%s` has Python %d.%d, and a run needs 3.11 or later" % (IMAGE, sys.version_info[0], sys.version_info[1]),
        "Use an image with a newer Python: `FROM python:3.12-slim`.",
        code=2,
    )

import importlib.util
import subprocess
import tarfile


def unpack(name, target):
    # type: (str, str) -> None
    path = os.path.join(DELIVERED, name)
    if os.path.exists(path):
        with tarfile.open(path) as archive:
            if hasattr(tarfile, "data_filter"):
                archive.extractall(target, filter="data")
            else:
                archive.extractall(target)


def install(wanted):
    # type: (list[str]) -> None
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    anywhere = dict(os.environ, PIP_BREAK_SYSTEM_PACKAGES="1")  # Debian's pip refuses to look, let alone install
    asked = subprocess.run(
        pip + ["--dry-run", "--no-index"] + wanted, stdin=subprocess.DEVNULL, capture_output=True, env=anywhere
    )
    if asked.returncode == 0:  # the image has all of it
        return
    pip += ["--no-warn-script-location", "--target", REQUIREMENTS, "--no-cache-dir"]
    done = subprocess.run(pip + wanted, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        sys.stderr.write(said + "\n")
        last = [line for line in said.splitlines() if line.startswith("ERROR")] or said.splitlines() or ["no reason"]
        end(
            "RequirementsNotMet",
            "`%s` could not be installed in the pod: %s" % (" ".join(wanted), last[-1]),
            "See that pods reach a package index (`--env PIP_INDEX_URL=...`), or use an image that has them.",
        )


def main():
    # type: () -> None
    for name in ("HOME", "IPYTHONDIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR"):
        if name != "HOME" or not os.access(os.environ.get("HOME", "/nowhere"), os.W_OK):
            os.environ[name] = "/mlrun/home" if name == "HOME" else "/mlrun/home/." + name.lower()
    if not os.path.isdir("/mlrun/home"):
        os.mkdir("/mlrun/home")
    wanted = json.loads(os.environ.get("MLRUN_NB_REQUIREMENTS", "[]"))
    if wanted:
        install(wanted)
        sys.path.insert(0, REQUIREMENTS)
    lacking = [name for name in ("papermill", "ipykernel") if importlib.util.find_spec(name) is None]
    if lacking:
        end(
            "ImageLacks",
            "`%s` lacks %s" % (IMAGE, " and ".join(lacking)),
            "Add a line to its Dockerfile, `RUN pip install %s`, or run with `%s`."
            % (" ".join(lacking), " ".join("--requirement " + name for name in lacking)),
            code=2,
        )
    unpack("package.tar.gz", PACKAGE)
    unpack("run.tar.gz", RUN)
    path = [PACKAGE] + ([REQUIREMENTS] if wanted else []) + [os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(part for part in path if part)
    for name in ("MLRUN_NB_REQUIREMENTS", "MLRUN_NB_IMAGE", "MLRUN_NB_RUN_DIRECTORY"):
        os.environ.pop(name, None)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])  # until the carrier can take it
    os.execv(sys.executable, [sys.executable, "-P", "-m", "mlrun_nb.runner.carrier", RUN] + sys.argv[1:])


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        end(
            "NotDelivered",
            "the run could not be unpacked in its pod: %s: %s" % (type(error).__name__, error),
            "See that `/mlrun` can be written in the image, and that its disk is not full.",
        )
