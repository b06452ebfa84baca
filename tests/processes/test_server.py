"""The web server leaves decisions about requests to the application."""

import http.client
import socket

import pytest

from tests.processes.running import PATIENCE, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.redis]


def ask(site, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_a_long_address_is_answered_by_the_application(shared_site):
    response = ask(shared_site, "/search?query=" + "x" * 8000)
    assert response.status == 422
    assert response.headers["X-Request-ID"]


def test_an_address_that_does_not_end_is_not_waited_for(shared_site):
    with socket.create_connection(("127.0.0.1", shared_site.port), 20) as connection:
        connection.sendall(b"GET /" + b"x" * 9000)
        assert connection.recv(20).startswith(b"HTTP/1.1 414 ")


def test_the_web_server_has_as_many_processes_as_are_set(shared_site):
    # The first answers may come before the last process is there.
    wait_for(lambda: len(shared_site.pids_of("wsgi:app")) >= 3, PATIENCE, "all have begun")
    first, *others = shared_site.pids_of("wsgi:app")
    assert first < min(others)
    assert len(others) == 2
