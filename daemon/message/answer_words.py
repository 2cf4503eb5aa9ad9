# ruff: noqa: E501 - word lists read best as words on long lines
"""The words that an answer in one line may begin with; what they mean is said by rules.yaml (the rules "answer-...")."""

from __future__ import annotations

import unicodedata

_TEXT = """
    removed|deleted|taken down|disabled|already gone|already removed|not ours|not hosted here|not hosted by us|in progress|pending|refused|rejected|declined|info needed|more info needed|more information needed
    entfernt|gelöscht|bereits weg|bereits entfernt|bereits gelöscht|nicht bei uns|nicht bei uns gehostet|in arbeit|in bearbeitung|abgelehnt|rückfrage
    retiré|retirés|supprimé|supprimés|n'existe plus|déjà retiré|déjà supprimé|pas chez nous|en cours|refusé|précisions requises
    retirado|retirados|eliminado|eliminados|borrado|ya no existe|no es nuestro|no son nuestros|en curso|rechazado|faltan datos
    verwijderd|bestaat niet meer|al weg|niet bij ons|in behandeling|geweigerd|info nodig
    removido|removidos|apagado|já não existe|não existe mais|não é nosso|em curso|recusado|faltam dados
    rimosso|rimossi|eliminato|non esiste più|non è nostro|in corso|rifiutato|servono dati
    usunięto|usunięte|już nie istnieje|nie u nas|w toku|odmowa|brak danych
    удалено|удалены|уже отсутствует|не у нас|в работе|отказ|отказано|нужны данные
    видалено|вже відсутнє|не у нас|в роботі|відмова|відмовлено|потрібні дані
    kaldırıldı|silindi|zaten kaldırılmış|bizde değil|işlemde|reddedildi|bilgi gerekli
    已删除|已移除|早已不存在|不在我方|处理中|拒绝处理|需要补充信息
    削除済み|削除しました|既に存在せず|当社管理外|対応中|対応不可|情報不足
    삭제 완료|삭제됨|이미 없음|당사 아님|처리 중|처리 불가|정보 필요
    تمت الإزالة|تم الحذف|لم يعد موجودا|ليس لدينا|قيد المعالجة|مرفوض|نحتاج معلومات
"""

_GREETINGS = """
    dear hello hi good greetings team hallo guten sehr liebe lieber moin servus bonjour bonsoir madame monsieur cher chère hola buenos buenas
    estimado estimada estimados estimadas beste geachte dag goedemorgen goedemiddag olá ola prezado prezada prezados caro cara caros bom boa exmos
    gentile gentili egregio spettabile buongiorno salve szanowni szanowny dzień witam здравствуйте уважаемые уважаемый добрый коллеги
    шановні шановний вітаю доброго sayın merhaba selam 您好 你好 尊敬的 お世話になっております。 안녕하세요 안녕하십니까 귀중 السادة مرحبا تحية السلام
"""


def plain(words: str) -> str:
    """Return words for comparing: in lower case, the Turkish i's as one, apostrophes straight, single blanks."""
    low = words.casefold().replace("i\u0307", "i").replace("ı", "i").replace("’", "'")
    return " ".join(low.split())


def _bare(words: str, spelled: dict[int, str]) -> str:
    """Return plain words as they are written where accents cannot be: "retiré" as "retire"."""
    apart = unicodedata.normalize("NFD", words.translate(spelled))
    return "".join(char for char in apart if not unicodedata.combining(char))


ANSWER_WORDS = frozenset(plain(one) for line in _TEXT.strip().splitlines() for one in line.split("|"))
_LATIN = sorted(words for words in ANSWER_WORDS if words < "\u0250")
_SPELLINGS: tuple[dict[int, str], ...] = ({}, str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"}))
_BARE = {_bare(words, spelled): words for spelled in _SPELLINGS for words in _LATIN}
GREETINGS = frozenset(plain(one) for one in _GREETINGS.split())


def answer_word(words: str) -> str | None:
    """Return what an answer begins with as the rules know it, also if it is written without accents; None: it is none."""
    found = plain(words)
    return words if found in ANSWER_WORDS else _BARE.get(found)
