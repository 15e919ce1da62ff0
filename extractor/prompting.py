"""Prompt files to chat messages.

A prompt is one Jinja file per task and version, `prompts/<task>.v<N>.jinja`; a released
version never changes. A file writes its messages with `{% call system() %}`,
`{% call user() %}` and `{% call assistant() %}`; what all tasks share comes first, by
`{% include %}`, so that endpoints can keep it in their cache.

The article reaches a template as a value, so Jinja in it is never executed, and through
`as_material`, so that it cannot end the message it stands in.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.errors import PromptError
from extractor.schema import PromptRef, TaskName

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

Message = dict[str, str]

PROMPTS: Mapping[TaskName, str] = {
    "quotes": "quotes.v3",
    "speakers": "speakers.v3",
    "claims": "claims.v2",
    "events": "events.v2",
}
"""The version of each task's prompt in use."""

OWN = "own.v1"
"""What is put around the prompt of a task of the user's own."""

FENCE_CHARS = 12
"""Of five bits each."""

_INCLUDED = re.compile(r"""{%-?\s*include\s+["']([^"']+)\.jinja""")
_CONTROL_MARKS = re.compile(r"<(?=[|｜/\w])|(?<=[|｜/\w])>")
_UNSEEN = re.compile(
    "[\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_CONTROL_WORDS = re.compile(r"\[(/?[A-Z_]*(?:INST|SYSTEM_PROMPT|TOOL)[A-Z_]*)\]")


def as_material(text: str) -> str:
    """A copy of article text that no chat template reads as its own marks.

    White space runs become one space (a sentence is one line of a prompt) and the
    brackets of `<|im_end|>`, `</s>`, `[INST]` and their like become look-alikes. What
    no reader sees but a model reads is left out: characters without width, changes of
    direction, tags and variation selectors, in which whole sentences can be hidden.
    The copy is for prompts only: offsets always refer to the article.
    """
    flat = " ".join(_UNSEEN.sub("", text).split())
    flat = _CONTROL_MARKS.sub(lambda m: "‹" if m[0] == "<" else "›", flat)
    return _CONTROL_WORDS.sub(r"(\1)", flat)


def fence_of(text: str) -> str:
    """The code of the lines around an article: 60 bits of its sha256 in base 32.

    An article that would close its own fence has to hold the code, which changes with
    every character of it; so none can be written. The same article has the same code,
    so that endpoints and stores know a question again.
    """
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest).decode()[:FENCE_CHARS].lower()


def list_prompts() -> list[PromptRef]:
    """All shipped prompts, by id.

    Raises:
        PromptError: the prompts folder is missing.
    """
    names = [entry.name for entry in _folder().iterdir()]
    return [
        prompt_ref(name.removesuffix(".jinja"))
        for name in sorted(names)
        if name.endswith(".jinja")
    ]


def read_prompt(name: str) -> str:
    """The template `name` (`quotes.v1`) as it is on file.

    Raises:
        PromptError: there is no such prompt.
    """
    file = _folder() / f"{name}.jinja"
    if not re.fullmatch(r"[\w.]+", name) or not file.is_file():
        known = ", ".join(ref.id for ref in list_prompts())
        raise PromptError(f"There is no prompt {name!r}; there are {known}.")
    return file.read_bytes().decode("utf-8")


@cache
def prompt_ref(name: str) -> PromptRef:
    """Id and sha256 of a prompt; the hash covers the files it includes, in order.

    Raises:
        PromptError: there is no such prompt.
    """
    digest = hashlib.sha256()
    pending = [name]
    while pending:
        source = read_prompt(pending.pop(0))
        digest.update(source.encode())
        pending += _INCLUDED.findall(source)
    return PromptRef(id=name, sha256=digest.hexdigest())


def render(name: str, values: Mapping[str, Any]) -> list[Message]:
    """The chat messages of prompt `name`.

    Raises:
        PromptError: there is no such prompt, or it needs a value that is not given.
    """
    return _fill(name, None, values)[0]


@dataclass(frozen=True)
class FieldNote:
    """What a prompt says of a field of the answer."""

    name: str
    about: str
    copied: bool
    """Whether it is to be words of the article."""


@dataclass(frozen=True)
class OwnPrompt:
    """The prompt of a task of the user's own: an instruction, and examples if any.

    Its text is a template like ours. It is rendered without the article: the messages
    that it writes with `{% call user() %}` and `{% call assistant() %}` are examples
    and stand behind the article, all else is the instruction of every question.

    Attributes:
        name: of the task.
        text: of the file.
        fields: of the answer.
    """

    name: str
    text: str
    fields: tuple[FieldNote, ...]

    @property
    def ref(self) -> PromptRef:
        """The task's name and sha256; the hash covers what is put around it."""
        parts = [prompt_ref(OWN).sha256, self.text, repr(self.fields)]
        digest = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass"))
        return PromptRef(id=self.name, sha256=digest.hexdigest())

    def render(self, values: Mapping[str, Any]) -> list[Message]:
        """The chat messages of a question.

        Raises:
            PromptError: it does not render.
        """
        examples, rest = self._examples(values["published"])
        own = {"examples": examples, "instruction": rest.strip(), "fields": self.fields}
        return render(OWN, {**values, **own})

    def check(self) -> None:
        """Renders what is the user's.

        Raises:
            PromptError: it does not render.
        """
        self._examples(None)

    def _examples(self, published: str | None) -> tuple[list[Message], str]:
        return _fill(self.name, self.text, {"published": published})


def shared_messages() -> list[Message]:
    """What all tasks and articles have in common, as far as the first article."""
    values: dict[str, Any] = {
        "published": None,
        "fence": "",
        "sentences": [],
        "text": "",
        "items": [],
    }
    return render(PROMPTS["quotes"], values)[:-1]


def _fill(
    name: str, text: str | None, values: Mapping[str, Any]
) -> tuple[list[Message], str]:
    """The messages of a template, by its name or its text, and what is in none."""
    from jinja2 import TemplateError

    messages: list[Message] = []
    roles = {role: _writer(role, messages) for role in ("system", "user", "assistant")}
    try:
        environment = _environment()
        if text is None:
            template = environment.get_template(f"{name}.jinja")
        else:
            template = environment.from_string(text)
        rest = template.render({**values, **roles})
    except (TemplateError, TypeError, ValueError) as error:
        raise PromptError(f"Prompt {name!r} does not render: {error}.") from error
    return messages, rest


def _writer(role: str, messages: list[Message]) -> Callable[..., str]:
    def write(caller: Callable[[], str]) -> str:
        messages.append({"role": role, "content": caller().strip()})
        return ""

    return write


@cache
def _environment() -> "ImmutableSandboxedEnvironment":
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(lambda file: read_prompt(file.removesuffix(".jinja"))),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["material"] = as_material
    return environment


@cache
def _folder() -> Traversable:
    packaged = resources.files("extractor") / "prompts"
    if packaged.is_dir():
        return packaged
    checkout = Path(__file__).parents[1] / "prompts"
    if checkout.is_dir():
        return checkout
    raise PromptError(
        "The prompts folder is missing from this installation; install it again."
    )
