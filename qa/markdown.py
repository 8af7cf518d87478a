r"""Quoted words within Markdown, which shows them as they are and does nothing that they say.

Chat frontends render an answer's text as Markdown. Whatever of a quotation would be a link, an
image, a mark such as [1], HTML, code or a heading there stands behind a backslash, and a renderer
takes the backslash away. Words without such characters are what they were.
"""

import re

_ACTIVE = re.compile(
    # What begins a block, at the beginning of a line: "# ", "> ", "- ", "1. ", "===".
    r"((?<=[\r\n])[ \t]*\d{0,9})([#>+\-=.)])"
    # A bracket that closes needs none, and behind a backslash some frontends take both for a
    # formula. An underscore within a word means nothing.
    r"|[\\`*\[~|]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def escaped(words: str) -> str:
    """Return Markdown that shows the words; they must not stand at the beginning of a line."""
    return _ACTIVE.sub(lambda found: f"{found[1] or ''}\\{found[2] or found[0]}", words)


def unescaped(markdown: str) -> str:
    """Return the words that `escaped` was given."""
    return _ESCAPED.sub(r"\1", markdown)
