"""
`python -m mlrun_nb.runner RUN_DIRECTORY [--attempt N]`: execute the request in a run directory, path or URL.

Takes signals from the first moment; everything else is imported after that.
"""

from __future__ import annotations

import argparse
import os
import sys

from mlrun_nb._lib.streams import flush
from mlrun_nb.runner.lean_import import never_import_the_grammar
from mlrun_nb.runner.stop import Stop


def main(arguments: list[str]) -> int:
    """Return the exit status; see `exit_codes`."""
    stop = Stop()
    stop.on_signals()
    parser = argparse.ArgumentParser(prog="python -m mlrun_nb.runner", description="Execute one run.")
    parser.add_argument("run_directory", help="path or URL of a folder with request.json and input.ipynb")
    parser.add_argument("--attempt", type=int, default=1, help="number of this attempt, from 1")
    options = parser.parse_args(arguments)

    from mlrun_nb.runner.execute import run

    return run(options.run_directory, attempt=options.attempt, stop=stop)


def program() -> int:
    """Do what the command line says and return the exit status."""
    return main(sys.argv[1:])


if __name__ == "__main__":
    never_import_the_grammar()
    code = program()
    flush()
    os._exit(code)  # all is written; to take a thousand modules apart would take a fifth of a second
