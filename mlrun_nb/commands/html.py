"""
A document as HTML: the same lines, with what a span means said by weight and colour of the theme it is shown in.

JupyterLab's variables where they are, VS Code's where those are, else colours that can be read on white and on black.
No script, no style sheet, no identifier: it stands in any page as often as wanted, and in an exported notebook.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from mlrun_nb.commands.document import Line, Span, Style

_STYLES: dict[Style, str] = {
    "strong": "font-weight:600",
    "dim": "opacity:.75",
    "good": "color:var(--jp-success-color1,var(--vscode-charts-green,#2e8540))",
    "bad": "color:var(--jp-error-color1,var(--vscode-errorForeground,#e0463a));font-weight:600",
    "warn": "color:var(--jp-warn-color1,var(--vscode-charts-orange,#b5730f))",
    "accent": "color:var(--jp-brand-color1,var(--vscode-charts-blue,#2b7de0))",
    "heading": "font-weight:600",
}
_BLOCK = (
    "margin:0;padding:0;border:0;background:none;overflow-x:auto;white-space:pre;color:inherit;"
    "font-family:var(--jp-code-font-family,var(--vscode-editor-font-family,ui-monospace,monospace));"
    "font-size:var(--jp-code-font-size,13px);line-height:1.4"
)


def html(lines: Iterable[Line]) -> str:
    """Return *lines* as one block; text is escaped."""
    text = "\n".join("".join(map(_span, each)) for each in lines)
    return f'<pre style="{_BLOCK}">{text}</pre>'


def _span(span: Span) -> str:
    text = escape(span.text, quote=False)
    style = _STYLES.get(span.style)
    return f'<span style="{style}">{text}</span>' if style and span.text.strip() else text
