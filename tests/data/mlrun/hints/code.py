import tempfile
from pathlib import Path


def several(path: str = "report.md", *numbers: int):
    file = Path(tempfile.mkdtemp()) / path
    file.write_text("# report")
    return str(file), [1, 2, 3], 6, "more than was asked for"
