from __future__ import annotations

import sys

from mlrun import get_or_create_ctx

context = get_or_create_ctx("nightly")
factor = context.get_param("factor", 3)
title = context.get_param("title")


def scaled(values: list[int]) -> list[int]:
    return [value * factor for value in values]


if __name__ == "__main__":
    context.log_result("total", sum(scaled([1, 2, 3])))
    context.log_result("day", sys.argv[-1])
    context.log_result("title", title or "none")
    with open(f"{context.artifact_path}/note.txt", "w") as file:
        file.write("written and not logged")
