"""A fresh fake kernel for each test."""

import pytest
from fake_session import fake_session

from volley.log import VerbosityLevel, log
from volley.session import bind, kernel_link


@pytest.fixture
def fake():
    """The session behind the API while a test runs."""
    session = fake_session()
    former = bind(kernel_link(lambda write_log, _: session, log(VerbosityLevel.WARNING)))
    yield session
    bind(former)
