"""No argument of any kind ends a process, embedded or served: it is taken, or refused with a clear error and without
effect."""

import os

import pytest
import wrong_calls
from report import report
from theatre import theatre


@pytest.fixture(scope="module")
def here():
    with theatre(os.environ["VOLLEY_SERVER"], patience_s=300.0) as started:
        yield started


@pytest.mark.parametrize(
    "name, lines", wrong_calls.programs(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_wrong_calls(here, name, lines):
    reports = [report(here.judge, 0, lines, found, attempts=60) for found in here.judge(lines)]
    assert not reports, "\n".join(reports)
