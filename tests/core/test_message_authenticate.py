"""Who speaks: our own server's word only, from where only our server can write."""

from __future__ import annotations

import pytest

from daemon.message.authenticate import authenticate
from daemon.message.parse import parse

OURS = "Received: from a by mx.hotline.example with ESMTPS; Mon, 12 Oct 2026 10:00:00 +0000\n"
THEIRS = "Received: from b by out.pix.example with ESMTP; Mon, 12 Oct 2026 09:59:00 +0000\n"


def result(dmarc: str, more: str = "", server: str = "mx.hotline.example") -> str:
    return f"Authentication-Results: {server}; spf=pass smtp.mailfrom=pix.example;\n\tdkim=pass header.d=pix.example;{more} dmarc={dmarc} (p=none) header.from=Pix.example\n"


def test_our_own_block_is_believed() -> None:
    found = authenticate(parse((OURS + result("pass") + THEIRS + "\n").encode()), "mx.hotline.example")
    assert (found.trusted, found.dmarc, found.spf, found.dkim, found.header_from) == (
        True,
        "pass",
        "pass",
        "pass",
        "pix.example",
    )


def test_a_block_above_the_newest_line_of_ours_is_believed_too() -> None:
    assert authenticate(parse((result("pass") + OURS + THEIRS + "\n").encode()), "mx.hotline.example").dmarc == "pass"


@pytest.mark.parametrize(
    "headers",
    [OURS + THEIRS + result("pass"), OURS + result("pass", server="mx.evil.example") + THEIRS, OURS + THEIRS, ""],
)
def test_a_block_that_others_could_have_written_is_not_believed(headers: str) -> None:
    found = authenticate(parse((headers + "From: a@b.example\n\nx").encode()), "mx.hotline.example")
    assert (found.trusted, found.dmarc) == (False, "")


def test_of_two_blocks_of_ours_the_topmost_counts() -> None:
    assert (
        authenticate(
            parse((OURS + result("fail") + result("pass") + THEIRS + "\n").encode()), "mx.hotline.example"
        ).dmarc
        == "fail"
    )


def test_comments_hide_no_statement_and_state_nothing() -> None:
    raw = (
        OURS
        + "Authentication-Results: mx.hotline.example; dkim=fail (dmarc=pass; (nested) x) header.d=a; dmarc=fail header.from=a.example\n"
        + THEIRS
        + "\n"
    )
    assert authenticate(parse(raw.encode()), "mx.hotline.example").dmarc == "fail"


def test_a_server_without_an_id_is_read_by_position() -> None:
    raw = (
        OURS
        + "Authentication-Results: spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=pix.example; dkim=pass header.d=pix.example;dmarc=pass action=none\n header.from=pix.example;compauth=pass reason=100\n"
        + THEIRS
        + "\n"
    )
    assert authenticate(parse(raw.encode()), "@none").dmarc == "pass"
    assert not authenticate(parse(raw.encode()), "mx.hotline.example").trusted


def test_hops_of_our_own_are_passed_when_they_are_named() -> None:
    raw = "Received: from mx by store.hotline.example\n" + OURS + result("pass") + THEIRS + "\n"
    assert not authenticate(parse(raw.encode()), "mx.hotline.example").trusted
    assert (
        authenticate(parse(raw.encode()), "mx.hotline.example", ("store.hotline.example", "mx.hotline.example")).dmarc
        == "pass"
    )


def test_a_named_hop_counts_once() -> None:
    raw = OURS + OURS + result("pass") + "\n"
    assert not authenticate(parse(raw.encode()), "mx.hotline.example", ("mx.hotline.example",)).trusted


def test_a_passing_chain_tells_who_sealed_it() -> None:
    raw = (
        OURS
        + result("fail", " arc=pass;")
        + "ARC-Seal: i=1; a=rsa-sha256; d=first.example; s=x\nARC-Seal: i=2; d=list.example; cv=pass\n"
        + THEIRS
        + "\n"
    )
    found = authenticate(parse(raw.encode()), "mx.hotline.example")
    assert (found.arc, found.arc_sealer) == ("pass", "list.example")
