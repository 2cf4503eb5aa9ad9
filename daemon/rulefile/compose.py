"""Text into YAML nodes, the C parser first; a text that is no YAML gives the place and a plain sentence."""

from __future__ import annotations

import yaml

from daemon.rulefile.problem import Problem

_LOADER: type = getattr(yaml, "CLoader", yaml.Loader)


def compose(text: str) -> tuple[yaml.Node | None, Problem | None]:
    """Return the root node, or the first place at which YAML gives up."""
    try:
        return yaml.compose(text, Loader=_LOADER), None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return None, Problem(line, column, "R120", *_in_words(str(error.problem or ""), str(error.context or "")))
    except yaml.reader.ReaderError as error:
        start = text.rfind("\n", 0, error.position) + 1
        line = text.count("\n", 0, error.position) + 1
        what = "This character cannot stand in the file (an invisible control character)."
        return None, Problem(line, error.position - start + 1, "R103", what, "Delete it and type the text again.")
    except (RecursionError, yaml.YAMLError):
        return None, Problem(
            1, 1, "R120", "The file cannot be read: it is nested too deeply.", "Look for stray brackets."
        )


def _in_words(problem: str, context: str) -> tuple[str, str]:
    for part, message, fix in _WORDS:
        if part in problem or part in context:
            return message, fix
    return "The file cannot be read here.", "Compare with the lines around it: blanks in front, quotes, colons, dashes."


_WORDS = (
    (
        "mapping values are not allowed",
        "A colon stands where none can be.",
        "If it belongs to the text, put the whole text into single quotes.",
    ),
    ("could not find expected ':'", 'This line is neither "key: value" nor "- item".', "Add the colon or the dash."),
    (
        "did not find expected key",
        "This line does not fit to the lines above it.",
        "Give it the same number of blanks in front as its neighbours.",
    ),
    (
        "block collection",
        "This line does not fit to the list above it.",
        "Give it the same number of blanks and the dash like its neighbours.",
    ),
    (
        "while parsing a block mapping",
        "This line does not fit to the lines above it.",
        "Give it the same number of blanks in front as its neighbours.",
    ),
    (
        "found character that cannot start any token",
        "This character cannot start a text.",
        "Put the whole text into single quotes.",
    ),
    ("unexpected end of stream", "A quote mark or bracket is opened and never closed.", "Close it."),
    ("unknown escape", "A backslash in double quotes changes the text.", "Use single quotes."),
    (
        "flow",
        "A bracket is opened and not closed, or a comma is missing.",
        "If it belongs to the text, put the whole text into single quotes.",
    ),
    (
        "undefined alias",
        'After "*" YAML expects the name of an anchor.',
        "If it belongs to the text, put the whole text into single quotes.",
    ),
    ("another document", "The file holds a second document (---).", "Take the line --- away."),
)
