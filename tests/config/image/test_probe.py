import os
import socket
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from config.image.make_secrets import lines
from config.image.probe import pulse_is_fresh, signer_listens, web_is_alive


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        return


def test_a_web_server_is_alive_while_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    server = HTTPServer(("127.0.0.1", 0), Healthy)
    monkeypatch.setenv("WEB_BIND", f"0.0.0.0:{server.server_port},[::1]:1")
    answering = Thread(target=server.handle_request)
    answering.start()

    assert web_is_alive()
    answering.join()
    server.server_close()
    assert not web_is_alive()


def test_a_pulse_is_fresh_for_a_minute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pulse = tmp_path / "pulse"
    monkeypatch.setenv("PULSE_FILE", str(pulse))
    assert not pulse_is_fresh()

    pulse.touch()
    assert pulse_is_fresh()

    os.utime(pulse, (time.time() - 61, time.time() - 61))
    assert not pulse_is_fresh()


def test_without_a_file_there_is_no_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULSE_FILE", raising=False)

    assert not pulse_is_fresh()


def test_a_signer_is_alive_while_it_takes_connections(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BADGE_SIGNER_SOCKET", str(tmp_path / "s"))
    assert not signer_listens()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        assert signer_listens()


def test_secrets_are_new_each_time_and_long_enough_for_production() -> None:
    first, second = dict(line.split("=", 1) for line in lines()), dict(line.split("=", 1) for line in lines())

    assert set(first) == {
        "SECRET_KEY",
        "FIELD_ENCRYPTION_KEYS",
        "LOOKUP_HASH_KEY",
        "METRICS_TOKEN",
        "DATABASE_PASSWORD",
    }
    assert not set(first.values()) & set(second.values())
    assert [len(first[name]) for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "LOOKUP_HASH_KEY")] == [86, 44, 64]
