"""Python literals of the few kinds an .npy header holds, without a compiler: linear time, bounded depth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.archive.damage import DamageError

_TOKEN = re.compile(
    r"\s*(?:(?P<mark>[{}()\[\],:])"
    r"|(?P<number>-?\d{1,20})L?(?!\w)"  # Python 2 wrote long integers with an L
    r"|(?P<word>True|False|None)(?!\w)"
    r"|[bu]?(?:'(?P<single>(?:[^'\\\n]|\\.)*)'|\"(?P<double>(?:[^\"\\\n]|\\.)*)\"))"
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_WORDS = {"True": True, "False": False, "None": None}
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"'}
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_DEPTH = 20

Token = tuple[str, object]


def parse_literal(text: str) -> object:
    """The value of a literal made of dicts, lists, tuples, text, integers, True, False and None.

    Raises
    ------
    DamageError
        If the text is anything else, or nested more than 20 deep.
    """
    tokens = _tokens(text.rstrip())
    value = _value(tokens, next(tokens), 0)
    if next(tokens)[0] != "end":
        raise DamageError("has an .npy header with something after its end")
    return value


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise DamageError(f"has an .npy header that cannot be understood at {text[at : at + 20]!r}")
        at = match.end()
        kind = str(match.lastgroup)
        found = match.group(kind)
        if kind == "number":
            yield "value", int(found)
        elif kind == "word":
            yield "value", _WORDS[found]
        elif kind == "mark":
            yield found, None
        else:
            yield "value", _ESCAPE.sub(_unescape, found) if "\\" in found else found
    while True:
        yield "end", None


def _unescape(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits is None and match[4] in _LETTERS:
        return _LETTERS[match[4]]
    if digits is None or int(digits, 16) > 0x10FFFF:
        raise DamageError(f"has an .npy header with the impossible character {match[0]}")
    return chr(int(digits, 16))


def _value(tokens: Iterator[Token], token: Token, depth: int) -> object:
    kind, value = token
    if kind == "value":
        return value
    if kind not in _CLOSING or depth == _DEPTH:
        raise DamageError(f"has an .npy header that cannot be understood: {kind!r} where a value should be")
    items: list[object] = []
    pairs: dict[object, object] = {}
    commas = 0
    token = next(tokens)
    while token[0] != _CLOSING[kind]:
        item = _value(tokens, token, depth + 1)
        if kind == "{":
            if not isinstance(item, str) or next(tokens)[0] != ":":
                raise DamageError("has an .npy header whose keys are not text")
            pairs[item] = _value(tokens, next(tokens), depth + 1)
        else:
            items.append(item)
        token = next(tokens)
        if token[0] == ",":
            commas += 1
            token = next(tokens)
        elif token[0] != _CLOSING[kind]:
            raise DamageError(f"has an .npy header that cannot be understood: {token[0]!r} where a comma should be")
    if kind == "{":
        return pairs
    if kind == "[":
        return items
    return items[0] if len(items) == 1 and not commas else tuple(items)
