"""The same morning without a helper, as in CI: what commands say and do is the same, and so are the tests."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import make_session, work
from tests.acceptance.session import Said, Session
from tests.acceptance.test_cli_session import (  # noqa: F401  # pytest finds them here too
    test_a_detached_run_is_followed_and_cancelled_later,
    test_a_failed_run_says_why_before_anything_else,
    test_a_notebook_runs_as_a_whole_and_again_with_changes,
    test_a_reader_that_goes_away_is_no_error,
    test_a_run_reports_on_stdout_and_tells_its_progress_on_stderr,
    test_ci_gets_junit_and_a_summary,
    test_ctrl_c_cancels_the_run_and_waits_for_its_end,
    test_json_is_one_object_and_nothing_else,
    test_logs_are_what_the_run_printed,
    test_show_tells_everything_about_a_run,
)


@pytest.fixture
def session(tmp_path) -> Session:
    """Return a session of the test's own."""
    return make_session(tmp_path, MLRUN_NB_WARM="off")


@pytest.fixture(scope="module")
def worked(tmp_path_factory) -> tuple[Session, dict[str, Said]]:
    """Return a session in which two good runs and a failed one were made."""
    session = make_session(tmp_path_factory.mktemp("worked"), MLRUN_NB_WARM="off")
    return session, work(session)
