"""The Graph backend keeps every promise of a mailbox, over a Graph of our own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.edges.graph_account import GraphAccount
from tests.edges.mailbox_promises import MailboxPromises
from tests.servers.graph_server import GraphServer


@pytest.fixture
def server() -> Iterator[GraphServer]:
    server = GraphServer()
    yield server
    server.stop()


class TestGraph(MailboxPromises):
    reads_large_mails = False

    @pytest.fixture
    def account(self, server: GraphServer) -> Any:
        server.keeps_message_id = True
        return GraphAccount(server)

    @pytest.fixture(autouse=True)
    def _always(self, server: GraphServer) -> Iterator[None]:
        """In every test: each request asked for immutable ids, none for a filter over messages."""
        yield
        assert all('IdType="ImmutableId"' in prefer for prefer in server.prefers)
        assert not any("$filter=" in one.replace("($filter=", "") for one in server.asked)
