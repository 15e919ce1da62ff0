"""The project around the code: what is shipped, locked and promised."""

import ast
import re
import socket
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from itertools import chain
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from evals.bench import resolution

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "extractor"
LOCKS = ("requirements.lock", "docs/requirements.lock")
MODULES = sorted(PACKAGE.rglob("*.py"))

# In pieces, so that this file does not hold what it looks for.
REGISTRY = re.compile("py" + r"pi\.org|python" + r"hosted\.org")
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:home|root|Users|wor" + "k)/")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def files_of_the_repository() -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def test_wheel_ships_prompts_templates_types_and_licence(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    prompts = {f"extractor/prompts/{p.name}" for p in (ROOT / "prompts").glob("*.*")}
    assert prompts
    templates = {str(p.relative_to(ROOT)) for p in PACKAGE.rglob("templates/*")}
    assert "extractor/report/templates/report.js" in templates
    assert prompts | templates | {"extractor/py.typed"} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {
        "extractor",
        "newsextract",
    }


def test_sdist_ships_tests_and_evals(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        folders = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    wanted = {"extractor", "prompts", "tests", "evals", "docs", "examples", "LICENSE"}
    assert wanted <= folders


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_module_and_functions_stay_short(path: Path) -> None:
    source = path.read_text("utf-8")
    lines = source.count("\n")
    assert lines <= 400
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    long = {
        node.name: length
        for node in ast.walk(ast.parse(source))
        if isinstance(node, functions)
        and (length := (node.end_lineno or 0) - first_line(node) + 1) > 50
    }
    assert not long


def first_line(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Line of the first statement after the docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[0].lineno if body else function.lineno


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE_PATH], ids=["registry", "path"])
def test_files_name_no_registry_and_no_machine(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in files_of_the_repository()
        for match in pattern.finditer(path.read_text("utf-8", errors="replace"))
    ]
    assert not found


def locked(name: str = LOCKS[0]) -> dict[str, tuple[Requirement, int]]:
    """Requirement and number of hashes of each package in a lock."""
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip()]
    entries: dict[str, tuple[Requirement, int]] = {}
    for line in lines:
        if not line.lstrip().startswith("#"):
            wanted, *hashes = line.split("--hash=sha256:")
            requirement = Requirement(wanted.strip())
            entries[canonicalize_name(requirement.name)] = requirement, len(hashes)
    return entries


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_every_package_by_hash_and_names_no_address(name: str) -> None:
    assert "://" not in (ROOT / name).read_text("utf-8")
    for requirement, hashes in locked(name).values():
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), requirement
        assert hashes, requirement


def test_dates_are_read_without_an_extra() -> None:
    declared = project()["project"]
    assert "dateparser" in {Requirement(name).name for name in declared["dependencies"]}
    assert "dates" not in declared["optional-dependencies"]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_satisfies_what_the_project_asks_for(name: str) -> None:
    declared = project()
    groups = declared["dependency-groups"]
    extras = declared["project"]["optional-dependencies"].values()
    wanted = {
        LOCKS[0]: [
            *declared["project"]["dependencies"],
            *chain.from_iterable(extras),
            *groups["dev"],
        ],
        LOCKS[1]: groups["docs"],
    }
    entries = locked(name)
    for requirement in map(Requirement, wanted[name]):
        pinned, _ = entries[canonicalize_name(requirement.name)]
        version = str(pinned.specifier).removeprefix("==")
        assert requirement.specifier.contains(version, prereleases=True), requirement


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("extractor", {"openai", "instructor", "xllamacpp", "jinja2", "rich"}),
        ("extractor.cli", {"openai", "instructor", "xllamacpp"}),
    ],
)
def test_import_leaves_heavy_packages_alone(module: str, heavy: set[str]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert not heavy & set(done.stdout.split())


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_make_commands_of_the_documents_exist(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    text = (ROOT / name).read_text("utf-8")
    told = re.findall(r"(?:^|`|\$ )make ([a-z][a-z-]*)", text, re.MULTILINE)
    assert told
    assert set(told) <= targets


def test_contributing_maps_every_module() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    own = {
        path.name for path in MODULES if path.parent == PACKAGE and path.name[0] != "_"
    }
    inside = [path.relative_to(PACKAGE).parts for path in MODULES]
    folders = {f"{parts[0]}/" for parts in inside if len(parts) > 1}
    missing = {name for name in own | folders if f"\n  {name} " not in text}
    harness = [parts[1:] for parts in inside if parts[0] == "evaluation"]
    names = {p[0] if len(p) == 1 else f"{p[0]}/" for p in harness if p[0][0] != "_"}
    missing |= {name for name in names if f"\n    {name} " not in text}
    assert not missing


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.com"])
def test_tests_cannot_reach_the_network(host: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="reached for the network"):
        socket.create_connection((host, 80), timeout=1)


def test_tests_can_talk_to_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


@pytest.mark.live
def test_pip_and_uv_choose_what_is_locked() -> None:
    if which("uv") is None:
        pytest.skip("uv is not installed")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    requirements = resolution.wanted()
    chosen = resolution.by_pip(sys.executable, requirements).versions
    assert chosen == resolution.by_uv(python, requirements).versions
    lock = resolution.locked(python)
    assert chosen == {name: lock[name] for name in chosen}
