"""What a person types about referrals, mail of others and what is learned, and what they are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from daemon.__main__ import main
from daemon.decide.decision import Party
from daemon.jobs import learning
from daemon.rulefile.load import load
from daemon.rules.check import check
from daemon.store import reviews
from daemon.store.reviews import NewReview
from tests.jobs.letterhouse import House
from tests.jobs.test_digest_command import RULES
from tests.jobs.test_digest_command import home as home
from tests.jobs.test_referral import says_elsewhere

ROUTES = RULES + "routes: {survivor: {tell: [%s]}}\n"


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 0
    return capsys.readouterr().out


def test_a_referral_is_shown_accepted_and_its_chain_told(home: House, capsys: pytest.CaptureFixture[str]) -> None:
    home.notice(1, age=50)
    item = str(says_elsewhere(home, "HL-1", Party(domain="third.example")))
    shown = told(capsys, "review", "show", item)
    assert "Named instead, not in the register: third[.]example" in shown
    assert f"noticed review accept {item} --target ESP|DOMAIN" in shown
    assert "Passed on as HL-1-R1" in told(capsys, "review", "accept", item)
    chain = told(capsys, "notices", "show", "HL-1-R1")
    assert "  HL-1-R1" in chain
    assert "The first clock runs since" in chain
    links = json.loads(told(capsys, "notices", "show", "HL-1", "--json"))["chain"]
    assert [(one["number"], one["depth"]) for one in links] == [("HL-1", 0), ("HL-1-R1", 1)]
    assert links[0]["first_clock"] == links[1]["first_clock"]
    alone = home.notice(2)
    assert "Passed on" not in told(capsys, "notices", "show", "HL-2"), alone


def test_whom_nobody_named_is_asked_for_in_one_sentence(home: House, capsys: pytest.CaptureFixture[str]) -> None:
    home.notice(1, age=50)
    item = str(says_elsewhere(home, "HL-1"))
    assert main(["review", "accept", item]) == 1
    assert "names nobody: say to whom with --target" in capsys.readouterr().err
    assert main(["review", "accept", item, "--target", "nosuchesp"]) == 1
    assert 'no ESP "nosuchesp" in the register' in capsys.readouterr().err
    assert "HL-1-R1" in told(capsys, "review", "accept", item, "--target", "third.example")


def test_mail_of_others_is_answered_by_whoever_says_so(home: House, capsys: pytest.CaptureFixture[str]) -> None:
    with home.store.write() as conn:
        item = str(reviews.add(conn, NewReview("survivor", "review", proposal=[]), home.now))
    shown = told(capsys, "review", "show", item)
    assert "never a form letter" in shown
    assert "I answer it" in shown
    assert f"Item {item} accepted" in told(capsys, "review", "accept", item)


def test_what_is_learned_is_shown_for_people_and_programs(home: House, capsys: pytest.CaptureFixture[str]) -> None:
    home.notice(1, age=50)
    assert "Nothing is learned" in told(capsys, "learned", "host")
    learning.tick(home.store, home.now)
    shown = told(capsys, "learned", "host")
    assert "Removal: not known yet, 10 are needed (0 removed, 1 waiting)" in shown
    assert "First reminder: after 24 h, as in rules.yaml" in shown
    found = json.loads(told(capsys, "learned", "host", "--json"))
    assert (found["removal"]["waiting"], found["used"]) == (1, True)
    assert json.loads(told(capsys, "esps", "show", "host", "--json"))["learned"]["removal"]["waiting"] == 1
    assert main(["learned", "nosuchesp"]) == 1


@pytest.mark.parametrize(
    ("who", "codes"), [("anna", []), ("x@hotline.example", []), ("bert", ["R223"]), ("x@", ["R215"])]
)
def test_who_is_told_is_one_of_the_team_or_an_address(who: str, codes: list[str]) -> None:
    problems = check(ROUTES % who).problems
    assert [one.code for one in problems] == codes
    assert load(ROUTES % who).draft is not None


def test_the_doctor_says_who_is_told(home: House, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def line() -> str:
        main(["doctor"])
        return next(one for one in capsys.readouterr().out.splitlines() if "survivors' mail" in one)

    assert "nobody would be told of it" in line()
    (tmp_path / "rules.yaml").write_text(ROUTES % "anna")
    assert "1 person would be told at once" in line()
