"""What a task of the user's own is: a name, a model of what to find, and a prompt."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import (
    BaseModel,
    PydanticUndefinedAnnotation,
    PydanticUserError,
    create_model,
)
from pydantic.fields import FieldInfo

from extractor.errors import PromptError, UsageError
from extractor.prompting import FieldNote, OwnPrompt
from extractor.schema import OurTask
from extractor.tasks.own.anchors import has_anchor

Per = Literal["sentence", "quote", "article"]

POINTER = "sentence"
"""Field that is added to a model asked of whole articles: the number of a sentence."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FILE = re.compile(r"\S+\.(?:jinja2?|txt|md)")


@dataclass(frozen=True, eq=False)
class Task:
    """Something to look for that this package does not know of.

    ```python
    class Injury(BaseModel):
        \"\"\"People who were hurt, and by what.\"\"\"

        who: Anchor
        count: int | None
        cause: Anchor | None


    task = Task("injuries", Injury, triggers=["hurt", "injur*", "wound*"])
    extract(doc, tasks=["quotes", task]).items["injuries"]
    ```

    Fields of the type `Anchor` are words of the article: they are reported with their
    spans, or rejected. What is in other fields the model says, and nobody checks.

    Attributes:
        name: small letters, digits and underscores; what was found is filed under it.
        model: of one thing to find. The descriptions of its fields reach the prompt.
        prompt: an instruction, or the file of one (`injuries.jinja`); default: the
            docstring of the model. See `OwnPrompt`.
        per: what the model is asked about at a time: one sentence, one quote or the
            article. A small model needs `sentence`.
        triggers: ask only where one of these words is (`hurt`, `injur*`), in any case,
            or where this regular expression finds something; default: everywhere.
        folder: where it was read from, so that other processes can read it too.

    Raises:
        UsageError: a name that cannot be, no model, or triggers that are no pattern.
        PromptError: a prompt that is missing or does not render.
    """

    name: str
    model: type[BaseModel]
    prompt: str | Path | None = None
    per: Per = "sentence"
    triggers: str | Sequence[str] = ()
    folder: Path | None = None

    def __post_init__(self) -> None:
        known = get_args(OurTask)
        if not _NAME.fullmatch(self.name) or self.name in known:
            raise UsageError(
                f"A task cannot be called {self.name!r}: take small letters, digits "
                f"and underscores, at most 40, and none of {', '.join(known)}."
            )
        if not is_model(self.model) or not self.model.model_fields:
            raise UsageError(
                f"The task {self.name!r} needs a Pydantic model with a field at least."
            )
        if self.per not in get_args(Per):
            raise UsageError(
                f"The task {self.name!r} cannot be asked per {self.per!r}: choose from "
                f"{', '.join(get_args(Per))}."
            )
        if POINTER in self.model.model_fields:
            raise UsageError(
                f"The model of the task {self.name!r} has a field {POINTER!r}, which "
                "is the number of the sentence that says it: call yours otherwise."
            )
        _ = self.answer, self.pattern  # what is wrong with them is told at once
        if self.prompt or self._docstring:
            self.check()

    def check(self) -> None:
        """Renders the prompt, which a task from a folder may get after it was made.

        Raises:
            PromptError: there is none, or it does not render.
        """
        self.messages.check()

    @cached_property
    def messages(self) -> OwnPrompt:
        """The prompt, as it is asked with."""
        fields = [*_notes(self.model)]
        if self.per == "article":
            about = "number of the sentence that says it, such as S3"
            fields.append(FieldNote(POINTER, about, copied=False))
        return OwnPrompt(self.name, self._text(), tuple(fields))

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """What has to be in a text for it to be asked about; None where nothing."""
        if not self.triggers:
            return None
        source = self.triggers
        if not isinstance(source, str):
            words = (re.escape(word).replace(r"\*", r"\w*") for word in source)
            source = rf"(?<!\w)(?:{'|'.join(words)})(?!\w)"
        try:
            return re.compile(source, re.IGNORECASE)
        except re.error as error:
            raise UsageError(
                f"The triggers of the task {self.name!r} are no regular expression "
                f"({error}): mend them, or give a list of words."
            ) from None

    @cached_property
    def answer(self) -> type[BaseModel]:
        """The model of one thing as a language model has to return it."""
        more: dict[str, Any] = {POINTER: (str, ...)} if self.per == "article" else {}
        name = self.model.__name__
        try:
            answer = create_model(
                name, __base__=self.model, __cls_kwargs__={"extra": "forbid"}, **more
            )
            answer.model_json_schema()
            return answer
        except (PydanticUserError, PydanticUndefinedAnnotation) as error:
            raise UsageError(
                f"The model of the task {self.name!r} cannot be asked for: "
                f"{error.message}"
            ) from None

    @cached_property
    def sha256(self) -> str:
        """Of all that its answers and what is made of them depend on."""
        code = b"" if self.folder is None else (self.folder / CODE).read_bytes()
        schema = self.answer.model_json_schema()
        pattern = self.pattern.pattern if self.pattern else ""
        parts = [self.name, self.per, pattern, self.messages.ref.sha256, repr(schema)]
        text = "\n".join(parts).encode("utf-8", "surrogatepass")
        return sha256(text + b"\n" + code).hexdigest()

    @property
    def _docstring(self) -> str:
        """The model's own, not that of a class it is made of."""
        return " ".join((vars(self.model).get("__doc__") or "").split())

    def _text(self) -> str:
        """The prompt as it is on file.

        Raises:
            PromptError: there is none.
        """
        prompt = self.prompt
        if isinstance(prompt, str) and not _FILE.fullmatch(prompt):
            return prompt
        if not prompt:
            if not self._docstring:
                raise PromptError(
                    f"The task {self.name!r} has no prompt: give one, or say what to "
                    "look for in the docstring of its model."
                )
            return "{% raw %}" + self._docstring + "{% endraw %}"
        try:
            return Path(prompt).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise PromptError(
                f"The prompt {prompt} of the task {self.name!r} cannot be read: "
                f"{reason}."
            ) from None


CODE = "model.py"
"""The file of a task's folder that has its model."""


def is_model(value: object) -> bool:
    """Whether a value is a Pydantic model, and not an instance of one."""
    return isinstance(value, type) and issubclass(value, BaseModel)


def _notes(
    model: type[BaseModel], within: tuple[type[BaseModel], ...] = ()
) -> Iterator[FieldNote]:
    """What the prompt says of each field; of a model within, of its fields too."""
    for name, field in model.model_fields.items():
        yield FieldNote(name, _about(field), has_anchor(field.annotation))
        for inner in _models(field.annotation):
            if inner not in (model, *within):
                for note in _notes(inner, (model, *within)):
                    yield FieldNote(f"{name}.{note.name}", note.about, note.copied)


def _about(field: FieldInfo) -> str:
    return " ".join((field.description or "").split())


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
