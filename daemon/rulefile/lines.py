"""Reads rules.yaml line by line before YAML does: finds what YAML would refuse or silently misread, and mends it.

The mended text has the same lines as the original; ``Surface.origin`` leads from a column in it back to the original's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from daemon.rulefile.blocks import WORD_LISTS
from daemon.rulefile.problem import Edit, Problem, Severity
from daemon.rulefile.quotes import check_value
from daemon.rulefile.table import DIGEST, FOLLOWUPS, LADDER, MEMBER, ROOT, RULE, STEP, TEST

PHRASE_KEYS = frozenset({"says", "and_says", "but_not", "examples", "not_examples"})
WORD_KEYS = frozenset(WORD_LISTS)
PROSE_KEYS = frozenset({"note", "body"})
_BLOCKS = (ROOT, RULE, TEST, STEP, LADDER, FOLLOWUPS, DIGEST, MEMBER)
KEYS = frozenset(key for block in _BLOCKS for key in block.fields) | {"zone", "hours", "holidays", "tell", "use", "add"}
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8})?|any")
_KEY = re.compile(r"""((?:"[^"]*"|'[^']*'|[^\s"'\[\]{}#&*!|>%@`,:-][^:#\[\]{}]*?))[ ]*:(?=\s|$)""")
_TIGHT_KEY = re.compile(r"([a-z_]+)(:|：[ ]?)(?=[^\s:])")
_BARE_KEY = re.compile(r"([a-z_]+)(?=[ ]+[^\s:=]|[ ]*=)")
_ODD = re.compile("[\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028\u2029\u202a-\u202f\u205f\u2060\u3000\ufeff]")
_FRONT = re.compile("[ \t\u00a0\u3000\u2000-\u200b\u202f\u205f\ufeff]*")
_BREAKS = "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_BLOCK_SCALAR = re.compile(r"[|>][+-]?\d?[+-]?[ ]*(#.*)?$")


@dataclass(slots=True)
class Level:
    """An open mapping or list at one depth."""

    indent: int
    kind: str  # "map" or "seq"
    key: str = ""  # the latest key of a mapping; of a list the key that it belongs to


@dataclass(slots=True)
class Surface:
    """What the line pass gives: the mended text, the slips, and the lines that were changed or could not be read."""

    text: str = field(default="", repr=False)
    problems: list[Problem] = field(default_factory=list)
    shifts: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    damaged: set[int] = field(default_factory=set)

    def origin(self, line: int, column: int) -> int:
        """Return the column of the original for a column of the mended text (both from 1)."""
        for place, added in reversed(self.shifts.get(line, ())):
            if column > place:
                column = max(place + 1, column - added) if added > 0 else column - added
        return max(1, column)


def read_lines(text: str) -> Surface:
    """Check ``text`` line by line."""
    return _Lines(text).run()


class _Lines:
    """Goes through the lines with the stack of open levels."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines(keepends=True)
        self.surface = Surface()
        self.levels: list[Level] = []
        self.opened: Level | None = None  # the latest key had no value: something deeper may follow
        self.skip_deeper = -1  # inside a block scalar: lines deeper than this belong to it
        self.flow = 0  # brackets still open
        self.offset = 0
        self.number = 0

    def run(self) -> Surface:
        mended = []
        for number, line in enumerate(self.lines, 1):
            self.number = number
            body = line.rstrip(_BREAKS)
            mended.append(self._line(body) + line[len(body) :])
            self.offset += len(line)
        self.surface.text = "".join(mended)
        return self.surface

    def _say(
        self,
        column: int,
        code: str,
        message: str,
        fix: str,
        width: int = 1,
        edit: tuple[int, int, str] | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Tell a slip; ``column`` counts from 0, ``edit`` is (start, end, text) within the line."""
        edits = (Edit(self.offset + edit[0], self.offset + edit[1], edit[2]),) if edit else ()
        self.surface.problems.append(
            Problem(self.number, column + 1, code, message, fix, severity, max(1, width), edits)
        )
        if severity is Severity.ERROR:
            self.surface.damaged.add(self.number)

    def _shift(self, place: int, added: int) -> None:
        self.surface.shifts.setdefault(self.number, []).append((place, added))

    def _line(self, line: str) -> str:
        content = line[len(_FRONT.match(line)[0]) :]  # type: ignore[index]  # it matches the empty text too
        front = line[: len(line) - len(content)]
        if not content or (content.startswith("#") and not self.flow):
            return "" if not content else line.replace("\t", " ")
        if self.skip_deeper >= 0:
            if len(front.expandtabs(2)) > self.skip_deeper:
                return line.replace("\t", " ") if "\t" in front else line
            self.skip_deeper = -1
        if self.flow:
            self._count_brackets(content)
            return line
        front, tabbed = self._front(front, content)
        return self._structure(front, content, len(line) - len(content), tabbed)

    def _front(self, front: str, content: str) -> tuple[str, bool]:
        """Check the blanks in front; returns them as plain blanks."""
        plain = front.expandtabs(2) if "\t" in front else front
        plain = re.sub(r"[^ ]", " ", plain.replace("\ufeff", "")) if self.number > 1 else plain.replace("\ufeff", "")
        if plain == front or (self.number == 1 and front == "\ufeff"):
            return plain, False
        wanted = self._nearest(len(plain), content)
        at = next(place for place, char in enumerate(front) if char != " ")
        edit = (0, len(front), " " * wanted)
        if front[at] == "\t":
            self._say(at, "R102", "A tab stands here; YAML wants blanks.", f"Put {wanted} blanks in front.", 1, edit)
        else:
            self._say(at, "R103", "This is not an ordinary blank.", f"Put {wanted} ordinary blanks in front.", 1, edit)
        self._shift(0, wanted - len(front))
        return " " * wanted, True

    def _structure(self, front: str, content: str, start: int, tabbed: bool) -> str:
        """Check one line's place and content; returns the mended line."""
        content = self._spaced(content, start)
        indent = len(front)
        kind = "seq" if content == "-" or content.startswith("- ") else "map" if _KEY.match(content) else "text"
        if kind == "text":
            return self._loose(front, content, start)
        indent = self._place(indent, kind, content, start, tabbed)
        front = " " * indent
        if kind == "seq":
            return front + self._item(content, start, indent)
        return front + self._pair(content, start, indent)

    def _spaced(self, content: str, start: int) -> str:
        """Mend a missing blank after "-" or ":", and odd signs in their place."""
        odd = re.match("([-–—•*])([ \u00a0\t\u2000-\u200b\u202f\u3000]+)", content)
        if odd and (odd[1] in "–—•" or (odd[1] == "-" and odd[2].strip(" "))):
            edit = (start, start + len(odd[0]), "- ")
            code = "R102" if "\t" in odd[2] and odd[1] == "-" else "R103"
            message = "A list item starts with a plain dash and an ordinary blank."
            self._say(start, code, message, f"Write:  - {content[len(odd[0]) :]}", len(odd[0]), edit)
            self._shift(start, 2 - len(odd[0]))
            return "- " + content[len(odd[0]) :]
        if re.match(r"-[^\s-]", content) and any(level.kind == "seq" for level in self.levels + self._maybe_seq()):
            self._say(
                start,
                "R112",
                "A blank is missing after the dash.",
                f"Write:  - {content[1:]}",
                1,
                (start + 1, start + 1, " "),
            )
            self._shift(start + 1, 1)
            return f"- {content[1:]}"
        tight = _TIGHT_KEY.match(content)
        if tight and (tight[1] in KEYS or (tight[2].startswith("：") and _LANGUAGE.fullmatch(tight[1]))):
            end = tight.end()
            edit = (start + len(tight[1]), start + end, ": ")
            self._say(
                start + len(tight[1]),
                "R112",
                "A blank is missing after the colon.",
                f"Write:  {tight[1]}: {content[end:]}",
                1,
                edit,
            )
            self._shift(start + len(tight[1]), 2 - len(tight[2]))
            return f"{tight[1]}: {content[end:]}"
        if content.rstrip() in KEYS and not self._continues():
            end = start + len(content.rstrip())
            self._say(
                start,
                "R117",
                f'The colon is missing after "{content.rstrip()}".',
                f"Write:  {content.rstrip()}:",
                end - start,
                (end, end, ":"),
            )
            return content.rstrip() + ":"
        bare = _BARE_KEY.match(content)
        if bare and bare[1] in KEYS and not _KEY.match(content) and not self._continues():
            rest = content[bare.end() :].lstrip(" =")
            edit = (start + bare.end(), start + len(content) - len(rest), ": ")
            self._say(
                start,
                "R117",
                f'The colon is missing after "{bare[1]}".',
                f"Write:  {bare[1]}: {rest}",
                len(bare[1]),
                edit,
            )
            self._shift(start + bare.end(), 2 - (len(content) - bare.end() - len(rest)))
            return f"{bare[1]}: {rest}"
        return content

    def _maybe_seq(self) -> list[Level]:
        phrases = self.opened is not None and (
            self.opened.key in PHRASE_KEYS | {"steps"} or bool(_LANGUAGE.fullmatch(self.opened.key))
        )
        return [Level(0, "seq")] if phrases else []

    def _continues(self) -> bool:
        """Tell whether a line without key or dash may go on with the value of the line above."""
        return self.opened is None and bool(self.levels) and self.levels[-1].key in PROSE_KEYS

    def _loose(self, front: str, content: str, start: int) -> str:
        """A line that is neither an item nor a key."""
        if content in {"---", "..."} or content.startswith("%"):
            if content == "---" and not self.levels:
                return front + content
            self._say(
                start,
                "R119",
                "This starts a second document; the file is one.",
                "Take this line away.",
                len(content),
                (start, start + len(content), ""),
            )
            return ""
        if self.opened is not None:
            in_list = self._maybe_seq() and content[0] not in "[{"
            if in_list:
                fix = f"Put a dash and a blank in front:  - {content}"
                self._say(start, "R113", "The dash of a list item is missing.", fix, len(content), (start, start, "- "))
                self._shift(start, 2)
                return front + "- " + content
            self._count_brackets(content)
            self.opened = None
            return front + content
        if self._continues():
            return front + content
        in_seq = bool(self.levels) and self.levels[-1].kind == "seq"
        if in_seq:
            level = self.levels[-1]
            fix = f"If it is an item of its own, put a dash in front:  - {content}"
            message = "This line is joined to the one above it: the dash is missing."
            self._say(start, "R113", message, fix, len(content))
            self._shift(0, level.indent + 2 - start)
            return " " * level.indent + "- " + content
        message = 'This line is neither "key: value" nor "- item".'
        self._say(start, "R118", message, "Add the colon or the dash, or join it to the line above.", len(content))
        return ""

    def _place(self, indent: int, kind: str, content: str, start: int, tabbed: bool) -> int:
        """Find the level that the line belongs to; tells of a wrong number of blanks and returns the right one."""
        if self.opened is not None:
            deeper = indent > self.opened.indent or (kind == "seq" and indent == self.opened.indent)
            if deeper:
                indent = self._first_child(indent, kind, start, tabbed)
                self.levels.append(Level(indent, kind, self.opened.key))
                self.opened = None
                return indent
        elif not self.levels:
            self.levels.append(Level(indent, kind))
            return indent
        found = self._at(indent, kind)
        if found is not None and self._slipped(found, content):
            found = None
        if found is None:
            wanted = self._nearest(indent, content)
            if not tabbed and wanted != indent:
                self._wrong(indent, wanted, start)
            found, indent = self._at(wanted, kind), wanted
        if found is not None:
            del self.levels[found + 1 :]
        self.opened = None
        return indent

    def _slipped(self, place: int, content: str) -> bool:
        """Tell whether a key of a rule stands where the names of rules or the blocks of the file stand."""
        key = _KEY.match(content)
        if key is None or key[1] not in RULE.fields or key[1] in ROOT.fields or self.levels[place].key in RULE.fields:
            return False
        return any(level.key in RULE.fields and level.kind == "map" for level in self.levels[place + 1 :])

    def _wrong(self, indent: int, wanted: int, start: int) -> None:
        less = "too few" if indent < wanted else "too many"
        message = f"This line has {abs(indent - wanted)} blank{'s' * (abs(indent - wanted) != 1)} {less} in front."
        edit = (0, start, " " * wanted) if abs(indent - wanted) == 1 else None
        self._say(start, "R114", message, f"Put {wanted} blanks in front, as the lines beside it have.", 1, edit)
        self._shift(0, wanted - start)

    def _first_child(self, indent: int, kind: str, start: int, tabbed: bool) -> int:
        """The first line below a key sets the depth; if the next of its kind stands one blank aside, it slipped."""
        assert self.opened is not None
        least = self.opened.indent + (kind == "map")
        for line in self.lines[self.number : self.number + 40]:
            content = line.strip()
            if not content or content.startswith("#"):
                continue
            ahead = len(line) - len(line.lstrip(" "))
            same = (content.startswith("- ") or content == "-") == (kind == "seq")
            if ahead < least or (ahead < indent - 1):
                break
            if same and abs(ahead - indent) == 1 and (ahead - self.opened.indent) % 2 == 0:
                if not tabbed:
                    self._wrong(indent, ahead, start)
                return ahead
            if same and ahead == indent:
                break
        return indent

    def _at(self, indent: int, kind: str) -> int | None:
        places = [place for place, level in enumerate(self.levels) if level.indent == indent and level.kind == kind]
        return places[-1] if places else None

    def _nearest(self, indent: int, content: str) -> int:
        """Return the number of blanks that a line of this kind most likely should have."""
        kind = "seq" if content.startswith("-") else "map"
        choices = [level.indent for level in self.levels if level.kind == kind]
        if self.opened is not None:
            choices.append(self.opened.indent + 2)
        if not choices:
            return indent
        key = _KEY.match(content)
        if key is not None and key[1] in RULE.fields:
            own = [level.indent for level in self.levels if level.kind == "map" and level.key in RULE.fields]
            if self.opened is not None and abs(self.opened.indent + 2 - indent) < 4:
                return self.opened.indent + 2
            if own and abs(own[-1] - indent) < 6:
                return own[-1]
        deep = kind == "seq" or (key is not None and (key[1] in RULE.fields or bool(_LANGUAGE.fullmatch(key[1]))))
        return min(choices, key=lambda each: (abs(each - indent), -each if deep else each))

    def _item(self, content: str, start: int, indent: int) -> str:
        rest = content[2:].lstrip(" ") if len(content) > 1 else ""
        column = len(content) - len(rest)
        key = _KEY.match(rest)
        if rest and key and key[1] in KEYS and not self._in_phrases():
            self.levels.append(Level(indent + column, "map", key[1]))
            self.opened = None
            return content[:column] + self._pair(rest, start + column, indent + column)
        return content[:column] + self._value(rest, start + column, phrase=self._in_phrases())

    def _in_phrases(self) -> bool:
        """Tell whether the innermost list holds phrases or examples."""
        if not self.levels or self.levels[-1].kind != "seq":
            return False
        keys = [level.key for level in self.levels if level.kind == "map"] + [self.levels[-1].key]
        return any(key in PHRASE_KEYS | WORD_KEYS for key in keys[-3:])

    def _pair(self, content: str, start: int, indent: int) -> str:
        found = _KEY.match(content)
        assert found is not None
        key = found[1].strip("'\"")
        level = Level(indent, "map", key)
        place = self._at(indent, "map")
        if place is not None:
            self.levels[place].key = key
        after = content[found.end() :]
        rest = after[len(_FRONT.match(after)[0]) :]  # type: ignore[index]
        gap = after[: len(after) - len(rest)]
        if gap.strip(" ") and rest:
            at = start + found.end()
            code = "R102" if "\t" in gap else "R103"
            what = "A tab stands here." if "\t" in gap else "This is not an ordinary blank."
            self._say(at, code, what, "Put an ordinary blank here.", len(gap), (at, at + len(gap), " "))
            self._shift(at, 1 - len(gap))
            content, gap = content[: found.end()] + " " + rest, " "
        if not rest or rest.startswith("#"):
            self.opened = level
            return content
        if _BLOCK_SCALAR.match(rest):
            self.skip_deeper = indent
            return content
        column = found.end() + len(gap)
        return content[:column] + self._value(rest, start + column, phrase=False)

    def _value(self, value: str, start: int, phrase: bool) -> str:
        """Check a value that starts at column ``start`` (from 0) of the original line."""
        if not phrase and value[:1] in {"[", "{"}:
            self._count_brackets(value)
            return value
        for slip in check_value(value, phrase):
            edit = None if slip.edit is None else (start + slip.edit[0], start + slip.edit[1], slip.edit[2])
            self._say(start + slip.at, slip.code, slip.message, slip.fix, slip.width, edit, slip.severity)
            if slip.mended is not None:
                self._shift(start, 1 if slip.mended.startswith("'") and not value.startswith("'") else 0)
                value = slip.mended
        return value

    def _count_brackets(self, text: str) -> None:
        plain = re.sub(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"", "", text)
        plain = re.sub(r"(?:^|\s)#.*", "", plain)
        self.flow = max(
            0, self.flow + sum(plain.count(sign) for sign in "[{") - sum(plain.count(sign) for sign in "]}")
        )
