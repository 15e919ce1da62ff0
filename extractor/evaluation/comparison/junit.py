"""A comparison as JUnit XML, which every build server can show.

A test case fails where the comparison does: the deciding measure and the items that
must pass. The other measures and what is still open are skipped with their reason.
"""

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from extractor.evaluation.comparison.changes import ItemChange
from extractor.evaluation.notation import interval, number, p_value, signed
from extractor.report import clean

if TYPE_CHECKING:
    from extractor.evaluation.comparison.result import Comparison, FigureChange

_SUITE: Final = "extractor compare"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OUTCOMES: Final = {
    "regression": "failure",
    "inconclusive": "skipped",
    "incomparable": "error",
}


def write_junit(comparison: "Comparison") -> str:
    """The XML, with its declaration."""
    cases = [_gate(comparison)]
    cases += [_figure(figure) for figure in comparison.figures[1:]]
    cases += [_required(item) for item in comparison.must_pass]
    suite = ElementTree.Element("testsuite", name=_SUITE, tests=str(len(cases)))
    for plural, tag in (
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        suite.set(plural, str(sum(case.find(tag) is not None for case in cases)))
    suite.extend(cases)
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return ElementTree.tostring(root, "unicode", xml_declaration=True) + "\n"


def _gate(comparison: "Comparison") -> ElementTree.Element:
    case = _case("figures", comparison.metric)
    tag = _OUTCOMES.get(comparison.decision.verdict)
    if tag:
        _add(case, tag, comparison.decision.sentence)
    for figure in comparison.figures[:1]:
        _say(case, _figures(figure))
    return case


def _figure(figure: "FigureChange") -> ElementTree.Element:
    case = _case("figures", figure.name)
    if figure.direction == "loss":
        message = f"{figure.name} is worse, but does not decide: {_figures(figure)}"
        _add(case, "skipped", message)
    _say(case, _figures(figure))
    return case


def _required(item: ItemChange) -> ElementTree.Element:
    case = _case(f"must_pass.{item.layer}", item.name)
    was, now = item.classes
    if item.change == "broken":
        _add(case, "failure", f"{item.name} was {was} and is {now}", item.text)
    elif item.change in ("wrong", "changed"):
        _add(case, "skipped", f"{item.name} is {now}, and was not right before")
    return case


def _figures(figure: "FigureChange") -> str:
    delta = figure.difference
    return (
        f"{number(figure.base)} to {number(figure.new)}, "
        f"Δ {signed(delta.estimate)} {interval(delta)}, p {p_value(figure.p)}, "
        f"{delta.articles} articles"
    )


def _case(group: str, name: str) -> ElementTree.Element:
    return ElementTree.Element(
        "testcase", classname=_plain(f"{_SUITE}.{group}"), name=_plain(name)
    )


def _add(case: ElementTree.Element, tag: str, message: str, text: str = "") -> None:
    child = ElementTree.SubElement(case, tag, message=_plain(message))
    child.text = _plain(text) or None


def _say(case: ElementTree.Element, text: str) -> None:
    ElementTree.SubElement(case, "system-out").text = _plain(text)


def _plain(text: str) -> str:
    """The text on one line, with nothing that XML cannot hold."""
    return _NOT_XML.sub("�", clean(text))
