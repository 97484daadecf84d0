# %% [markdown]
# # What the web server says
# Files beside the notebook, a shell line, an exception that is meant to be one, `match` in the open.
#
# - `count_files`: error `files`, which is data of cell 3 (`files = !ls logs`)
# - `count_files`: error `--input files`
# - `summary`: notice cell 2, line 7: `logging.basicConfig(level=logging.INFO

# %%
import logging
import re
from collections import Counter
from enum import IntEnum
from pathlib import Path

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
log = logging.getLogger("reader")

# %%
# files = !ls logs
files

# %%
LINE = re.compile(
    r"""(?P<host>\S+)\s\[(?P<day>[^:\]]+):(?P<time>[^\]]+)\]\s
        "(?P<verb>[A-Z]+)\s(?P<path>\S+)"\s(?P<status>\d{3})""",
    re.VERBOSE,
)


class Family(IntEnum):
    OK = 2
    MOVED = 3
    CLIENT = 4
    SERVER = 5

    @property
    def bad(self):
        return self >= Family.CLIENT


# %%
class LogError(Exception):
    """A line that is none."""


class EmptyLine(LogError):
    def __init__(self, number):
        super().__init__(f"line {number} is empty")
        self.number = number


# %%
def parse(line, number):
    if not line.strip():
        raise EmptyLine(number)
    if (found := LINE.match(line)) is None:
        raise LogError(f"line {number}: {line!r}")
    return found.groupdict()


def read(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            yield parse(line, number)
        except EmptyLine as err:
            log.info("skipped: %s", err)
        except LogError as err:
            log.warning("broken: %s", err)


# %% tags=["raises-exception"]
parse("nonsense", 0)

# %%
sample = next(read(Path("logs") / files[0]))
match sample:
    case {"verb": "GET" | "HEAD" as verb, "path": path, **rest}:
        kind = verb.lower()
    case _:
        kind = None
kind, path


# %%
# %%mlrun count_files --output n
n = len(files)

# %%
# %%mlrun summary --file logs/*.log --output hosts --output families --output bad
folder: Path = Path("logs")
rows = [row for path in sorted(folder.glob("*.log")) for row in read(path)]
hosts = Counter(row["host"] for row in rows)
families = {family.name: sum(int(row["status"]) // 100 == family for row in rows) for family in Family}
bad = sum(Family(int(row["status"]) // 100).bad for row in rows)

# %%
assert bad == 2, bad
