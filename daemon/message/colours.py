# ruff: noqa: E501 - one list per language reads best on long lines
"""Answers by colour: reads a legend ("red = removed") and says which of its words a line's colour stands for."""

from __future__ import annotations

import re
from colorsys import rgb_to_hls

_NAMES = {
    "red": "red rot rote rouge rojo rojos roja rojas vermelho vermelhos vermelha rosso rossi rood rode czerwony czerwone czerwonym красный красным красные червоний червоним kırmızı 赤 赤色 红色 红 紅色 빨간색 빨강 أحمر الأحمر röd rød punainen červená červeně piros roșu",
    "green": "green grün grüne vert verts verde verdes verdi groen groene zielony zielone zielonym зелёный зеленый зелёным зеленым зелений зеленим yeşil 緑 緑色 绿色 绿 綠色 초록색 녹색 أخضر الأخضر grön grøn grønn vihreä zelená zeleně zöld",
    "yellow": "yellow gelb gelbe jaune amarillo amarillos amarelo amarelos giallo gialli geel żółty żółte жёлтый желтый жовтий sarı 黄 黄色 黃色 노란색 أصفر الأصفر gul keltainen žlutá sárga galben amber",
    "orange": "orange naranja laranja arancione oranje pomarańczowy оранжевый помаранчевий turuncu オレンジ 橙色 橙 주황색 برتقالي",
    "blue": "blue blau blaue bleu azul azules azuis blu blauw niebieski синий синим голубой синій mavi 青 青色 蓝色 藍色 파란색 أزرق الأزرق blå sininen modrá kék albastru",
    "purple": "purple violet lila violett morado roxo viola paars fioletowy фиолетовый фіолетовий mor 紫 紫色 보라색 بنفسجي",
}  # fmt: skip
_OF = {word: name for name, words in _NAMES.items() for word in words.split()}
_PAIR = re.compile(
    r"(?:^|[\s,;(/|.:：，、；])(?:in |en |em |auf |mit )?("
    + "|".join(sorted(map(re.escape, _OF), key=len, reverse=True))
    + r")\w{0,2}\s*(?:[=:：–—→-]|->|means|heißt|bedeutet|signifie|significa|betekent|oznacza|означает|は)\s*([^=:;；|]{2,80}?)(?=[,;.，；。、|)]|\s+(?:and|und|et|y|e|en|i|и|ve)\s|$)",
    re.IGNORECASE,
)


def legend(text: str) -> dict[str, str]:
    """Return colour -> words for a text that explains at least two colours, {} for any other."""
    if len(text) > 2000 or not any(sign in text for sign in "=:–—→-：は"):
        return {}
    found = {_OF[hit[1].casefold()]: hit[2].strip() for hit in _PAIR.finditer(text) if hit[1].casefold() in _OF}
    return found if len(found) > 1 else {}


def name_of(colour: str) -> str:
    """Return the name of a colour given as #rrggbb, "" for black, grey and white."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    hue, light, strength = rgb_to_hls(red, green, blue)
    if strength < 0.2 or not 0.05 < light < 0.97:
        return ""
    degrees = hue * 360
    for limit, name in ((18, "red"), (42, "orange"), (68, "yellow"), (170, "green"), (260, "blue"), (325, "purple")):
        if degrees < limit:
            return name
    return "red"
