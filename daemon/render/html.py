"""The HTML part of a letter, made from its plain text: staff edit one template, and both parts say the same.

Nothing in it is a link, an image or a colour of its own: an address in a letter is not to be clicked, nothing is
fetched when the letter is opened, and a mail program in dark mode shows it in its own colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

_ITEM = re.compile(r" {2,}([0-9]{1,6})\. (.*)")
_BULLET = re.compile(r" {2,}- (.*)")
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_NUMBER = re.compile(r"(?<![&#\w])[A-Za-z0-9][\x21-\x25\x27-\x3a\x3d\x3f-\x7e]*[0-9]|(?<![&#\w])[0-9]")
_WIDE = re.compile("[\u2e80-\u9fff\uff00-\uffef]")

_PAGE = """\
<!DOCTYPE html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
.letter {{ font: 16px/1.5 Arial, Helvetica, sans-serif; max-width: 46em; padding: 8px; }}
.letter p, .letter ul {{ margin: 0 0 16px 0; }}
.letter table {{ border-collapse: collapse; width: 100%; margin: 0 0 16px 0; }}
.letter caption {{ font-weight: bold; padding: 4px 0; text-align: start; }}
.letter th, .letter td {{ border: 1px solid #888888; padding: 4px 8px; vertical-align: top; }}
.letter th {{ font-weight: normal; text-align: end; width: 3em; }}
.letter td {{ font-family: Consolas, Menlo, monospace; word-break: break-all; text-align: start; }}
</style>
</head>
<body>
<div class="letter" lang="{language}" dir="{direction}">
{body}
</div>
</body>
</html>
"""


def html_of(subject: str, text: str, language: str) -> str:
    """Return the letter ``text`` as a page in ``language`` (BCP 47).

    Blank lines part paragraphs, whose lines are joined; the last one, the signature, keeps its lines.  A line that
    begins with two blanks stands for itself, with "- " it is a point of a list, with "1. " a row of numbered items.
    """
    turned = language.partition("-")[0] in _RIGHT_TO_LEFT
    blocks = [_unwrapped(block.split("\n")) for block in re.split(r"\n\s*\n", text.strip("\n")) if block.strip()]
    parts = [part for block in blocks[:-1] for part in _block(block)]
    parts += ["<p>" + "<br>\n".join(escape(line.strip()) for line in block) + "</p>" for block in blocks[-1:]]
    body = "\n".join(parts)
    return _PAGE.format(
        language=escape(language),
        direction="rtl" if turned else "ltr",
        title=escape(subject),
        body=_kept_in_order(body) if turned else body,
    )


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """Join a point of a list with the lines that go on with it, four blanks in."""
    whole: list[str] = []
    for line in lines:
        if line.startswith("    ") and whole and _BULLET.fullmatch(whole[-1]):
            whole[-1] += f" {line.strip()}"
        else:
            whole.append(line)
    return whole


def _block(lines: Sequence[str]) -> Iterator[str]:
    """Yield the elements of one paragraph: its joined lines, its lists, its items with those lines as their caption."""
    words: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        shape = _ITEM if _ITEM.fullmatch(line) else _BULLET if _BULLET.fullmatch(line) else None
        if shape is None and not line.startswith("  "):
            words.append(line)
            place += 1
            continue
        end = place + 1
        while shape is not None and end < len(lines) and shape.fullmatch(lines[end]):
            end += 1
        if words and shape is not _ITEM:
            yield f"<p>{escape(_joined(words))}</p>"
            words = []
        yield _shown(lines[place:end], shape, _joined(words))
        words, place = [], end
    if words:
        yield f"<p>{escape(_joined(words))}</p>"


def _shown(lines: Sequence[str], shape: re.Pattern[str] | None, caption: str) -> str:
    """Return a table of items, a list, or a line that stands for itself."""
    if shape is None:
        return f'<p style="padding: 0 1.5em">{escape(lines[0].strip())}</p>'
    if shape is _BULLET:
        return "<ul>\n" + "\n".join(f"<li>{escape(line.strip()[2:])}</li>" for line in lines) + "\n</ul>"
    found = (_ITEM.fullmatch(line) for line in lines)
    rows = (f'<tr><th scope="row">{one[1]}</th><td dir="ltr">{escape(one[2])}</td></tr>' for one in found if one)
    head = f"<caption>{escape(caption)}</caption>\n" if caption else ""
    return '<table border="1" cellpadding="4">\n' + head + "\n".join(rows) + "\n</table>"


def _joined(lines: Sequence[str]) -> str:
    """Undo the breaks of a paragraph; scripts that write no blanks between words get none."""
    text = ""
    for line in map(str.strip, lines):
        solid = not text or (_WIDE.match(text[-1]) and _WIDE.match(line[:1]))
        text += line if solid else f" {line}"
    return text


def _kept_in_order(body: str) -> str:
    """Isolate numbers and addresses in text that runs from right to left: "1-4" must not read "4-1"."""
    pieces = re.split(r"(<[^>]*>)", body)
    return "".join(
        piece if piece.startswith("<") else _NUMBER.sub(lambda found: f'<bdi dir="ltr">{found[0]}</bdi>', piece)
        for piece in pieces
    )
