"""A kept mail is read again as it was read the first time: what is judged later is judged alike."""

from pathlib import Path

import pytest

from daemon.message.parse import parse
from daemon.store import kept

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
MAILS = sorted(path for half in ("public", "own") for path in (CORPUS / half).glob("*.eml"))


@pytest.mark.parametrize("part", range(8))
def test_what_was_kept_comes_back_whole(part: int) -> None:
    for path in MAILS[part::8]:
        message = parse(path.read_bytes())
        assert kept.unpack(kept.pack(message)) == message, path.name


def test_the_corpus_has_what_is_easily_lost() -> None:
    lines = [line for path in MAILS for line in parse(path.read_bytes()).lines]
    assert any(line.links for line in lines)
    assert any(line.cells for line in lines)
    assert any(line.struck for line in lines)
