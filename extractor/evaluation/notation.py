"""How figures are written for a reader: `.643`, `+.012`, `p=.48`."""

from extractor.evaluation.statistics import Difference, Interval

NONE = "n/a"
"""Stands for a figure that is not defined."""


def number(value: float | None) -> str:
    """A share with three decimals, without the 0 before the point."""
    if value is None:
        return NONE
    return _bare(f"{value:.3f}")


def signed(value: float | None) -> str:
    """A difference with its sign; what rounds to 0 has none."""
    if value is None:
        return NONE
    rounded = round(value, 3)
    sign = "−" if rounded < 0 else "+" if rounded > 0 else ""
    return sign + _bare(f"{abs(value):.3f}")


def interval(of: Interval | Difference) -> str:
    """The ends of an interval in brackets; nothing where it has none."""
    if of.low is None or of.high is None:
        return ""
    write = signed if isinstance(of, Difference) else number
    return f"[{write(of.low)}, {write(of.high)}]"


def p_value(p: float | None) -> str:
    """A p-value, finer where it is small."""
    if p is None:
        return NONE
    if p < 0.0001:
        return "<.0001"
    return _bare(f"{p:.{2 if p >= 0.1 else 4}f}")


def counted(many: float, noun: str) -> str:
    """A number with its noun, which takes an s where it is not 1."""
    return f"{many:,g} {noun}" + ("" if many == 1 else "s")


def _bare(digits: str) -> str:
    return digits.removeprefix("0") if digits.startswith("0.") else digits
