"""Settings: every problem is told at once, in one sentence each, and no secret is shown."""

from pathlib import Path

import pytest

from daemon.config.load import load
from daemon.errors import ConfigError

GOOD = """
[[mailbox]]
name = "notices"
kind = "maildir"
path = "box"
address = "notices@hotline.example"
authserv_id = "mx.hotline.example"

[notice]
number_format = 'HLN-20\\d\\d-\\d{6}'

[database]
url = "sqlite:///noticed.db"

[keys]
message_key = "0123456789abcdef"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "noticed.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path: Path, text: str, env: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, text), env or {})
    return caught.value.problems


def test_a_small_file_is_enough(tmp_path: Path):
    settings = load(written(tmp_path, GOOD), {}).settings
    assert settings.mailboxes[0].common.name == "notices"
    assert settings.paths.rules == tmp_path / "rules.yaml"


def test_every_problem_is_told_at_once(tmp_path: Path):
    text = (
        GOOD.replace("number_format", "number_fromat")
        .replace('kind = "maildir"', 'kind = "imapp"')
        .replace("[keys]", "[keis]")
    )
    found = problems(tmp_path, text)
    assert any('"number_format"' in one for one in found)
    assert any('"imap"' in one for one in found)
    assert any('"keys"' in one for one in found)


def test_a_missing_file_names_the_command_that_makes_one(tmp_path: Path):
    with pytest.raises(ConfigError, match="noticed init"):
        load(tmp_path / "none.toml", {})


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("[notice]", "[notice", "TOML"),
        ('"sqlite:///noticed.db"', "5", "text in quotes"),
        ("'HLN-20\\d\\d-\\d{6}'", "'HLN-('", "regular expression"),
        ("0123456789abcdef", "short", "too short"),
        ("notices@hotline.example", "nobody", "e-mail address"),
        ('authserv_id = "mx.hotline.example"', "", "Authentication-Results"),
        ("[[mailbox]]", "[mailbox]", "[[mailbox]]"),
        ("[database]", '[time]\nzone = "Europe/Nowhere"\n[database]', "time zone"),
    ],
)
def test_a_wrong_value_is_told_in_one_sentence(tmp_path: Path, old: str, new: str, word: str):
    assert old in GOOD
    found = problems(tmp_path, GOOD.replace(old, new))
    assert any(word in one for one in found), found


def test_the_environment_and_files_give_secrets_and_show_them_as_stars(tmp_path: Path):
    (tmp_path / "key").write_text("file-secret-0123456789\n")
    text = GOOD.replace('message_key = "0123456789abcdef"', 'message_key_file = "key"')
    loaded = load(
        written(tmp_path, text), {"NOTICED_DATABASE_URL": "sqlite:///other.db", "NOTICED_KEYS_BODY_KEY": "env-secret"}
    )
    assert loaded.settings.keys.message_key == "file-secret-0123456789"
    assert loaded.settings.database_url == f"sqlite:///{tmp_path}/other.db"  # beside the settings
    shown = " ".join(f"{one.key} {one.value} {one.source}" for one in loaded.origins)
    assert "environment NOTICED_DATABASE_URL" in shown
    assert "secret" not in shown.replace("message_key", "").replace("body_key", "")
    assert "secret" not in repr(loaded.settings)


def test_a_kind_from_the_environment_is_judged_like_one_in_the_file(tmp_path: Path):
    kind = "NOTICED_MAILBOX_NOTICES_KIND"
    (told,) = problems(tmp_path, GOOD, {kind: "pop3"})
    assert "mailbox.notices.kind: must be one of ews, graph, imap, maildir" in told
    loaded = load(written(tmp_path, GOOD.replace('"maildir"', '"imap"')), {kind: "maildir"})
    assert type(loaded.settings.mailboxes[0].backend).__name__ == "MaildirSettings"


def test_an_unreadable_secret_file_is_told(tmp_path: Path):
    text = GOOD.replace('message_key = "0123456789abcdef"', 'message_key_file = "gone"')
    (problem,) = problems(tmp_path, text)
    assert "cannot be read" in problem


def test_two_mailboxes_may_not_share_a_name(tmp_path: Path):
    box = GOOD[GOOD.index("[[mailbox]]") : GOOD.index("[notice]")]
    assert any("two mailboxes" in one for one in problems(tmp_path, box + GOOD))


OAUTH = """
[mailbox.oauth]
provider = "microsoft"
tenant = "hotline.example"
client_id = "app"
client_secret = "a secret"
"""
IMAP = GOOD.replace(
    'kind = "maildir"\npath = "box"', 'kind = "imap"\nhost = "mx.hotline.example"\nuser = "u"\nauth = "xoauth2"'
)
SIGNED_IN = IMAP.replace("[notice]", OAUTH + "\n[notice]")


def test_a_table_within_a_table_is_filled_with_secrets_from_files(tmp_path: Path):
    (tmp_path / "key").write_text("from a file\n")
    text = SIGNED_IN.replace('client_secret = "a secret"', 'client_secret_file = "key"')
    loaded = load(written(tmp_path, text), {"NOTICED_MAILBOX_NOTICES_OAUTH_TENANT": "other.example"})
    oauth = loaded.settings.mailboxes[0].backend.oauth
    assert (oauth.provider, oauth.tenant, oauth.client_secret) == ("microsoft", "other.example", "from a file")
    shown = {one.key: one.value for one in loaded.origins}
    assert shown["mailbox.notices.oauth.client_secret"] == "***"
    assert "from a file" not in repr(loaded.settings)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('provider = "microsoft"', 'provider = "micosoft"', '"microsoft", "google"'),
        ('provider = "microsoft"', "", "oauth.provider: is missing"),
        ('tenant = "hotline.example"', "", "oauth.tenant: is missing"),
        ('client_id = "app"', "", "oauth.client_id: is missing"),
        ('client_secret = "a secret"', "", "one of client_secret, certificate_key, refresh_token"),
        ('client_secret = "a secret"', 'client_secret = "a"\ncertificate_key = "b"', "the one way in"),
        ('client_secret = "a secret"', 'client_secert = "a"', 'did you mean "client_secret"'),
        ('client_id = "app"', 'client_id = "app"\nlogin = "http://login.example"', "https://"),
        ('provider = "microsoft"', 'provider = "google"', "one of refresh_token, service_account_key"),
        ('auth = "xoauth2"', 'auth = "xoauth"', '"xoauth2"'),
        ('auth = "xoauth2"', "", "where an oauth table is given"),
        (OAUTH, "", "needs an oauth table"),
        ("[mailbox.oauth]", "[mailbox.oauht]", 'did you mean "oauth"'),
    ],
)
def test_a_slip_in_signing_in_is_told_in_one_sentence(tmp_path: Path, old: str, new: str, word: str):
    assert old in SIGNED_IN
    found = problems(tmp_path, SIGNED_IN.replace(old, new))
    assert any(word in one for one in found), found


def test_a_table_within_a_table_takes_only_the_credentials_that_it_names(tmp_path: Path):
    given = tmp_path / "given"
    given.mkdir()
    for name in ("client_secret", "certificate_key"):
        (given / f"mailbox.notices.oauth.{name}").write_text("by systemd\n")
    text = SIGNED_IN.replace('client_secret = "a secret"', 'certificate_key_file = "/root/only"')
    loaded = load(written(tmp_path, text), {"CREDENTIALS_DIRECTORY": str(given)})
    oauth = loaded.settings.mailboxes[0].backend.oauth
    assert (oauth.client_secret, oauth.certificate_key) == ("", "by systemd")
