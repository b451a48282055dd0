import pytest
from django.test import Client


@pytest.mark.django_db
def test_the_development_inbox_is_not_mounted_without_debug(client: Client) -> None:
    assert client.get("/dev/mail/").status_code == 404


@pytest.mark.django_db
def test_staff_log_in_by_the_common_door(client: Client) -> None:
    response = client.get("/admin/login/?next=/admin/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
