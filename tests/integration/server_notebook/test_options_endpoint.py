"""The table of options as the server gives it to forms."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from mlrun_nb.model.options import OPTIONS, SECTIONS
from mlrun_nb.project import open_project
from mlrun_nb.server.dashboards import DashboardLinks
from mlrun_nb.server.endpoints.options import options
from mlrun_nb.server.held import Held
from mlrun_nb.server.route import Call, NoBody, Where
from mlrun_nb.server.shapes.status import Options


@pytest.fixture
def found(tmp_path: Path) -> Options:
    """Return what the server says in a project with a profile."""
    (tmp_path / "project.yaml").write_text("name: churn\nprofiles:\n  big:\n    engine: local\n    memory: 8Gi\n")
    with open_project(tmp_path) as project:
        return options(
            Call(project=project, held=Held(), dashboards=DashboardLinks(), query=Where(), body=NoBody(), root="")
        )


def test_every_option_has_a_field_under_its_heading(found):
    """In the order of help."""
    assert [(each.name, each.title) for each in found.sections] == list(SECTIONS.items())
    assert {field.name for section in found.sections for field in section.fields} == set(OPTIONS)
    assert all(field.section == section.name for section in found.sections for field in section.fields)


def test_a_field_says_how_its_value_is_typed(found):
    """Kind, help, example, choices."""
    fields = {field.name: field for section in found.sections for field in section.fields}
    assert (fields["memory"].kind, fields["memory"].example) == ("bytes", "16Gi")
    assert fields["capacity"].choices == ("spot", "on-demand", "prefer", "any")


def test_engines_and_profiles_are_places_to_run(found):
    """Those that `--on` takes here, also in the schema."""
    assert {"inline", "local", "big"} <= set(found.targets)
    assert found.schema["properties"]["on"]["examples"] == list(found.targets)


def test_the_answer_can_be_sent(found):
    """All of it is JSON."""
    assert b'"$schema"' in msgspec.json.encode(found)
