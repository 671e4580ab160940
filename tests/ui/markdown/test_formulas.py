"""Formulas can be read, whatever is in them."""

# ruff: noqa: RUF001 - signs that look like letters are what this is about

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ui.markdown.formulas import formula_runs


def told(source: str) -> str:
    """The text, with raised and lowered letters in braces and lines apart."""
    frames = {0: "{}", 1: "^{{{}}}", -1: "_{{{}}}"}
    text = "".join(frames[run.script].format(run.text) for run in formula_runs(source))
    return (
        text.replace("}^{", "").replace("}_{", "").replace("\u2028", " / ").replace("\u2009", " ")
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"E = mc^2", "E = mc^{2}"),
        (r"\frac{a}{b} \le x^{2n}", "a/b ≤ x^{2n}"),
        (r"\frac12 + \frac{n(n+1)}{2}", "1/2 + n(n + 1)/2"),
        (r"x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}", "x_{1,2} = (−b ± √(b^{2} − 4ac))/(2a)"),
        (r"e^{-x^2}", "e^{−x²}"),
        (r"\sum_{i=1}^n i", "∑_{i=1n} i"),
        (r"\log_2 n + O(n \log n)", "log_{2} n + O(n log n)"),
        (r"y = -x \implies x \in \mathbb{R}", "y = −x ⟹ x ∈ ℝ"),
        (r"\vec{v} \cdot \hat n", "v⃗ · n̂"),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "( 1 2 ) / ( 3 4 )"),
        (r"\begin{cases} x & \text{if } x > 0 \\ 0 \end{cases}", "{ x if x > 0 / { 0"),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a = b /  = c"),
        (r"\left( x \right. 100\% \ce{H2O}", r"(x100%\ce{H2O}"),
        (r"\sqrt[3]{27} + \binom{n}{k}", "∛27 + C(n, k)"),
        (r"\frac{a}", "a"),  # while it streams in
    ],
)  # fmt: skip
def test_formulas(source: str, text: str) -> None:
    assert told(source) == text


def test_what_is_too_much_stays_as_it_is() -> None:
    for source in ("{" * 60, "x" * 5000, r"\begin{a}" * 60):
        (run,) = formula_runs(source)
        assert (run.text, run.is_code) == (source, True)


@given(st.lists(st.sampled_from([
    "\\frac", "\\sqrt", "[", "]", "{", "}", "^", "_", "\\begin{cases}", "\\end{cases}", "\\\\", "&",
    "\\left", ".", "\\hat", "\\text", "a", "1", " ", "\\", "-", ",", "\\mathbb", "\\tag", "\\binom",
]), max_size=40))  # fmt: skip
def test_nothing_fails(pieces: list[str]) -> None:
    formula_runs("".join(pieces))
