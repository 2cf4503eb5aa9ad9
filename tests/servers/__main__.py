"""Runs the EWS server for a client of another language until Enter is pressed; then says what the schemas found."""

from __future__ import annotations

import sys

from tests.servers.ews_schema import MISSING, is_there
from tests.servers.ews_server import PASSWORD, USER, EwsServer

MAIL = "Message-ID: <m{0}@esp.example>\r\nFrom: desk@esp.example\r\nSubject: Case {0}\r\n\r\nIt was removed.\r\n"


def main() -> int:
    server = EwsServer().start()
    for number in range(3):
        server.store.add(server.store.at("INBOX").id, MAIL.format(number).encode())
    print(f"http://127.0.0.1:{server.port}/EWS/Exchange.asmx  {USER}  {PASSWORD}  {server.store.address}", flush=True)
    sys.stdin.readline()
    server.stop()
    for folder in server.store.folders.values():
        print(f"{folder.name}: {len(server.store.of(folder.id))}")
    print(f"left the house: {len(server.store.outgoing)}")
    print(f"asked: {', '.join(server.exchange.asked)}")
    print("\n".join(server.slips) or ("no schema violation" if is_there() else MISSING))
    return len(server.slips)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
