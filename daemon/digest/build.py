"""Asks every section for its part; one that fails says so in its place and does not stop the others."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from types import ModuleType

from sqlalchemy import Connection

from daemon import registry
from daemon.digest.blocks import Paragraph, Section, Sheet
from daemon.digest.page import Digest
from daemon.digest.view import View
from daemon.errors import TransientError

log = logging.getLogger("noticed.digest")


def build(conn: Connection, view: View, wanted: Sequence[str] = ()) -> Digest:
    """Make the digest of ``view``; ``wanted`` names sections by their files, none means all."""
    chosen = sections(wanted)
    found: dict[str, object] = {}
    made = tuple(_section(conn, name, module, view, found) for name, module in chosen)
    return Digest(made, tuple(str(module.HOW) for _, module in chosen), found)


def sheets(conn: Connection, view: View, digest: Digest) -> Iterator[Sheet]:
    """Yield the workbook's sheets: those of the sections that have one, and the definitions."""
    for name, module in sections():
        if hasattr(module, "sheet") and name in digest.found:
            try:
                with conn.begin_nested():
                    yield module.sheet(conn, view, digest.found[name])
            except TransientError:
                raise
            except Exception:
                log.exception("digest sheet failed", extra={"ids": {"section": name}})
    yield Sheet("Definitions", ("How each figure is counted",), [(how,) for how in digest.how], (150,))


def sections(wanted: Sequence[str] = ()) -> list[tuple[str, ModuleType]]:
    """The sections in the order in which they are read."""
    found = registry.modules("daemon.digest.sections").items()
    return sorted(((name, one) for name, one in found if not wanted or name in wanted), key=lambda pair: pair[1].ORDER)


def _section(conn: Connection, name: str, module: ModuleType, view: View, found: dict[str, object]) -> Section:
    try:
        with conn.begin_nested():  # PostgreSQL forgives no failed query within one transaction
            found[name] = module.ask(conn, view)
        section: Section = module.word(found[name], view)
    except TransientError:
        raise
    except Exception:  # a bug in one section must not cost the leads the others
        log.exception("digest section failed", extra={"ids": {"section": name}})
        said = Paragraph("This part could not be counted; the log of the daemon says more.", loud=True)
        return Section(name.replace("_", " ").capitalize(), (said,))
    return section
