"""A transition's page: facts, reason, refusal, the service."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from enrollment.access.models import User
from enrollment.desk.actions import ActionView, Fact, ReasonForm
from enrollment.desk.tags import Tone

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    return User.objects.create_user("li", is_staff=True)


class Box:
    """Stands for the messages of a request."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def add(self, level: int, message: str, extra_tags: str = "") -> None:
        self.texts.append(message)

    def __iter__(self) -> Any:
        return iter(())


class RenameView(ActionView):
    queryset = User.objects.all()
    title = "Rename"
    submit_label = "Rename now"
    form_class = ReasonForm

    def get_facts(self, obj: User) -> list[Fact]:
        return [Fact("Name", obj.full_name), Fact("State", "odd", Tone.RED)]

    def get_refusal(self, obj: User) -> str:
        return "It is closed." if obj.full_name == "closed" else ""

    def perform(self, obj: User, data: dict[str, Any]) -> str:
        if data["reason"] == "bad":
            raise ValidationError("The service says no.")
        User.objects.filter(pk=obj.pk).update(full_name=data["reason"])
        return "Renamed."

    def get_back_url(self, obj: User) -> str:
        return "/back/"


class TestActionPage:
    def call(self, root: User, subject: User, data: dict[str, str] | None = None) -> HttpResponse:
        factory = RequestFactory()
        request = factory.get("/x/") if data is None else factory.post("/x/", data)
        request.user = root
        request._messages = Box()
        with translation.override("en"):
            return RenameView.as_view()(request, pk=subject.pk)

    def test_shows_facts_and_changes_nothing(self, root: User, clerk: User) -> None:
        page = self.call(root, clerk).content.decode()
        assert '<span class="tag tag-red">odd</span>' in page
        assert "Rename now</button>" in page
        assert User.objects.get(pk=clerk.pk).full_name == ""

    def test_carries_it_out_and_goes_back(self, root: User, clerk: User) -> None:
        answer = self.call(root, clerk, {"reason": "New"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/back/")
        assert User.objects.get(pk=clerk.pk).full_name == "New"

    def test_links_an_error_to_its_field(self, root: User, clerk: User) -> None:
        page = self.call(root, clerk, {"reason": ""}).content.decode()
        assert 'class="error-summary" role="alert" tabindex="-1" data-focus' in page
        assert '<a href="#id_reason">Reason</a>' in page
        assert 'id="id_reason_error"' in page

    def test_shows_the_services_refusal_and_keeps_the_text(self, root: User, clerk: User) -> None:
        page = self.call(root, clerk, {"reason": "bad"}).content.decode()
        assert "<li>The service says no.</li>" in page
        assert ">\nbad</textarea>" in page
        assert User.objects.get(pk=clerk.pk).full_name == ""

    def test_what_cannot_be_done_now_cannot_be_posted(self, root: User, clerk: User) -> None:
        User.objects.filter(pk=clerk.pk).update(full_name="closed")
        page = self.call(root, clerk, {"reason": "New"}).content.decode()
        assert "It is closed." in page
        assert "<textarea" not in page
        assert User.objects.get(pk=clerk.pk).full_name == "closed"
