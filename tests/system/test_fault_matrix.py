"""One fault at one operation, tried at each: in the end everything is as if the fault had never been."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.counts import PROVE, count
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.system.faults import ImapWorld, Life, World
from tests.system.faults_ews import EwsWorld
from tests.system.faults_graph import GraphWorld

pytestmark = pytest.mark.system
SOME = 6  # cells of each matrix that are tried in every run
SLOW = {"half-open", "hang", "hang-after", "restart"}  # seconds each: seldom in a sequence
Make = Callable[[], World]
Plan = Sequence[tuple[int, tuple[str, str]]]  # in which round, and (fault, operation)

SEQUENCE = settings(
    max_examples=count(test=3, prove=400),
    deadline=None,
    database=None,
    phases=(Phase.generate,),  # a plan of six faults is read sooner than it is shrunk
    suppress_health_check=list(HealthCheck),
)


# Sequences that once came to another end.
REMEMBERED: dict[type[World], Sequence[Plan]] = {
    ImapWorld: [
        [(at, ("BAD", "tag")) for at in (0, 1, 2)],
        [
            *((2, ("cut before", "list")), (2, ("send garbage", "RCPT")), (3, ("send garbage", "RCPT"))),
            *((0, ("send drop", "EHLO")), (1, ("send drop", "EHLO")), (3, ("UIDVALIDITY", "move"))),
        ],
        [
            *[(2, ("NO", "fetch"))] * 2,
            (2, ("cut before", "fetch")),
            (0, ("send drop", "RCPT")),
            (2, ("send drop", "dot")),
        ],
        [(2, ("UIDVALIDITY", "list")), (2, ("BAD", "fetch")), (2, ("BAD", "fetch"))],
    ],
    EwsWorld: [
        [
            *((0, ("truncated", "CreateFolder")), (0, ("garbage", "GetItem")), (0, ("truncated", "CreateFolder"))),
            (1, ("ErrorAccessDenied", "UpdateItem")),
        ],
        [
            *((2, ("busy", "SyncFolderItems")), (2, ("busy", "SyncFolderItems")), (3, ("busy", "SyncFolderItems"))),
            *((2, ("truncated", "GetItem")), (1, ("cut", "SyncFolderItems")), (1, ("cut", "SyncFolderItems"))),
        ],
        [*[(1, ("ErrorInternalServerError", "GetItem"))] * 2, (3, ("garbage", "GetItem")), (3, ("busy", "UpdateItem"))],
    ],
    GraphWorld: [[*[(0, ("410", "folders"))] * 3, (2, ("503 after", "send"))]],
}


def cells(world: type[World], *, fast: bool = False) -> list[tuple[str, str]]:
    """Every (fault, operation) of a kind of server."""
    found = [(fault, operation) for fault, operations in world.faults.items() for operation in operations]
    return [one for one in found if not fast or one[0] not in SLOW]


def plans(world: type[World]) -> st.SearchStrategy[Plan]:
    some = st.sampled_from(cells(world, fast=True))
    rarely = st.integers(0, 19).flatmap(lambda chance: some if chance else st.sampled_from(cells(world)))
    return st.lists(st.tuples(st.integers(0, 3), rarely), min_size=2, max_size=6).filter(_leaves_it_running)


def _leaves_it_running(plan: Plan) -> bool:
    """A folder numbered anew five times in a row stops the mailbox, as it shall: see ``test_intake_resets``."""
    return sum(fault == "UIDVALIDITY" for _, (fault, _) in plan) < 5


def lived(make: Make, plan: Plan) -> tuple[dict[str, object], World, Life]:
    def arm(number: int) -> None:
        for at, (fault, operation) in plan:
            if at == number:
                world.arm(fault, operation)

    world = make()
    try:
        life = Life(world, arm=arm)
        return life.run(), world, life
    finally:
        world.close()


class Matrix:
    """Every fault at every operation of one kind of server; ``kind`` is that kind."""

    kind: type[World]
    calm: dict[str, object] | None = None

    @pytest.fixture
    def make(self) -> Make:
        return self.kind

    def wanted(self, make: Make) -> dict[str, object]:
        """The end without any fault."""
        cls = type(self)
        if cls.calm is None:
            cls.calm, _, _ = lived(make, ())
        assert cls.calm["letters"] == {"sent": 3}
        return cls.calm

    def test_after_each_fault_the_end_is_the_same_as_without_it(self, make: Make) -> None:
        wanted, missed = self.wanted(make), []
        every = cells(self.kind)
        for cell in every if PROVE else random.Random(20261127).sample(every, SOME):
            end, world, life = lived(make, [(0, cell), (1, cell)])
            assert end == wanted, (cell, life.errors)
            print(f"{world.name:6} {cell[0]:24} x {cell[1]:18} struck {world.struck}, same end")
            missed += [] if world.struck else [cell]
        assert missed == []

    def test_sequences_remembered_lead_to_the_same_end(self, make: Make) -> None:
        for plan in REMEMBERED[self.kind]:
            end, _, life = lived(make, plan)
            assert end == self.wanted(make), life.errors


@pytest.mark.dovecot
@pytest.mark.xdist_group("faults_imap")
class TestImapAndSmtp(Matrix):
    kind = ImapWorld

    @pytest.fixture(scope="class")
    @classmethod
    def server(cls) -> Iterator[Dovecot]:
        server = Dovecot()
        try:
            yield server.start()
        finally:
            server.remove()

    @pytest.fixture
    def make(self, server: Dovecot) -> Iterator[Make]:  # type: ignore[override]
        sink = SmtpSink().start()
        yield lambda: ImapWorld(server, sink)
        sink.stop()

    @SEQUENCE
    @given(plan=plans(ImapWorld))
    def test_any_sequence_of_faults_leads_to_the_same_end(self, make: Make, plan: Plan) -> None:
        end, _, life = lived(make, plan)
        assert end == self.wanted(make), life.errors


@pytest.mark.xdist_group("faults_ews")
class TestExchangeServer(Matrix):
    kind = EwsWorld

    @SEQUENCE
    @given(plan=plans(EwsWorld))
    def test_any_sequence_of_faults_leads_to_the_same_end(self, plan: Plan) -> None:
        end, _, life = lived(EwsWorld, plan)
        assert end == self.wanted(EwsWorld), life.errors


@pytest.mark.xdist_group("faults_graph")
class TestExchangeOnline(Matrix):
    kind = GraphWorld

    @SEQUENCE
    @given(plan=plans(GraphWorld))
    def test_any_sequence_of_faults_leads_to_the_same_end(self, plan: Plan) -> None:
        end, _, life = lived(GraphWorld, plan)
        assert end == self.wanted(GraphWorld), life.errors
