"""What another is quoted to have said closes nothing, and what is said to be there still takes a removal back."""

from __future__ import annotations

import pytest

from daemon.message.message import Sentence
from daemon.rules import specimen
from daemon.rules.fold import fold
from daemon.rules.judge import judge
from daemon.rules.mail import MailFacts
from daemon.rules.others import quoted
from daemon.rules.verdict import CLOSING
from tests.core.rulebook import URL, closes, judged, shipped

INTRODUCED = {
    "en": ("Our customer writes:", "We deleted the file."),
    "de": ("Unser Kunde schreibt uns:", "Wir haben die Datei gelöscht."),
    "fr": ("Réponse de notre client :", "Nous avons supprimé le fichier."),
    "es": ("Respuesta de nuestro cliente:", "Hemos eliminado el archivo."),
    "nl": ("Antwoord van onze klant:", "Wij hebben het bestand verwijderd."),
    "pt": ("Resposta do nosso cliente:", "Removemos o arquivo."),
    "it": ("Risposta del nostro cliente:", "Abbiamo rimosso il file."),
    "pl": ("Odpowiedź naszego klienta:", "Usunęliśmy plik."),
    "ru": ("Ответ нашего клиента:", "Мы удалили файл."),
    "zh": ("客户回复如下:", "文件已删除。"),
    "ja": ("お客様からの回答は以下のとおりです。", "ファイルを削除しました。"),
}
SUSPENDED = (
    "Das Konto wurde gesperrt.",
    "L'utilisateur a été banni.",
    "La cuenta ha sido bloqueada.",
    "De gebruiker is geblokkeerd.",
    "O usuário foi banido.",
    "L'utente è stato bloccato.",
    "Użytkownik został zablokowany.",
    "Kullanıcı engellendi.",
    "该用户已被封禁。",
    "Kontot har stängts av.",
)
PRESENT = (
    "We deleted the page. The file is reachable by its direct link.",
    "Wir haben die Seite gelöscht. Das Bild ist dort per IP abrufbar.",
    "Nous avons supprimé la page. L'image est encore accessible.",
    "Hemos eliminado la página. El archivo está en línea.",
    "Filen har tagits bort. Bilden är tillgänglig.",
)
ABSENT = (
    "We deleted the page. It is not reachable any more.",
    "We deleted the page. Contact us if the file is reachable somewhere.",
    "We deleted the page. Our team is reachable by telephone.",
    "Wir haben die Seite gelöscht. Sie ist nicht mehr abrufbar.",
    "Wir haben die Seite gelöscht. Wir sind telefonisch erreichbar.",
    "Nous avons supprimé la page. Elle n'est plus accessible.",
)


def spans(*texts: str) -> list[list[str]]:
    found = quoted([Sentence(number, text) for number, text in enumerate(texts)])
    return [[fold(text)[a:b].strip() for a, b in found.get(number, [])] for number, text in enumerate(texts)]


@pytest.mark.parametrize("language", INTRODUCED)
def test_what_follows_an_introduction_is_said_by_another(language: str) -> None:
    lead, answer = INTRODUCED[language]
    assert closes(answer)
    assert not closes(f"{lead}\n\n{answer}")


def test_words_in_quotation_marks_are_anothers() -> None:
    for quotation in ('"We have removed the page."', "“We have removed the page.”", "„We have removed the page.“"):
        assert not closes(f"FYI: {quotation}")
        assert not closes(f"Hello. {quotation[:-1]} It was old.{quotation[-1]}")


def test_a_name_or_a_status_in_quotation_marks_is_nobodys_speech() -> None:
    assert closes('We deleted the file "my holidays.jpg".')
    assert closes('The page was "deleted".')


def test_a_quotation_may_reach_over_sentences_and_must_end() -> None:
    assert spans('He says "I took', 'all of it down."') == [["i took"], ["all of it down ."]]
    assert spans('The 5" disk was wiped', "and deleted today") == [[], []]
    assert spans('An "open mark', *["and more"] * 9, 'an end" here') == [[]] * 11


@pytest.mark.parametrize("text", SUSPENDED)
def test_a_suspended_account_is_a_partial_measure_in_every_language(text: str) -> None:
    assert not closes(text)
    assert [verdict.meaning for verdict in judged(text).urls.values()] == ["partial"]


@pytest.mark.parametrize("text", PRESENT)
def test_what_is_said_to_be_there_takes_a_removal_back(text: str) -> None:
    assert not closes(text)


@pytest.mark.parametrize("text", ABSENT)
def test_what_is_denied_asked_or_said_of_somebody_takes_nothing_back(text: str) -> None:
    assert closes(text)


@pytest.mark.parametrize(
    "text",
    [
        "The uploader removed his name from the page.",
        "Der Kunde hat das Impressum von der Seite entfernt.",
        "Le client a juste retiré ses mentions légales de la page.",
        "Il cliente ha tolto il suo nome dalla pagina.",
        "Клиент удалил своё имя со страницы.",
    ],
)
def test_what_somebody_removed_must_be_named_the_place_will_not_do(text: str) -> None:
    assert not closes(text)


def test_a_file_that_the_uploader_removed_is_gone() -> None:
    assert closes("The uploader had already removed the file.")
    assert closes("Le client a retiré le fichier.")
    assert closes("Elle a déjà été supprimée par son auteur.")


@pytest.mark.parametrize(
    "place",
    [
        "our servers",
        "the web",
        "all of our systems",
        "the customer's webspace",
        "the CDN and the origin",
    ],
)
def test_a_removal_from_a_known_place_closes(place: str) -> None:
    assert closes(f"We have removed the file from {place}.")


@pytest.mark.parametrize("said", ["We have removed the file from Pixmoor.", "The post was deleted from Pixmoor."])
def test_a_removal_from_the_sender_by_its_own_name_closes_and_from_another_s_does_not(said: str) -> None:
    own = MailFacts(sender="abuse@host.example", own_names=frozenset({"pixmoor"}))
    sentences = specimen.body(said, "", (URL,))
    assert judge(shipped(), sentences, (URL,), own).urls[URL].meaning in CLOSING
    assert judge(shipped(), sentences, (URL,), MailFacts(sender="abuse@pixmoor.example")).urls[URL].meaning in CLOSING
    assert not closes(said)


@pytest.mark.parametrize(
    "place",
    [
        "quarantine",
        "our database of dead links",
        "my side of the chat",
        "the weekly summary",
        "Google",
        "Facebook",
        "Monday",
    ],
)
def test_a_removal_from_any_other_place_closes_nothing(place: str) -> None:
    assert not closes(f"We have removed the file from {place}.")


def test_what_was_said_is_hearsay_when_it_is_told_afterwards() -> None:
    assert not closes("It is removed. That is what our customer told us.")


def test_can_be_reached_until_is_presence_and_if_reachable_is_none() -> None:
    assert not closes("The page was deleted. The file can be reached until Friday.")
    assert closes("The page was deleted. Write to us if the file can be reached.")


def test_the_longer_words_count_where_one_looks_harmless() -> None:
    assert not closes("The file was deleted. He has uploaded it once more.")
    assert closes("The file was deleted. Thank you once more.")
