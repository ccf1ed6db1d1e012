"""What every test shares: which need a browser or PDF, and what becomes of them without."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import settings as hypothesis

from config.checks.system import missing

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright beside live_server

# A slow machine is no failure of an invariant.
hypothesis.register_profile("portal", deadline=None)
hypothesis.load_profile("portal")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what this machine cannot run; in CI let it fail."""
    marked = {name for item in items for name in ("browser", "pdf") if name in item.keywords}
    if not marked or os.environ.get("CI"):
        return
    reasons = {name: reason for name, reason in missing().items() if name in marked}
    for item in items:
        for name, reason in reasons.items():
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session", autouse=True)
def files_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Files that tests upload are none of the portal's."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def reader_of_the_portal() -> Iterator[None]:
    """Each test begins in the portal's own language, whatever the one before it has read."""
    translation.deactivate()
    yield
    translation.deactivate()
