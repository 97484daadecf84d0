"""Distributions of one module, to be required by runs; a plug-in that gives all tests the fixture `wheel`."""

from __future__ import annotations

import zipfile

import pytest


@pytest.fixture
def wheel(tmp_path):
    """Give a function that builds a distribution of one module and returns the requirement for it."""

    def build(name: str, source: str) -> str:
        path = tmp_path / f"{name}-0.0.1-py3-none-any.whl"
        about = f"{name}-0.0.1.dist-info"
        with zipfile.ZipFile(path, "w") as file:
            file.writestr(f"{name}.py", source)
            file.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.0.1\n")
            file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            file.writestr(f"{about}/RECORD", f"{name}.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")
        return f"{name} @ {path.as_uri()}"

    return build
