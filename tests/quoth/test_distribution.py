"""The client as a distribution of its own: what it holds, what it needs, what it loads."""

import importlib.util
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from email.message import Message
from importlib.metadata import distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "quoth"
# Without what the environment has installed.
ALONE = """
import sys
sys.path.insert(0, sys.argv[1])
from quoth import AsyncClient, Client, UnreachableError
try:
    with Client("http://127.0.0.1:1") as client:
        client.ask("Who?")
except UnreachableError:
    print("unreachable")
"""


def project(path: Path) -> dict[str, object]:
    table: dict[str, object] = tomllib.loads(path.read_text("utf-8"))["project"]
    return table


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client's wheel, built from its folder."""
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("needs hatchling, which builds it")
    folder = tmp_path_factory.mktemp("wheel")
    build = ["-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps"]
    subprocess.run([sys.executable, *build, "--wheel-dir", str(folder), str(CLIENT)], check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    """What the wheel says of itself."""
    with zipfile.ZipFile(wheel) as opened:
        (name,) = [name for name in opened.namelist() if name.endswith("/METADATA")]
        return message_from_bytes(opened.read(name))


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        files = {name for name in opened.namelist() if ".dist-info/" not in name}
        contents = {name: opened.read(name) for name in files}
        licences = [name for name in opened.namelist() if name.endswith("/licenses/LICENSE")]
    modules = {path for path in CLIENT.iterdir() if path.suffix == ".py" or path.name == "py.typed"}
    assert contents == {f"quoth/{path.name}": path.read_bytes() for path in modules}
    assert len(licences) == 1
    assert (CLIENT / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_it_needs_http_and_models_of_responses_alone(metadata: Message) -> None:
    needed = [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]
    always = {need.name for need in needed if need.marker is None}
    assert always == {"anyio", "httpx", "pydantic"}
    assert metadata["Name"] == "quoth-client"


def test_it_has_the_version_and_the_bounds_of_the_whole_project(metadata: Message) -> None:
    whole = project(ROOT / "pyproject.toml")
    assert metadata["Version"] == whole["version"]
    bounds = set(whole["dependencies"]) | set(whole["optional-dependencies"]["client"])  # type: ignore[call-overload, index]
    assert set(project(CLIENT / "pyproject.toml")["dependencies"]) <= bounds  # type: ignore[call-overload]


def test_it_works_with_what_it_needs_and_without_all_else(
    wheel: Path, metadata: Message, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(tmp_path)
    for name in needed_by(metadata):
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            (tmp_path / top).symlink_to(Path(str(found.locate_file(top))))
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ALONE, str(tmp_path)],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        text=True,
    )
    assert ran.stdout == "unreachable\n", ran.stderr


def needed_by(metadata: Message) -> set[str]:
    """Return all distributions that come with it when it is installed without extras."""
    found: set[str] = set()
    waiting = metadata.get_all("Requires-Dist", [])
    while waiting:
        need = Requirement(waiting.pop())
        name = canonicalize_name(need.name)
        if name in found or (need.marker is not None and not need.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += requires(name) or []
    return found
