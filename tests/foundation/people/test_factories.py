import pytest
from allauth.account.authentication import get_authentication_records
from django.test import Client, RequestFactory

from tests.factories.people import UserFactory, sign_in


@pytest.mark.django_db
def test_sign_in_is_what_allauth_reads_as_a_second_factor_passed() -> None:
    user = UserFactory()

    client = sign_in(Client(), user)

    request = RequestFactory().get("/")
    request.session = client.session
    assert [record["method"] for record in get_authentication_records(request, user)] == ["password", "mfa"]
