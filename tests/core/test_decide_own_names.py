"""What a sender calls itself is told by its address, its display name and where it signs, never by what it says."""

from __future__ import annotations

from daemon.decide.own_names import own_names
from daemon.message.own_text import label
from daemon.message.parse import parse
from daemon.notices.esp import Esp

ESP = Esp("ostgate", "Ostgate Hosting GmbH")


def names(body: str, sender: str = "abuse@mail.host.example", esp: Esp | None = None) -> frozenset[str]:
    message = parse(f"From: {sender}\nContent-Type: text/plain\n\n{body}".encode())
    return own_names(message, label(message.lines, None), esp)


def test_a_sender_goes_by_its_domain_its_display_name_and_the_name_in_the_register() -> None:
    assert {"mail", "host"} <= names("Done.")
    assert "pixmoor" in names("Done.", "Pixmoor Abuse Desk <abuse@mail.host.example>")
    assert "ostgate" in names("Done.", esp=ESP)


def test_a_sender_goes_by_what_it_signs_with() -> None:
    assert "pixmoor" in names("The file was deleted.\n\nRegards\nPixmoor Safety")
    assert "pixmoor" in names("The file was deleted.\n\n-- \nPixmoor Limited, 1 High Street")


def test_what_a_mail_says_gives_no_name() -> None:
    assert "pixmoor" not in names("The file was deleted from Pixmoor.")
    assert "pixmoor" not in names("Done.\n\nRemoved from Pixmoor")
    assert "pixmoor" not in names("Pixmoor: done.\nAll is said.\n\nStored at: Pixmoor\n\nOstgate")
    assert "pixmoor" not in names(
        "Dear hotline,\nwe are done, as we told you in the last days.\nPixmoor customers can stay."
    )
