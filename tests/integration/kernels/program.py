"""What a test wants to be done in a forked child: the file that `sys.argv[0]` names."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Execute the file as a program."""
    main_module = sys.modules["__main__"]
    exec(compile(Path(sys.argv[0]).read_text(), sys.argv[0], "exec"), main_module.__dict__)
