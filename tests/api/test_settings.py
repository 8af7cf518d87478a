"""Settings: where they come from, which one wins, and what is said about a wrong one."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from api.settings import Settings
from scripts.commands.serving import CannotListenError, listeners_at
from scripts.quoth import app
from tests.api.conftest import clean_environment

# The console command of the environment that runs the tests, whatever PATH says.
QUOTH = str(Path(sys.executable).with_name("quoth"))

pytestmark = pytest.mark.usefixtures("no_settings_from_outside")


def serve_fails(
    monkeypatch: pytest.MonkeyPatch, *options: str, **variables: str
) -> tuple[int, str]:
    """Run `quoth serve` with wrong settings; return its exit code and its only line."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(app, ["serve", *options])
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return result.exit_code, line


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert not field.is_required(), f"{name} has no default"


def test_every_setting_is_on_the_page_of_settings() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`QUOTH_{name.upper()}`" in page


def test_arguments_win_over_the_environment_which_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "quoth.toml"
    file.write_text('port = 1\npassages = 2\nhost = "file"\nlog_level = "error"\n')
    monkeypatch.setenv("QUOTH_CONFIG_FILE", str(file))
    monkeypatch.setenv("QUOTH_PORT", "3")
    monkeypatch.setenv("QUOTH_PASSAGES", "4")
    settings = Settings(passages=5)
    assert (settings.passages, settings.port, settings.host) == (5, 3, "file")
    assert settings.log_level == "error"
    assert settings.poll_seconds == Settings.model_fields["poll_seconds"].default


def test_an_empty_config_file_variable_means_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_CONFIG_FILE", "")
    assert Settings().port == 8000


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("QUOTH_PORT", "abc"),
        ("QUOTH_PORT", "65536"),
        ("QUOTH_PORT", ""),
        ("QUOTH_THREADS", "-1"),
        ("QUOTH_PASSAGES", "0"),
        ("QUOTH_POLL_SECONDS", "0"),
        ("QUOTH_MAX_BODY_BYTES", "10"),
        ("QUOTH_LOG_FORMAT", "xml"),
        ("QUOTH_LOG_LEVEL", "loud"),
        ("QUOTH_ALLOWED_ORIGINS", "https://news.example,news.example"),
        ("QUOTH_ALLOWED_ORIGINS", "https://user@news.example"),
        ("QUOTH_ALLOWED_ORIGINS", "https://news.example?x"),
        ("QUOTH_ALLOWED_ORIGINS", "https://news.example#x"),
        ("QUOTH_ALLOWED_ORIGINS", "https://news.example:"),
        ("QUOTH_API_KEYS", "short"),
        ("QUOTH_API_KEYS", ""),
        ("QUOTH_API_KEYS", " , "),
        ("QUOTH_PUBLIC_URL", "quoth.example"),
        ("QUOTH_PUBLIC_URL", "https://quoth.example/?q=a"),
        ("QUOTH_MCP_HOSTS", '["a", 1]'),
        ("QUOTH_MCP_HOSTS", '["a"'),
    ],
)
def test_a_wrong_value_ends_the_service_with_a_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    code, line = serve_fails(monkeypatch, **{variable: value})
    assert code == 2
    name = variable.removeprefix("QUOTH_").lower()
    assert line.startswith(f"error: setting {name} ({variable}): ")
    assert "Value error" not in line


@pytest.mark.parametrize("written", ["https://news.example/page", "https://*.news.example"])
def test_a_wrong_origin_is_told_what_an_origin_looks_like(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    _, line = serve_fails(monkeypatch, QUOTH_ALLOWED_ORIGINS=written)
    assert f"{written!r} is no origin; write scheme, host" in line
    assert "such as https://news.example or http://localhost:3000" in line


def test_keys_that_are_set_to_nothing_do_not_open_the_service(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, line = serve_fails(monkeypatch, QUOTH_API_KEYS="")
    assert line.endswith(": is set but holds no key; unset it, or give one")
    monkeypatch.delenv("QUOTH_API_KEYS")
    assert Settings().keys == ()
    file = tmp_path / "quoth.toml"
    file.write_text('api_keys = ""')
    _, line = serve_fails(monkeypatch, QUOTH_CONFIG_FILE=str(file))
    assert "is set but holds no key" in line


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        pytest.param("https://News.Example", "https://news.example", id="capitals"),
        pytest.param("https://news.example:443", "https://news.example", id="port-of-https"),
        pytest.param("http://news.example:80", "http://news.example", id="port-of-http"),
        pytest.param("http://news.example:443", "http://news.example:443", id="another-port"),
        pytest.param("http://[::1]:3000", "http://[::1]:3000", id="address"),
        pytest.param("*", "*", id="every-page"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(
    monkeypatch: pytest.MonkeyPatch, written: str, origin: str
) -> None:
    monkeypatch.setenv("QUOTH_ALLOWED_ORIGINS", written)
    assert Settings().allowed_origins == (origin,)


@pytest.mark.parametrize(
    ("value", "hosts"),
    [
        pytest.param("a.example, b.example", ("a.example", "b.example"), id="commas"),
        pytest.param('[ "a.example", "b.example" ]', ("a.example", "b.example"), id="json"),
        pytest.param("[::1], a.example", ("[::1]", "a.example"), id="brackets-of-an-address"),
        pytest.param("[]", (), id="none"),
        pytest.param("", (), id="nothing"),
    ],
)
def test_names_may_be_parted_by_commas_or_be_a_json_list(
    monkeypatch: pytest.MonkeyPatch, value: str, hosts: tuple[str, ...]
) -> None:
    monkeypatch.setenv("QUOTH_MCP_HOSTS", value)
    assert Settings().mcp_hosts == hosts


def test_a_misspelt_variable_is_named_with_those_that_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, line = serve_fails(monkeypatch, QUOTH_PROT="8001")
    assert code == 2
    assert "there is no setting QUOTH_PROT; correct its name or unset it" in line
    assert "QUOTH_PORT" in line


def test_a_config_file_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "none.toml"
    code, line = serve_fails(monkeypatch, QUOTH_CONFIG_FILE=str(file))
    assert code == 2
    assert f"QUOTH_CONFIG_FILE names {file}, which is no file" in line


@pytest.mark.parametrize(
    ("content", "named"),
    [
        pytest.param(b"port = [", "is not TOML", id="not-toml"),
        pytest.param(b"host = '\xff'", "is not TOML", id="not-utf-8"),
        pytest.param(b"prot = 1", "there is no setting prot; correct its name", id="unknown-key"),
        pytest.param(b"port = 'abc'", "setting port", id="wrong-value"),
        pytest.param(b"[port]\nx = 1", "setting port", id="a-table"),
    ],
)
def test_a_config_file_with_a_mistake_ends_the_service_with_a_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, named: str
) -> None:
    file = tmp_path / "quoth.toml"
    file.write_bytes(content)
    code, line = serve_fails(monkeypatch, QUOTH_CONFIG_FILE=str(file))
    assert code == 2
    assert named in line
    if named == "is not TOML":
        assert str(file) in line


def test_an_address_that_cannot_be_listened_on_is_named_with_the_cure() -> None:
    result = subprocess.run(
        [QUOTH, "serve", "--host", "203.0.113.1", "--port", "8000"],
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
    )
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: cannot listen on 203.0.113.1, port 8000: ")
    assert "choose another with --host and --port (QUOTH_HOST, QUOTH_PORT)" in line


def test_a_taken_port_is_named_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListenError) as caught:
            listeners_at("127.0.0.1", port)
    assert str(caught.value).startswith(
        f"cannot listen on 127.0.0.1, port {port}: Address already in use; choose another"
    )


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]
