"""One fault at one operation, tried at each: in the end everything is as if the fault had never been."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.counts import PROVE, count
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.system.faults import ImapWorld, Life, World

pytestmark = [pytest.mark.dovecot, pytest.mark.system, pytest.mark.xdist_group("faults")]
SEQUENCES = count(test=3, prove=1000)
SOME = 6  # cells of the matrix that are tried in every run
Make = Callable[[], World]


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    server = Dovecot()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def make(server: Dovecot) -> Iterator[Make]:
    sink = SmtpSink().start()
    yield lambda: ImapWorld(server, sink)
    sink.stop()


def lived(make: Make, arm: Callable[[World, int], None]) -> tuple[dict[str, object], World, Life]:
    world = make()
    try:
        life = Life(world, arm=lambda number: arm(world, number))
        return life.run(), world, life
    finally:
        world.close()


def _twice(fault: str, operation: str) -> Callable[[World, int], None]:
    return lambda world, number: world.arm(fault, operation) if number < 2 else None


def cells(world: type[ImapWorld]) -> list[tuple[str, str]]:
    found = [(fault, operation) for fault, operations in world.faults.items() for operation in operations]
    return found if PROVE else random.Random(20261127).sample(found, SOME)


def test_after_each_fault_the_end_is_the_same_as_without_it(make: Make) -> None:
    calm, _, _ = lived(make, lambda world, number: None)
    assert calm["letters"] == {"sent": 3}
    struck: Counter[tuple[str, str]] = Counter()
    for fault, operation in cells(ImapWorld):
        end, world, life = lived(make, _twice(fault, operation))
        assert end == calm, (fault, operation, life.errors)
        struck[fault, operation] += world.struck
    for (fault, operation), times in sorted(struck.items()):
        print(f"{fault:16} x {operation:8} struck {times}, same end")
    assert all(struck.values()), [cell for cell, times in struck.items() if not times]


def test_any_sequence_of_faults_leads_to_the_same_end(make: Make) -> None:
    calm, _, _ = lived(make, lambda world, number: None)
    chance = random.Random(20261128)
    every = [(fault, operation) for fault, operations in ImapWorld.faults.items() for operation in operations]
    slow = {"half-open", "restart"}
    for _ in range(SEQUENCES):
        plan = [(chance.randrange(4), *chance.choice(every)) for _ in range(chance.randint(2, 6))]
        plan = [one for one in plan if one[1] not in slow or chance.random() < 0.1]

        def arm(world: World, number: int, plan: list[tuple[int, str, str]] = plan) -> None:
            for at, fault, operation in plan:
                if at == number:
                    world.arm(fault, operation)

        end, _, life = lived(make, arm)
        assert end == calm, (plan, life.errors)
