"""JSON that no terminal obeys is the same JSON."""

import json
import sys
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from extractor.cli import main
from extractor.escapes import escaped
from extractor.schema import Extraction

EVERYTHING = "".join(map(chr, range(sys.maxunicode + 1)))
BIDI_CONTROLS = (
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
STEERING = BIDI_CONTROLS + "\x7f\x85\x9b\x9d\u2028\u2029\udfff\ud800\U000e0041"
STEERED = (
    f"The ferry to Oskeby{STEERING} is late. “It is late,” said Vera Sorrel{STEERING}, "
    "the harbour master. “\x9b2JIt\u202e will stay late.”"
)


@pytest.mark.parametrize("is_ascii", [True, False])
def test_escaped_json_means_the_same(is_ascii: bool) -> None:
    # Of two surrogates that follow each other, JSON makes one character.
    apart = EVERYTHING.replace("\udbff\udc00", "\udbff \udc00")
    dumped = json.dumps({apart: [apart, 1.5]}, ensure_ascii=is_ascii)
    assert json.loads(escaped(dumped)) == {apart: [apart, 1.5]}


def test_nothing_is_left_that_steers() -> None:
    dumped = escaped(json.dumps(EVERYTHING, ensure_ascii=False))
    left = {unicodedata.category(char) for char in dumped}
    assert not left & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(STEERING) & set(dumped)


def test_what_only_looks_strange_stays_as_it_is() -> None:
    text = "„Ä“ שלום 你好 👩‍🚒 क्‍ष e\u0301 \u00a0 \ufeff"
    dumped = json.dumps(text, ensure_ascii=False)
    assert escaped(dumped) == dumped


COMMANDS = [
    ("extract", "-f", "json"),
    ("extract", "-f", "jsonl"),
    ("batch",),
    ("batch", "--accounts"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_writes_json_that_steers_a_terminal(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    source = tmp_path / "articles.jsonl"
    entry = {"text": STEERED, "id": f"a{STEERING}", "title": f"b{STEERING}"}
    source.write_text(json.dumps(entry))
    options = ["-m", "rules", "-q"]
    if command[0] == "batch":
        options += ["--store", str(tmp_path / "store.sqlite")]
    result = CliRunner().invoke(main, [*command, str(source), *options])
    assert result.exit_code == 0, result.stderr
    assert not set(STEERING) & set(result.stdout)
    found = json.loads(result.stdout)
    extraction = Extraction.model_validate(found.get("extraction", found))
    assert extraction.document.text == STEERED
    assert extraction.quotes
