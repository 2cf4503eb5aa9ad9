"""Every version of rules.yaml that was ever in force; one is active."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select, update

from daemon.store import journal
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow, insert_missing
from daemon.store.tables import rule_versions


def store(conn: Connection, text: str, now: datetime) -> str:
    """Keep a version; return its SHA-256.  The same text is kept once."""
    digest = sha256(text.encode()).hexdigest()
    insert_missing(conn, rule_versions, [{"sha256": digest, "text": text, "created_at": now, "active": False}])
    return digest


def activate(conn: Connection, digest: str, now: datetime, by: str) -> bool:
    """Make a stored version the active one; False if it is already."""
    old = active(conn)
    if old is not None and old.sha256 == digest:
        return False
    conn.execute(update(rule_versions).where(rule_versions.c.active).values(active=False))
    values = {"active": True, "activated_at": now, "activated_by": by}
    conn.execute(update(rule_versions).where(rule_versions.c.sha256 == digest).values(values))
    journal.append(conn, [Entry(now, by, "rules", old=old.sha256[:12] if old else None, new=digest[:12])])
    return True


def active(conn: Connection) -> AnyRow | None:
    """The active version (sha256, text, activated_at, activated_by), None before the first."""
    return conn.execute(select(rule_versions).where(rule_versions.c.active)).one_or_none()


def listed(conn: Connection, limit: int = 50) -> Sequence[AnyRow]:
    """Versions, newest first."""
    return conn.execute(select(rule_versions).order_by(rule_versions.c.id.desc()).limit(limit)).all()
