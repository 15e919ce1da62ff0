"""The notebooks run as they are, with the small model."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

EXAMPLES = Path(__file__).parents[1] / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


@pytest.fixture(autouse=True)
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps what a kernel writes out of the user's folders."""
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


def run(path: Path, model: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("EXTRACTOR_MODEL", model)
    monkeypatch.setenv("PYTHONPATH", str(EXAMPLES.parent))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    notebook = read(path)
    resources = {"metadata": {"path": str(EXAMPLES)}}
    NotebookClient(notebook, timeout=600, resources=resources).execute()
    return notebook


def shown(notebook: Any, kind: str) -> list[str]:
    """What the cells show in a format."""
    return [
        output["data"][kind]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if kind in output.get("data", {})
    ]


def test_there_are_two() -> None:
    assert [path.name for path in NOTEBOOKS] == ["corpus.ipynb", "quickstart.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_not_in_the_repository(path: Path) -> None:
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.usefixtures("small_model")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_run_with_the_small_model(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = run(path, "smollm2-135m", monkeypatch)
    assert any("smollm2-135m" in page for page in shown(notebook, "text/html"))


def test_quickstart_shows_the_article_and_its_tables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notebook = run(EXAMPLES / "quickstart.ipynb", "rules", monkeypatch)
    pages = shown(notebook, "text/html")
    assert any("We heard the wall before we saw it" in page for page in pages)
    assert any("speaker_name" in page and "Maren Tolk" in page for page in pages)
    assert "('altered'" in "\n".join(shown(notebook, "text/plain"))


def test_corpus_counts_and_plots(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = run(EXAMPLES / "corpus.ipynb", "rules", monkeypatch)
    assert len(shown(notebook, "image/png")) == 1
    tables = shown(notebook, "text/html")
    assert any("Aldous Fenn" in table and "indirect" in table for table in tables)
    assert shown(notebook, "text/plain")[-1] == "5"
