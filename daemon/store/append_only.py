"""Triggers that let a sealed journal row be neither changed nor removed; whoever drops them is found by the chain."""

from __future__ import annotations

from sqlalchemy import DDL, event

from daemon.store.tables import journal

_REFUSE = "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
_SQLITE = (
    f"CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal WHEN OLD.hash IS NOT NULL {_REFUSE}",
    f"CREATE TRIGGER journal_stays BEFORE DELETE ON journal {_REFUSE}",
)
_FUNCTION = """CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$"""
_CALL = "EXECUTE FUNCTION journal_append_only()"
_POSTGRESQL = (
    _FUNCTION,
    f"CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal FOR EACH ROW WHEN (OLD.hash IS NOT NULL) {_CALL}",
    f"CREATE TRIGGER journal_stays BEFORE DELETE ON journal FOR EACH ROW {_CALL}",
    f"CREATE TRIGGER journal_whole BEFORE TRUNCATE ON journal FOR EACH STATEMENT {_CALL}",
)
STATEMENTS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}

for _dialect, _statements in STATEMENTS.items():
    for _statement in _statements:
        event.listen(journal, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
