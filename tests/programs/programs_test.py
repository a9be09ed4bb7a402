"""Random programs give the same on every layout, embedded and served; a refused call changes nothing; none ends a
process."""

import os
import re

import pytest
from author import program
from report import report
from theatre import theatre

FIRST, COUNT, BLOCK = 1, 500, 50
# Lines that match are left out.
WITHOUT = os.environ.get("VOLLEY_PROGRAMS_WITHOUT")


@pytest.fixture(scope="module")
def here():
    with theatre(os.environ["VOLLEY_SERVER"], patience_s=300.0) as started:
        yield started


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, BLOCK))
def test_programs(here, first):
    reports = []
    for seed in range(first, first + BLOCK):
        lines = [text for text in program(seed) if not WITHOUT or not re.search(WITHOUT, text)]
        reports += [report(here.judge, seed, lines, found, attempts=60) for found in here.judge(lines)]
    assert not reports, "\n".join(reports)
