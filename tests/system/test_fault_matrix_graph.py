"""One fault at one operation of Exchange Online: in the end everything is as if the fault had never been."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.system.faults import World
from tests.system.faults_graph import GraphWorld
from tests.system.test_fault_matrix import SEQUENCES, _twice, cells, lived

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("faults_graph")]
SLOW = {"half-open", "half-open after"}


def test_after_each_fault_the_end_is_the_same_as_without_it() -> None:
    calm, _, _ = lived(GraphWorld, lambda world, number: None)
    assert calm["letters"] == {"sent": 3}
    struck: Counter[tuple[str, str]] = Counter()
    for fault, operation in cells(GraphWorld):  # type: ignore[arg-type]
        end, world, life = lived(GraphWorld, _twice(fault, operation))
        assert end == calm, (fault, operation, life.errors)
        struck[fault, operation] += world.struck
    for (fault, operation), times in sorted(struck.items()):
        print(f"{fault:24} x {operation:10} struck {times}, same end")
    assert all(struck.values()), [cell for cell, times in struck.items() if not times]


def test_any_sequence_of_faults_leads_to_the_same_end() -> None:
    calm, _, _ = lived(GraphWorld, lambda world, number: None)
    chance = random.Random(20261130)
    every = [(fault, operation) for fault, operations in GraphWorld.faults.items() for operation in operations]
    for _ in range(SEQUENCES):
        plan = [(chance.randrange(4), *chance.choice(every)) for _ in range(chance.randint(2, 6))]
        plan = [one for one in plan if one[1] not in SLOW or chance.random() < 0.1]

        def arm(world: World, number: int, plan: list[tuple[int, str, str]] = plan) -> None:
            for at, fault, operation in plan:
                if at == number:
                    world.arm(fault, operation)

        end, _, life = lived(GraphWorld, arm)
        assert end == calm, (plan, life.errors)
