"""Settings of the service, from environment variables (`QUOTH_...`) or a TOML file."""

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.encoding.encoder import DEFAULT_ENCODER
from index.generation.folders import KEPT_GENERATIONS
from index.publishing.gate import DEFAULT_MARGIN
from index.sources import MAX_ARTICLE_BYTES
from qa.calibration import CALIBRATION_NAME
from qa.question import DEFAULT_PASSAGES, MAX_PASSAGES
from qa.reading.reader_folder import SHIPPED_READER

THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
CONFIG_FILE_VARIABLE = "QUOTH_CONFIG_FILE"
_WEB_ADDRESS = re.compile(r"https?://[^/\s?#@]+(/[^\s?#]*)?")
_JSON_LIST = re.compile(r'\s*\[\s*["\]]')
_ORIGIN = re.compile(r"(https?)://([^/\s,?#@:*\[\]]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_LEAST_KEY_CHARACTERS = 16


def _checked_origin(origin: str) -> str:
    """Return an origin as browsers send it, in small letters and without the usual port."""
    if origin == "*":
        return origin
    parts = _ORIGIN.fullmatch(origin)
    if parts is None:
        raise ValueError(
            f"{origin!r} is no origin; write scheme, host and, if it has one, port, with nothing "
            "behind them, such as https://news.example or http://localhost:3000, or * for all: "
            "a part of a host cannot be left open"
        )
    scheme, host, port = parts.groups()
    address = f"{scheme}://{host.lower()}"
    return address if port in (None, _DEFAULT_PORTS[scheme]) else f"{address}:{port}"


Origin = Annotated[str, AfterValidator(_checked_origin)]


def _checked_address(address: str) -> str:
    """Refuse what no path can be put behind."""
    if not _WEB_ADDRESS.fullmatch(address):
        raise ValueError(
            f"{address!r} is not the address of a service; write it without ? and #, such as "
            "https://quoth.example or https://news.example/quoth"
        )
    return address


WebAddress = Annotated[str, AfterValidator(_checked_address)]


def _checked_key(key: SecretStr) -> SecretStr:
    """Refuse a key that can be guessed, or that no header can carry."""
    text = key.get_secret_value()
    if len(text) < _LEAST_KEY_CHARACTERS or not all("!" <= character <= "~" for character in text):
        raise ValueError(
            f"a key has at least {_LEAST_KEY_CHARACTERS} characters, all of them visible ASCII; "
            "make one with `openssl rand -hex 32`"
        )
    return key


ApiKey = Annotated[SecretStr, AfterValidator(_checked_key)]


def _listed(value: object) -> object:
    """An environment variable holds several values with commas between them."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _listed_keys(value: object) -> object:
    """As `_listed`, but what is set to nothing, as by a command that failed, opens no service."""
    listed = _listed(value)
    if isinstance(value, str) and not listed:
        raise ValueError("is set but holds no key; unset it, or give one")
    return listed


def _listed_or_json(value: object) -> object:
    """As `_listed`, but for names, which may be a JSON list too; `[::1]` is none."""
    if isinstance(value, str) and _JSON_LIST.match(value):
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError(
                f"is no JSON list: {error}; write names with commas between them"
            ) from error
    return _listed(value)


class Settings(BaseSettings):
    """Every setting of the service; an environment variable wins over the file.

    The file is named by `QUOTH_CONFIG_FILE` and holds the fields below as TOML keys.
    """

    model_config = SettingsConfigDict(env_prefix="QUOTH_", extra="forbid", frozen=True)

    index_dir: Path = Field(default=Path("index-data"), description="Directory of the index.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 picks one.")
    public_url: WebAddress | None = Field(
        default=None,
        description="Address under which others reach the service, such as https://quoth.example "
        "of a proxy; links in answers begin with it. Without it, with the address that was asked. "
        "With a path, such as https://example.org/quoth, the proxy has to take that path away.",
    )
    encoder: str = Field(
        default=DEFAULT_ENCODER,
        description="Encoder of questions: the packaged model, a folder, or a hub name. It must "
        "be the one that the index was built with.",
    )
    reader_dir: Path = Field(
        default=SHIPPED_READER, description="Folder of the reader, as scripts.export_reader writes."
    )
    calibration: Path | None = Field(
        default=None,
        description="File that `quoth calibrate` wrote; without it the one beside the reader.",
    )
    target_precision: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="Share of given answers that should be right; surer answers are fewer. "
        "A request's `min_confidence` wins over it.",
    )
    threads: int = Field(
        default=0, ge=0, le=256, description="Threads of the reader; 0 takes every core."
    )
    passages: int = Field(
        default=DEFAULT_PASSAGES,
        ge=1,
        le=MAX_PASSAGES,
        description="Passages read where a request names none.",
    )
    max_body_bytes: int = Field(
        default=1_048_576, ge=1_024, description="Largest request body that is accepted."
    )
    allowed_origins: Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(),
        description="Origins whose pages may ask, such as https://news.example, with commas "
        "between them; * is every page. Without any, browsers let only Quoth's own pages ask.",
    )
    api_keys: Annotated[tuple[ApiKey, ...], NoDecode, BeforeValidator(_listed_keys)] = Field(
        default=(),
        description="Keys that programs send as `Authorization: Bearer KEY`, with commas between "
        "them, each of 16 visible ASCII characters or more; the first signs the widget's tokens. "
        "With any, nobody may do anything without one. See docs/keys.md.",
    )
    visitors: bool = Field(
        default=False,
        description="Where there are keys: whether the ask page and the articles may be read "
        "without one, and the widget asks on pages of `allowed_origins` without the help of "
        "their backend.",
    )
    poll_seconds: float = Field(
        default=0.5, gt=0, le=60, description="Seconds between two looks for a new generation."
    )
    writes: bool | None = Field(
        default=None,
        description="Whether clients may put, change and delete articles. Unless set, they may "
        "where the service listens on this machine alone, and no proxy lets others in "
        "(`public_url`) without `api_keys`; nor, without these, what names a proxy in its headers. "
        "With keys, every key may write; without, Quoth asks nobody who they are.",
    )
    max_article_bytes: int = Field(
        default=MAX_ARTICLE_BYTES, ge=1_024, description="Largest article that may be put."
    )
    keep_generations: int = Field(
        default=KEPT_GENERATIONS,
        ge=1,
        le=100,
        description="Generations that stay for going back, the one that serves among them.",
    )
    gate: Path | None = Field(
        default=None,
        description="Questions with known answers that `quoth index` asks before it publishes, "
        "JSON lines; without it, words of the articles are looked for. What the service itself "
        "publishes is what was put, and passes no gate.",
    )
    gate_margin: float = Field(
        default=DEFAULT_MARGIN,
        ge=0,
        le=1,
        description="How much lower the means over those questions (exact match and F1, or recall) "
        "may be than those of the generation that serves, 0 to 1.",
    )
    mcp_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed_or_json)] = Field(
        default=(),
        description="Names, besides localhost, `host` and that of `public_url`, under which `/mcp` "
        "may be called, and articles be written where there are no keys and no other machine "
        "reaches the service; such as quoth.example.org, with commas between them.",
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto",
        description="One JSON object a line (json), lines for people (console), or these where "
        "standard error is a terminal, and JSON otherwise (auto).",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least important messages to log."
    )

    @property
    def is_for_this_machine(self) -> bool:
        """Whether it listens where no other machine reaches it."""
        return self.host in THIS_MACHINE

    @property
    def takes_writes(self) -> bool:
        """Whether clients may write."""
        if self.writes is not None:
            return self.writes
        lets_others_in = self.public_url is not None and not self.api_keys
        return self.is_for_this_machine and not lets_others_in

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys as they are sent."""
        return tuple(key.get_secret_value() for key in self.api_keys)

    @property
    def calibration_path(self) -> Path:
        """The file with the reader's calibration."""
        return self.calibration or self.reader_dir / CALIBRATION_NAME

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, which wins over the file.

        Raises ValueError for a variable that is no setting, and for a file that is not TOML;
        OSError if the file cannot be read.
        """
        _refuse_unknown_variables(settings_cls)
        file = os.environ.get(CONFIG_FILE_VARIABLE)
        if not file:
            return init_settings, env_settings
        return init_settings, env_settings, _toml_source(settings_cls, Path(file))


def _refuse_unknown_variables(settings: type[BaseSettings]) -> None:
    """Raise ValueError for a misspelt variable, which would otherwise change nothing, silently."""
    prefix = settings.model_config["env_prefix"]
    known = {f"{prefix}{name.upper()}" for name in settings.model_fields} | {CONFIG_FILE_VARIABLE}
    given = {variable for variable in os.environ if variable.upper().startswith(prefix)}
    for variable in sorted(given):
        if variable.upper() not in known:
            raise ValueError(
                f"there is no setting {variable}; correct its name or unset it "
                f"(known are {', '.join(sorted(known))})"
            )


def _toml_source(settings: type[BaseSettings], file: Path) -> TomlConfigSettingsSource:
    if not file.is_file():
        raise FileNotFoundError(
            f"{CONFIG_FILE_VARIABLE} names {file}, which is no file; correct it or unset it"
        )
    try:
        return TomlConfigSettingsSource(settings, file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{file} is not TOML: {error}") from error
