"""Mail of others in fifteen languages by the shipped rules: whose it is, and that answers of ESPs are nobody else's."""

from __future__ import annotations

from functools import lru_cache

import pytest

from daemon.decide.decide import decide
from daemon.decide.decision import Decision
from daemon.decide.policy import Policy
from daemon.message.parse import parse
from daemon.notices.esp import Esp
from daemon.notices.match import Known
from tests.corpus.test_public import rules

POLICY = Policy(r"N-\d{4}", "mx.hotline.example", our_addresses=frozenset({"esp@hotline.example"}))
KNOWN = Known(esps=(Esp("host", "Host", frozenset({"host.example"}), frozenset({"abuse@host.example"})),))

OTHERS = {
    "survivor": """
I am the person in those pictures and I want to know what happens next.
I'm a survivor and I would like to speak to somebody.
My son is on one of these pages.
We are the parents of the girl you wrote about.
I am her mother.
I was a child when this was made; it is me.
Es geht um meine Tochter.
Ich bin die Betroffene und möchte mit jemandem sprechen.
Mein Sohn ist auf der Seite zu sehen.
Wir sind die Eltern des Kindes.
C'est de ma fille qu'il s'agit.
Je suis la personne sur ces photos.
Nous sommes les parents de l'enfant.
Soy la persona de las fotos.
Se trata de mi hijo.
Somos los padres de la niña.
Het gaat om mijn dochter.
Ik ben het slachtoffer.
Wij zijn de ouders van het kind.
Sou a pessoa nas fotos.
Trata-se da minha filha.
Somos os pais da criança.
Si tratta di mia figlia.
Sono la persona nelle foto.
Siamo i genitori della bambina.
Chodzi o moją córkę.
Jestem osobą ze zdjęć.
Jesteśmy rodzicami dziecka.
Речь идёт о моей дочери.
На фотографиях я.
Мы родители ребёнка.
Йдеться про мою доньку.
На фото я.
Ми батьки дитини.
Kızımla ilgili yazıyorum.
Fotoğraftaki kişi benim.
Çocuğun annesiyim.
照片里的人是我。
我是孩子的母亲。
写真に写っているのは私です。
私の娘のことです。
その子の母です。
사진 속 인물은 저입니다.
저는 아이의 엄마입니다.
أنا الشخص في الصور.
الأمر يتعلق بابنتي.
أنا والدة الطفلة.
""",
    "law_enforcement": """
I am a detective with the state police.
Please preserve the records; a production warrant is attached, signed by the public prosecutor.
I am a solicitor and write for my client.
Hier schreibt die Kriminalpolizei.
Als Rechtsanwalt vertrete ich die Geschädigte.
Ici la gendarmerie nationale.
Le procureur demande des renseignements.
Le escribe la Guardia Civil.
De politie vraagt om informatie.
Escreve a polícia judiciária.
Scrive la polizia postale.
Komenda Policji prosi o informacje.
Пишет следователь.
Пише слідчий.
Emniyet müdürlüğünden yazıyoruz.
我们是公安机关。
警察からの照会です。
경찰서에서 연락드립니다.
نكتب إليكم من الشرطة.
""",
    "access_request": """
This is a subject access request under Article 15 GDPR.
Ich verlange Auskunft nach Art. 15 DSGVO.
J'exerce mon droit d'accès à mes données.
Ejerzo mi derecho de acceso a mis datos.
Dit is een inzageverzoek.
Esercito il diritto di accesso.
""",
    "public_report": """
I would like to report a website.
Ich möchte eine Seite melden.
Je voudrais signaler un site.
Quiero denunciar una página.
Ik wil een website melden.
Quero denunciar um site.
Vorrei segnalare un sito.
Chciałabym zgłosić stronę.
Хочу пожаловаться на сайт.
Хочу повідомити про сайт.
Bir siteyi şikayet etmek istiyorum.
我想举报一个网站。
サイトを通報したいです。
사이트를 신고하고 싶습니다.
أريد الإبلاغ عن موقع.
""",
    "press": """
I am a reporter and would like to ask about your work.
Ich bin Journalist und schreibe über Ihre Arbeit.
Je suis journaliste.
Soy periodista.
Ik ben journalist.
Sou jornalista.
Sono una giornalista.
Jestem dziennikarzem.
Я журналистка.
Я журналіст.
Gazeteciyim.
我是记者。
取材をお願いします。
기자입니다.
أنا صحفي.
""",
}
ROWS = [(route, text) for route, texts in OTHERS.items() for text in texts.strip().splitlines()]
ANSWERS = """
The page has been removed.
Wir haben Ihren Hinweis erhalten und prüfen ihn.
Le contenu a été supprimé.
El archivo ha sido eliminado.
We are not the host; please contact the registrar.
Our abuse desk has received your report.
De pagina is verwijderd.
Страница удалена.
该页面已删除。
ページを削除しました。
""".strip().splitlines()


@lru_cache(maxsize=4096)
def judged(text: str, sender: str) -> Decision:
    domain = sender.rpartition("@")[2]
    raw = (
        f"Received: from x by mx.hotline.example; Tue, 13 Oct 2026 09:00:00 +0000\n"
        f"Authentication-Results: mx.hotline.example; dmarc=pass header.from={domain}\n"
        f"From: {sender}\nTo: esp@hotline.example\nDate: Tue, 13 Oct 2026 09:00:00 +0000\n"
        f"Subject: (none)\nMessage-ID: <1@{domain}>\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    )
    return decide(parse(raw.encode()), KNOWN, rules(), POLICY)


@pytest.mark.parametrize(("route", "text"), ROWS)
def test_mail_of_others_is_told_from_its_words(route: str, text: str) -> None:
    one = judged(text, "someone@mail.test")
    assert (one.route, one.routed, one.category) == (route, True, "other")


@pytest.mark.parametrize("text", ANSWERS)
@pytest.mark.parametrize("sender", ["abuse@host.example", "someone@mail.test"])
def test_an_answer_of_an_esp_is_nobody_elses(text: str, sender: str) -> None:
    assert judged(text, sender).route is None


@pytest.mark.parametrize(("route", "text"), ROWS[::7])
def test_from_an_esp_the_same_words_are_shown_and_not_routed(route: str, text: str) -> None:
    one = judged(text, "abuse@host.example")
    assert (one.routed, one.needs_human, route in one.reasons) == (False, True, True)
