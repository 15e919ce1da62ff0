"""Which versions pip and uv install, on every Python we support.

Usage: python -m evals.bench.resolution [--install]

Both are asked for the project with all its extras, as a user would ask. A table shows
for each Python how many packages they choose, where they differ from each other, and
where they differ from `requirements.lock`. A Python that is not on this machine is
resolved by uv alone. With `--install`, pip also installs the project on each Python
that is here, and the command has to answer. Exit code 1 if anything differs or fails.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYTHONS = ("3.11", "3.12", "3.13")
TOLD = ("openai", "instructor", "pydantic", "pyarrow", "ray")
"""Named with their versions, since these once walked each other back."""

Versions = dict[str, str]


@dataclass(frozen=True)
class Resolution:
    """What one tool chooses on one Python, and how long it thought."""

    versions: Versions
    seconds: float


def wanted() -> list[str]:
    """The requirements of the project and of all its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    return [*project["dependencies"], *(name for extra in extras for name in extra)]


def locked(python: str) -> Versions:
    """The lock, as far as it holds on a Python."""
    text = (ROOT / "requirements.lock").read_text("utf-8").replace("\\\n", " ")
    marks = {"python_version": python, "python_full_version": f"{python}.0"}
    found: Versions = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        requirement = Requirement(line.split("--hash=")[0].strip())
        if requirement.marker is None or requirement.marker.evaluate(marks):
            name = canonicalize_name(requirement.name)
            found[name] = str(requirement.specifier).removeprefix("==")
    return found


def interpreter(python: str) -> str | None:
    """The command of a Python that runs here and has pip."""
    for name in (f"python{python}", sys.executable):
        check = (
            f"import sys, pip; sys.exit('%d.%d' % sys.version_info[:2] != '{python}')"
        )
        found = shutil.which(name)
        if not found:
            continue
        done = subprocess.run([found, "-c", check], capture_output=True, check=False)
        if not done.returncode:
            return found
    return None


def by_pip(command: str, requirements: list[str]) -> Resolution:
    """What pip would install into an empty environment."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        options = ["--dry-run", "--ignore-installed", "-qq", "--report", str(report)]
        begun = time.perf_counter()
        subprocess.run(
            [command, "-m", "pip", "install", *options, *requirements], check=True
        )
        seconds = time.perf_counter() - begun
        chosen = json.loads(report.read_text("utf-8"))["install"]
    pairs = (item["metadata"] for item in chosen)
    return Resolution(
        {canonicalize_name(pair["name"]): pair["version"] for pair in pairs}, seconds
    )


def by_uv(python: str, requirements: list[str]) -> Resolution:
    """What uv would install on a Python, which need not be here."""
    command = ["uv", "pip", "compile", "-", "--quiet", "--no-header", "--no-annotate"]
    begun = time.perf_counter()
    done = subprocess.run(
        [*command, "--python-version", python],
        input="\n".join(requirements),
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - begun
    pairs = re.findall(r"^([\w.-]+)==([^\s;]+)", done.stdout, re.MULTILINE)
    return Resolution({canonicalize_name(n): v for n, v in pairs}, seconds)


def differences(one: Versions, other: Versions) -> list[str]:
    """Packages of which two resolutions have different versions."""
    return [
        f"{name} {one.get(name, 'none')} / {other.get(name, 'none')}"
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    ]


def compare(python: str, requirements: list[str]) -> bool:
    """Prints what both tools choose on one Python; whether they agree."""
    uv = by_uv(python, requirements)
    lock = {n: v for n, v in locked(python).items() if n in uv.versions}
    wrong = [f"uv / lock: {told}" for told in differences(uv.versions, lock)]
    command = interpreter(python)
    spent = f"uv {uv.seconds:.1f} s"
    if command:
        pip = by_pip(command, requirements)
        spent += f", pip {pip.seconds:.1f} s"
        wrong += [f"pip / uv: {d}" for d in differences(pip.versions, uv.versions)]
    else:
        spent += ", no such Python here for pip"
    named = ", ".join(f"{name} {uv.versions.get(name)}" for name in TOLD)
    print(f"Python {python}: {len(uv.versions)} packages ({spent}); {named}")
    for line in wrong:
        print(f"  differ: {line}")
    return not wrong


def install(python: str) -> bool:
    """Installs the project by pip and has the command answer; whether it does."""
    command = interpreter(python)
    if command is None:
        return True
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([command, "-m", "venv", folder], check=True)
        own = Path(folder) / "bin"
        begun = time.perf_counter()
        pip = [str(own / "python"), "-m", "pip"]
        subprocess.run(
            [*pip, "install", "-qq", f"{ROOT}[html,parquet,ray]"], check=True
        )
        seconds = time.perf_counter() - begun
        sound = subprocess.run([*pip, "check"], capture_output=True, check=False)
        done = subprocess.run(
            [
                own / "extractor",
                "extract",
                ROOT / "examples/harbour.txt",
                "-m",
                "rules",
            ],
            capture_output=True,
            check=False,
        )
    works = not sound.returncode and not done.returncode and b'"quotes"' in done.stdout
    outcome = "works" if works else "FAILS"
    print(f"Python {python}: installed in {seconds:.0f} s, {outcome}")
    return works


def main() -> None:
    """Prints the table; ends with 1 if anything differs or fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--install", action="store_true", help="install as well")
    options = parser.parse_args()
    requirements = wanted()
    agreed = [compare(python, requirements) for python in PYTHONS]
    if options.install:
        agreed += [install(python) for python in PYTHONS]
    sys.exit(not all(agreed))


if __name__ == "__main__":
    main()
