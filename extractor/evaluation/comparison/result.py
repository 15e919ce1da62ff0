"""What a comparison comes to, and the forms it is read in."""

from typing import Literal

from pydantic import Field

from extractor.evaluation.comparison.changes import Change, ItemChange
from extractor.evaluation.statistics import Decision, Difference
from extractor.evaluation.statistics.power import ALPHA
from extractor.schema import Frozen


class RunRef(Frozen):
    """One of the two runs, as far as it matters whether they can be compared."""

    name: str
    """What to call it: its folder."""
    model: str | None = None
    gold_hash: str | None = None
    """Of all gold files; runs on different gold are not compared."""


class FigureChange(Frozen):
    """One measure in both runs."""

    name: str
    """`quotes.joint`, and for a slice `quotes.joint/indirect`."""
    base: float | None
    """F1 of BASE."""
    new: float | None
    """F1 of NEW."""
    difference: Difference
    """NEW less BASE. For a slice without a test: there are too many of them."""
    p_adjusted: float | None = None
    """Holm's, over the measures that do not decide; None for the one that does."""

    @property
    def p(self) -> float | None:
        """The p-value to read: adjusted, or of the measure that decides as it is."""
        return self.difference.p if self.p_adjusted is None else self.p_adjusted

    @property
    def direction(self) -> Literal["gain", "loss", ""]:
        """Which way it moved, if that is more than chance."""
        if self.p is None or self.p >= ALPHA or not self.difference.estimate:
            return ""
        return "gain" if self.difference.estimate > 0 else "loss"


class ArticleChange(Frozen):
    """The deciding measure and the items of one article."""

    article: str
    base: float | None
    new: float | None
    broken: int
    fixed: int

    @property
    def delta(self) -> float | None:
        """NEW less BASE; None where one of them has nothing to score."""
        if self.base is None or self.new is None:
            return None
        return self.new - self.base


class Comparison(Frozen):
    """NEW against BASE."""

    base: RunRef
    new: RunRef
    metric: str
    """The measure that decides."""
    margin: float
    """Loss in it that is put up with."""
    decision: Decision
    power: str = ""
    """What so many articles can show, in one sentence."""
    figures: list[FigureChange] = Field(default_factory=list)
    """The deciding measure first, then the others; no slices."""
    slices: list[FigureChange] = Field(default_factory=list)
    articles: list[ArticleChange] = Field(default_factory=list)
    """The one that lost most first."""
    items: list[ItemChange] = Field(default_factory=list)
    """All but those right in both; broken ones first, the gravest before others."""
    must_pass: list[ItemChange] = Field(default_factory=list)
    """What had to be right, whatever became of it."""

    @property
    def exit_code(self) -> int:
        """0 pass, 2 regression, 3 inconclusive, 4 not comparable."""
        return self.decision.exit_code

    def count(self, change: Change) -> int:
        """How many items changed like this."""
        return sum(item.change == change for item in self.items)

    def table(self, width: int = 100, *, color: bool = False) -> str:
        """Verdict, figures and broken items for a terminal.

        Args:
            width: columns to wrap at.
            color: whether to mark gains and losses with ANSI colours.
        """
        from extractor.evaluation.comparison.terminal import write_table

        return write_table(self, width, color)

    def to_markdown(self) -> str:
        """A summary for a pull request."""
        from extractor.evaluation.comparison.markdown import write_markdown

        return write_markdown(self)

    def to_junit(self) -> str:
        """JUnit XML: a test case for each figure and for each item that must pass."""
        from extractor.evaluation.comparison.junit import write_junit

        return write_junit(self)

    def to_html(self) -> str:
        """The page of `render_comparison`."""
        from extractor.evaluation.page import render_comparison

        return render_comparison(self)

    def _repr_html_(self) -> str:
        """Verdict and figures for a notebook."""
        from extractor.evaluation.page import render_summary

        return render_summary(self)
