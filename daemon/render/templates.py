"""Templates: Jinja2 in its sandbox; what came from an ESP is only ever a value in them, never a template."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from daemon.errors import ConfigError
from daemon.redact import defang
from daemon.registry import shipped
from daemon.render.html import html_of

SHIPPED = shipped("templates")
FALLBACK = "en"
_SUBJECT = "Subject:"


@dataclass(frozen=True, slots=True)
class Text:
    """A rendered letter without its headers."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str | None = field(default=None, repr=False)


_ANSWERS = ("removed", "gone", "not_ours", "pending", "refused", "info")


def _place(name: str) -> tuple[int, str]:
    """Return where a kind of answer stands among the others; staff's own come last."""
    return (_ANSWERS.index(name) if name in _ANSWERS else len(_ANSWERS), name)


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of ``folder``, over those that noticed ships; a language's own come before English ones."""

    folder: Path | None = None

    @property
    def roots(self) -> tuple[Path, ...]:
        return (self.folder, SHIPPED) if self.folder else (SHIPPED,)

    def render(self, name: str, language: str, values: Mapping[str, Any]) -> Text:
        """Render ``name`` in ``language`` or else in English; its HTML has a template of its own or says the same."""
        spoken = self.language_of(name, language)
        subject, text = _split(self._one(spoken, f"{name}.txt.j2", values))
        own = f"{name}.html.j2"
        html = self._one(spoken, own, values) if self._has(spoken, own) else html_of(subject, text, spoken)
        return Text(subject, text, html)

    def answers(self, language: str) -> Mapping[str, str]:
        """Return what an answer may be in one line: "removed", "gone", "not_ours", ... -> the word in ``language``.

        They come in one order, whatever order the template engine keeps them in.
        """
        spoken = self.language_of("_words", language)
        try:
            module = _environment(self.roots, spoken).get_template("_words.txt.j2").module
        except (TemplateError, UnicodeDecodeError):
            raise ConfigError(_where(spoken, "_words.txt.j2", 0, "cannot be read")) from None
        found = {name: str(value) for name, value in vars(module).items() if not name.startswith("_")}
        return {name: found[name] for name in sorted(found, key=_place)}

    def language_of(self, name: str, language: str) -> str:
        """Return the language that ``name`` will be in: "pt-BR" falls back to "pt", and that to English."""
        wanted = language.replace("_", "-").lower()
        for spoken in (wanted, wanted.partition("-")[0]):
            if spoken.replace("-", "").isalnum() and self._has(spoken, f"{name}.txt.j2"):
                return spoken
        return FALLBACK

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield (language, file name) of every template, private ones ("_") left out."""
        found = {(file.parent.name, file.name) for root in self.roots for file in root.glob("*/*.j2")}
        return iter(sorted(pair for pair in found if not pair[1].startswith("_")))

    def _has(self, language: str, file: str) -> bool:
        return any((root / language / file).is_file() for root in self.roots)

    def _one(self, language: str, file: str, values: Mapping[str, Any]) -> str:
        """Render one file; raises ConfigError with one sentence that says file and line."""
        try:
            return _environment(self.roots, language).get_template(file).render(values)
        except UnicodeDecodeError:
            raise ConfigError(_where(language, file, 0, "is not UTF-8 text")) from None
        except SecurityError:
            raise ConfigError(_where(language, file, 0, "it does what templates may not do")) from None
        except TemplateSyntaxError as slip:
            name = slip.name or file
            raise ConfigError(_where(language, name, slip.lineno, slip.message or "cannot be read")) from None
        except UndefinedError as slip:
            raise ConfigError(_where(language, *_line(slip, file), _known(slip, values))) from None
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as slip:
            # the text of such an error could quote a value: an address or a URL
            raise ConfigError(
                _where(language, *_line(slip, file), f"cannot be rendered ({type(slip).__name__})")
            ) from None


@lru_cache(maxsize=64)
def _environment(roots: tuple[Path, ...], language: str) -> SandboxedEnvironment:
    """One environment for a language: its own parts first, then the English ones."""
    spoken = (language, FALLBACK) if language != FALLBACK else (FALLBACK,)
    folders = [root / one for one in spoken for root in roots]
    env = SandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=lambda name: bool(name and ".html." in name),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters["defang"] = defang
    env.filters["number"] = lambda value: f"{value:,}"
    return env


def _split(text: str) -> tuple[str, str]:
    """Part the first line ("Subject: ...") from the text below it."""
    head, _, body = text.lstrip().partition("\n")
    if not head.startswith(_SUBJECT):
        return "", text.strip("\n") + "\n"
    return head.removeprefix(_SUBJECT).strip(), body.strip("\n") + "\n"


def _line(slip: BaseException, file: str) -> tuple[str, int]:
    """Return the template file and line that an error arose in."""
    frames = [frame for frame in traceback.extract_tb(slip.__traceback__) if frame.filename.endswith(".j2")]
    return (Path(frames[-1].filename).name, frames[-1].lineno or 0) if frames else (file, 0)


def _known(slip: UndefinedError, values: Mapping[str, Any]) -> str:
    return f"{slip.message}; it may use: {', '.join(sorted(values))}"


def _where(language: str, file: str, line: int, text: str) -> str:
    return f"templates/{language}/{file}{f', line {line}' if line else ''}: {text}."
