"""What a shell completes."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from click.testing import CliRunner

from extractor.cli import main
from extractor.cli.completion import SHELLS

ROOT = Path(__file__).parents[1]


def complete(line: str) -> dict[str, str]:
    """Values that zsh is offered after a line, with kind (`plain`, `file`, `dir`)."""
    words = line.split(" ")
    env = {
        "_EXTRACTOR_COMPLETE": "zsh_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    result = CliRunner().invoke(main, [], env=env, prog_name="extractor")
    lines = result.stdout.splitlines()
    return dict(zip(lines[1::3], lines[::3], strict=True))


def test_commands_are_completed() -> None:
    assert list(complete("extractor co")) == ["convert", "compare", "completion"]


def test_models_are_completed() -> None:
    found = complete("extractor extract -m ")
    assert {"local", "rules", "qwen2.5-coder-1.5b"} <= found.keys()
    assert list(complete("extractor eval -m ru")) == ["rules"]
    assert complete("extractor extract -m ./") == {"./": "file"}
    assert "rules" not in complete("extractor models pull ")


def test_tasks_are_completed() -> None:
    offered = ["quotes", "speakers", "claims", "events"]
    assert list(complete("extractor batch -t ")) == offered
    assert complete("extractor extract -t ./") == {"./": "dir"}


def test_formats_and_prompts_are_completed() -> None:
    assert {"json", "jsonl"} <= complete("extractor extract -f js").keys()
    assert "csv" in complete("extractor convert --to c")
    prompts = complete("extractor prompts quotes.")
    assert prompts and all(name.startswith("quotes.v") for name in prompts)


def test_a_bad_file_of_settings_does_not_stop_completion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "extractor.toml").write_text("modle = 1")
    monkeypatch.chdir(tmp_path)
    assert "quotes" in complete("extractor extract -t q")


@pytest.mark.parametrize("shell", SHELLS)
def test_script_is_one_the_shell_can_read(shell: str) -> None:
    script = CliRunner().invoke(main, ["completion", shell]).stdout
    assert "_EXTRACTOR_COMPLETE" in script
    if path := which(shell):
        command = [path, "--no-execute" if shell == "fish" else "-n"]
        done = subprocess.run(command, input=script.encode(), check=False)
        assert done.returncode == 0


def test_unknown_shell_is_wrong_usage() -> None:
    result = CliRunner().invoke(main, ["completion", "tcsh"])
    assert result.exit_code == 2
    assert "is not one of" in result.stderr


@pytest.mark.skipif(which("bash") is None, reason="there is no bash")
def test_bash_completes_after_the_readme_s_line(tmp_path: Path) -> None:
    command = tmp_path / "extractor"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m extractor "$@"\n')
    command.chmod(0o755)
    code = (
        'eval "$(extractor completion bash)"; complete -p extractor\n'
        "COMP_WORDS=(extractor extract -t quo) COMP_CWORD=3\n"
        '_extractor_completion extractor; echo "${COMPREPLY[@]}"'
    )
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    env["PATH"] = f"{tmp_path}{os.pathsep}{env['PATH']}"
    done = subprocess.run(
        ["bash", "-c", code], capture_output=True, text=True, env=env, check=False
    )
    assert done.stdout.splitlines()[-1:] == ["quotes"], done.stderr
