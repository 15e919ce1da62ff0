"""What the task looks for: run by the program, so anything Python can do goes here."""

from typing import Literal

from pydantic import BaseModel, Field

from extractor import Anchor, Task


class Promise(BaseModel):
    """Something that somebody says will be done."""

    who: Anchor = Field(description="who promises, as the sentence names them")
    what: Anchor = Field(description="what they promise to do")
    when: Anchor | None = Field(None, description="by when, if it is said")
    strength: Literal["firm", "vague"] = Field(
        description="firm if it can be held against them, else vague"
    )


task = Task(
    "promises",
    Promise,
    per="sentence",
    triggers=["promis*", "pledg*", "vow*", "commit*", "guarantee*", "will", "shall"],
)
