"""Access tokens: every way to sign in, refreshed early, told in one sentence when refused, and never shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.accounts.oauth import OAuthSettings
from daemon.accounts.tokens import Given, Tokens, Use, source
from daemon.errors import ConfigError, TransientError
from daemon.mailbox.graph import GraphMailbox, GraphSettings
from tests.canary import caged, described
from tests.servers.certificates import Authority
from tests.servers.sign_in import CLIENT, REFRESH, SECRET, TENANT, SignIn, certified, rsa_pem
from tests.servers.web import Told

USER = "box@hotline.example"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def server(authority: Authority) -> Iterator[SignIn]:
    server = SignIn(authority)
    yield server
    server.stop()


@pytest.fixture
def microsoft(server: SignIn) -> OAuthSettings:
    """The application for itself, by a secret."""
    ca = server.authority.ca_file
    return OAuthSettings("microsoft", TENANT, CLIENT, client_secret=SECRET, login=server.url, ca_file=ca)


@pytest.fixture
def person(microsoft: OAuthSettings, tmp_path: Path) -> OAuthSettings:
    return replace(microsoft, client_secret="", refresh_token=REFRESH, keep_at=tmp_path / "kept")


def tokens(settings: OAuthSettings, use: Use = Use.IMAP) -> Tokens:
    return source(settings, use, USER, "mailbox box", "https://graph.example" if use is Use.GRAPH else "")


# the ways in


def test_the_application_signs_in_by_its_secret(microsoft: OAuthSettings, server: SignIn) -> None:
    assert tokens(microsoft)() == server.given[-1]
    assert server.forms[-1]["scope"] == "https://outlook.office365.com/.default"
    tokens(microsoft, Use.GRAPH)()
    assert server.forms[-1]["scope"] == "https://graph.example/.default"


def test_the_application_signs_in_by_its_certificate(microsoft: OAuthSettings, server: SignIn) -> None:
    key, pem = certified()
    server.certificate = key.public_key()
    assert tokens(replace(microsoft, client_secret="", certificate_key=pem))() == server.given[-1]
    assert "client_secret" not in server.forms[-1]


def test_a_certificate_without_its_key_is_told(microsoft: OAuthSettings) -> None:
    _, pem = rsa_pem()
    for half in (pem, "nothing"):
        with pytest.raises(ConfigError, match="both the private key and the certificate"):
            tokens(replace(microsoft, client_secret="", certificate_key=half))


@pytest.mark.parametrize(
    ("use", "scope"),
    [
        (Use.IMAP, "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"),
        (Use.SMTP, "https://outlook.office.com/SMTP.Send offline_access"),
        (Use.EWS, "https://outlook.office.com/EWS.AccessAsUser.All offline_access"),
        (
            Use.GRAPH,
            "https://graph.example/Mail.ReadWrite https://graph.example/Mail.Send https://graph.example/MailboxSettings.ReadWrite offline_access",
        ),
    ],
)
def test_a_person_signed_in_once(person: OAuthSettings, server: SignIn, use: Use, scope: str) -> None:
    assert tokens(person, use)() == server.given[-1]
    assert server.forms[-1]["scope"] == scope


def test_a_new_refresh_token_is_kept_and_used_after_a_restart(person: OAuthSettings, server: SignIn) -> None:
    tokens(person)()
    tokens(person)()
    assert [form["refresh_token"] for form in server.forms] == [REFRESH, "refresh-1-a07"]
    assert person.keep_at is not None
    assert person.keep_at.stat().st_mode & 0o077 == 0


def test_a_refresh_token_given_anew_goes_before_the_kept_one(person: OAuthSettings, server: SignIn) -> None:
    tokens(person)()
    server.refresh = "refresh-by-hand"
    tokens(replace(person, refresh_token="refresh-by-hand"))()
    assert server.forms[-1]["refresh_token"] == "refresh-by-hand"


def test_a_kept_file_that_cannot_be_written_is_told(person: OAuthSettings, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="keep_at"):
        tokens(replace(person, keep_at=tmp_path / "nowhere" / "kept"))()


def test_google_refreshes(microsoft: OAuthSettings, server: SignIn) -> None:
    server.rotates = False
    google = replace(microsoft, provider="google", tenant="", refresh_token=REFRESH)
    assert tokens(google)() == server.given[-1]
    assert (server.forms[-1]["grant_type"], server.forms[-1]["client_secret"]) == ("refresh_token", SECRET)


def test_a_service_account_of_google_speaks_for_the_user(microsoft: OAuthSettings, server: SignIn) -> None:
    key, pem = rsa_pem()
    server.account = key.public_key()
    file = json.dumps({"client_email": "noticed@project.example", "private_key": pem, "private_key_id": "k1"})
    google = OAuthSettings("google", service_account_key=file, login=server.url, ca_file=microsoft.ca_file)
    assert tokens(google)() == server.given[-1]
    for broken in ("no json", "{}", file.replace("BEGIN", "BEGUN")):
        with pytest.raises(ConfigError, match="service_account_key"):
            tokens(replace(google, service_account_key=broken))()


# how long a token is used


def test_a_token_is_used_until_a_while_before_its_end() -> None:
    given, now = [Given("a", 3600), Given("b", 3600)], 0.0
    found = Tokens(lambda: given.pop(0), lambda: now)
    assert found() == "a"
    now = 3299
    assert found() == "a"
    now = 3301
    assert found() == "b"


def test_a_sign_in_server_that_is_away_costs_nothing_while_the_token_is_good() -> None:
    answers: list[Given | TransientError] = [Given("a", 600), TransientError("away"), TransientError("away")]
    now = 0.0

    def ask() -> Given:
        found = answers.pop(0)
        if isinstance(found, TransientError):
            raise found
        return found

    found = Tokens(ask, lambda: now)
    assert found() == "a"
    now = 590
    assert found() == "a"
    now = 601
    with pytest.raises(TransientError):
        found()


def test_a_token_that_a_server_refused_is_never_given_again(microsoft: OAuthSettings, server: SignIn) -> None:
    found = tokens(microsoft)
    first = found()
    found.forget("another")
    assert found() == first
    found.forget(first)
    assert found() != first
    assert len(server.forms) == 2


# refusals


@pytest.mark.parametrize(
    ("error", "number", "says"),
    [
        ("invalid_client", 7000215, "client_secret"),
        ("unauthorized_client", 700016, "may not sign in this way"),
        ("invalid_scope", 70011, "permission"),
        ("invalid_request", 900144, "tenant"),
        ("what_is_this", 1, "refused"),
    ],
)
def test_a_refusal_is_a_matter_for_an_administrator(
    microsoft: OAuthSettings, server: SignIn, error: str, number: int, says: str
) -> None:
    server.next = [server.refusal(error, number, 401)]
    with pytest.raises(ConfigError, match=says) as raised:
        tokens(microsoft)()
    assert f"AADSTS{number}" in str(raised.value)
    assert "reporter" not in described(raised.value)


def test_a_tenant_that_nobody_knows_is_told(microsoft: OAuthSettings) -> None:
    with pytest.raises(ConfigError, match="tenant"):
        tokens(replace(microsoft, tenant="other.example"))()


def test_a_refresh_token_that_ended_says_to_sign_in_again(person: OAuthSettings, server: SignIn) -> None:
    server.refresh = "another"
    with pytest.raises(ConfigError, match="sign in again"):
        tokens(person)()


@pytest.mark.parametrize("kind", ["microsoft", "person"])
@pytest.mark.parametrize(
    "told",
    [
        Told(503, headers={"Retry-After": "7"}),
        Told(429, b"{}", {"Retry-After": "7"}),
        Told(500, b"<html>"),
        Told(200, b"<html>"),
        Told(200, b"[]"),
        Told(how="cut"),
        Told.of({"error": "temporarily_unavailable"}, 400),
    ],
    ids=["503", "429", "500", "html", "list", "cut", "not_now"],
)
def test_a_sign_in_server_in_trouble_is_tried_later(
    request: pytest.FixtureRequest, server: SignIn, kind: str, told: Told
) -> None:
    settings: OAuthSettings = request.getfixturevalue(kind)
    server.next = [told]
    with pytest.raises(TransientError) as raised:
        tokens(settings)()
    if "Retry-After" in told.headers:
        assert raised.value.retry_after == 7.0


def test_a_certificate_that_nobody_vouches_for_is_told(microsoft: OAuthSettings) -> None:
    with pytest.raises(ConfigError, match="certificate"):
        tokens(replace(microsoft, ca_file=None))()


def test_a_package_that_is_missing_is_told(microsoft: OAuthSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msal", None)
    monkeypatch.delitem(sys.modules, "daemon.accounts._microsoft", raising=False)
    monkeypatch.delattr("daemon.accounts._microsoft", raising=False)
    with pytest.raises(ConfigError, match="needs the package msal"):
        tokens(microsoft)
    monkeypatch.setitem(sys.modules, "httpx", None)
    for name in ("daemon.accounts.graph_http", "daemon.accounts.http", "daemon.mailbox._graph_session"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(ConfigError, match="needs httpx"):
        GraphMailbox(GraphSettings("box", USER, token=lambda: "x")).open()


def test_no_secret_is_shown_or_logged(microsoft: OAuthSettings, person: OAuthSettings, server: SignIn) -> None:
    secrets = (SECRET, REFRESH, "a07")
    with caged() as cage:
        for settings in (microsoft, person):
            assert not any(secret in repr(settings) for secret in secrets)
            tokens(settings)()
        server.next = [server.refusal("invalid_grant", 70008), Told(200, SECRET.encode()), Told(500, SECRET.encode())]
        for _ in range(3):
            with pytest.raises((ConfigError, TransientError)) as raised:
                tokens(microsoft)()
            assert not any(secret in described(raised.value) for secret in (*secrets, "reporter"))
    assert cage.heard(*secrets, *server.given, "reporter") == []
    assert not any(token in repr(Given(token, 1)) for token in server.given)
