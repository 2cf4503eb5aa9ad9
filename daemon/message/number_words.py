# ruff: noqa: E501, SIM905 - word lists read best as words on long lines
"""Words for items, ordinals, counts, "all" and "except" in many languages; all in lower case."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ITEM_NOUNS = _words(
    """
    item items row rows line lines number numbers link links url urls uri uris address addresses entry entries file files video videos clip clips image images picture pictures pic pics photo photos post posts page pages website websites site sites
    location locations object objects record records element elements resource resources position positions point points folder folders share shares thread threads listing listings hyperlink hyperlinks
    album albums paste pastes board boards clip clips topic topics listing listings bucket buckets channel channels group groups shop shops upload uploads ad ads document documents gallery galleries account accounts profile profiles report reports reference references media directories directory host hosts domain domains pieces piece content contents
    album alben galerie galerien thema themen anzeige anzeigen zeile zeilen nummer nummern adresse adressen eintrag einträge einträgen datei dateien bild bilder bildern seite seiten beitrag beiträge beiträgen inhalt inhalte inhalten inhalts verweis verweise fundstelle fundstellen position positionen punkt punkte ziffer objekt objekte links ordner
    album albums galerie galeries sujet sujets ligne lignes numéro numéros lien liens adresses élément éléments fichier fichiers vidéo vidéos publication publications contenu contenus ressource ressources point points pages image images photo photos entrée entrées dossier dossiers annonce annonces
    álbum álbumes galería galerías tema temas anuncio anuncios hilo hilos fila filas línea líneas número números renglón renglones enlace enlaces dirección direcciones elemento elementos archivo archivos vídeo vídeos imagen imágenes página páginas publicación publicaciones contenido contenidos recurso recursos punto puntos fichero ficheros carpeta carpetas ítem ítems
    álbum álbuns galeria galerias tópico tópicos anúncio anúncios linha linhas endereço endereços itens arquivo arquivos imagem imagens publicação publicações conteúdo conteúdos ficheiro ficheiros ponto pontos pasta pastas ligação ligações postagem postagens
    album galleria gallerie discussione discussioni riga righe numero numeri collegamento collegamenti indirizzo indirizzi elementi elemento voce voci immagine immagini pagina pagine contenuto contenuti risorsa risorse punto punti cartella cartelle annuncio annunci filmati foto
    albums album galerij galerijen onderwerp onderwerpen regel regels rij rijen nummer nummers adres adressen bestand bestanden afbeelding afbeeldingen video's foto's pagina's punt punten bericht berichten locatie locaties map mappen onderdeel onderdelen url's link's
    album albumy albumów galeria galerie galerii wątek wątki ogłoszenie ogłoszenia wiersz wiersze wierszy wierszach numer numery numerach pozycja pozycje pozycji pozycję pozycjach linki linków linku adresy adresów plik pliki plików zasób zasoby zasobów strona strony stron film filmy filmów zdjęcie zdjęcia zdjęć wpis wpisy wpisów punkt punkty treść treści
    альбом альбома альбомы альбомов галерея галереи галерей тема темы тем пост посты публикация публикации объявление объявления строка строки строк строках номер номера номерами пунктах пунктам пунктами позициях ссылках файлах адресах ссылка ссылки ссылок ссылке ссылкам ссылку адрес адреса адресов адресам адресу файл файлы файлов файла страница страницы страниц страницу пункт пункты пункта пунктов видео изображение изображения изображений запись записи записей материал материалы материалов позиция позиции ресурс ресурсы ресурсов объект объекты объектов картинки картинка
    альбом альбоми альбомів галерея галереї тема теми допис дописи оголошення рядок рядки рядках номери номер пунктах посилання посиланням посиланнях адреса адреси адрес файл файли файлів сторінка сторінки сторінок пункт пункти пунктів відео зображення запис записи записів матеріал матеріали матеріалів ресурс ресурси об'єкт об'єкти
    nesne nesneler öğe öğeler albüm albümler galeri galeriler konu konular gönderi gönderiler ilan ilanlar satır satırlar satırdaki numaralı bağlantı bağlantılar bağlantının bağlantıların bağlantıdaki adres adresler adresin adreslerin adresteki adreslerdeki dosya dosyalar dosyanın dosyaların içerik içerikler içeriğin içeriklerin sayfa sayfalar sayfanın madde maddeler video videolar görsel görseller görüntü link linkler linkin url'ler url'nin öğe öğeler
    البندان العنصران الملفان الرابطان الصفحتان الصورتان العنصر العناصر الرابط رابط الروابط روابط الرابطين رابطين الملف ملف الملفات ملفات الملفين البند بند البنود العنوان عنوان العناوين عناوين العنوانين الصفحة صفحة الصفحات الصفحتين المحتوى الصورة الصور المقطع المقاطع العنصر العناصر الموقع المواقع الفيديو
    länk länkar länkarna länken adressen adresserna fil filer filerna filen bilder bilden bilderna sida sidor sidorna sidan inlägg objekt lenke lenker lenkene lenken filene filer bilde bildene side sider siderne innlegg link links linket linkene fil filerne billede billeder billederne opslag indlæg
    linkki linkit linkin linkkiä osoite osoitteet osoitteen tiedosto tiedostot tiedoston kohde kohteet kuva kuvat sivu sivut
    odkaz odkazy odkazů soubor soubory souborů položka položky položek adresa adresy stránka stránky obrázek súbor súbory položka stránky hivatkozás hivatkozások hivatkozást fájl fájlok fájlt cím címek oldal elem elemek tétel
    linkul linkurile linkuri fișier fișierele fișiere adresă adresele pagină paginile elementul elementele σύνδεσμος σύνδεσμοι συνδέσμους αρχείο αρχεία σελίδα σελίδες διεύθυνση διευθύνσεις קישור קישורים הקישור הקישורים קובץ קבצים כתובת כתובות דף דפים פריט פריטים
    """
)

NUMBER_SIGNS = _words(
    """
    item items number numbers no nos num nr nrs # № position pos point link links url urls entry entries line row id index
    nummer nummern punkt ziffer eintrag zeile numéro numéros n° no. ligne élément número números nº núm n.º línea ítem linha numero numeri voce riga nummers regel item
    numer numery numerem pozycja pozycje pozycji punkt номер номера номером пункт пункты пункта позиция позиции строка рядок номери numara numarası numaralı no'lu sıra madde رقم البند بند الرابط الروابط
    lenke länk linkki odkaz položka hivatkozás nummer numrene numer file files video videos image images post posts picture pictures photo photos datei dateien bild bilder adresse adressen address addresses
    fichier fichiers lien liens enlace enlaces archivo archivos dirección direcciones arquivo arquivos imagem endereço endereços indirizzo indirizzi bestand bestanden adres adressen plik pliki adresy linki ссылка ссылки ссылку ссылкам файл файлы адрес адреса посилання файли адреси bağlantı adres dosya link object objects objekt objekte قم
    """
)

NUMBER_SIGNS |= ITEM_NOUNS - {
    "account",
    "accounts",
    "report",
    "reports",
    "reference",
    "references",
    "host",
    "hosts",
    "piece",
    "pieces",
    "content",
    "contents",
    "inhalt",
    "contenu",
    "contenido",
    "conteúdo",
    "contenuto",
    "case",
    "profile",
    "page",
    "pages",
    "seite",
    "seiten",
    "página",
    "páginas",
    "pagina",
    "pagine",
    "strona",
    "strony",
    "stron",
    "страница",
    "страницы",
    "страниц",
    "страницу",
    "сторінка",
    "сторінки",
    "сторінок",
    "sayfa",
    "sayfalar",
    "sida",
    "sidor",
    "side",
    "sider",
    "sivu",
    "oldal",
    "message",
    "messages",
}

SINGULAR_SIGNS = _words(
    "item no nr num number nummer numéro número numero numer номер position pos punkt пункт # № رقم numara madde id index url link"
)

ORDINALS: dict[str, int] = {}
for _place, _line in enumerate(
    (
        "first 1st erste ersten erster erstes premier première primero primera primer primeiro primeira primo prima eerste pierwszy pierwsza pierwsze pierwszego pierwszym первый первая первое первую первого первой перший перша перше першу birinci ilk الأول الأولى första første ensimmäinen první prvý első primul prima πρώτος πρώτο ראשון הראשון",
        "second 2nd zweite zweiten zweiter zweites deuxième second seconde segundo segunda secondo seconda tweede drugi druga drugie drugiego второй вторая второе вторую второго другий друга друге другу ikinci الثاني الثانية andra anden annen toinen druhý druhá második al-doilea doua δεύτερος δεύτερο שני השני",
        "third 3rd dritte dritten dritter drittes troisième tercero tercera tercer terceiro terceira terzo terza derde trzeci trzecia trzecie trzeciego третий третья третье третью третьего третій третя третє третю üçüncü الثالث الثالثة tredje kolmas třetí tretí harmadik treilea treia τρίτος τρίτο שלישי השלישי",
        "fourth 4th vierte vierten vierter viertes quatrième cuarto cuarta quarto quarta vierde czwarty czwarta czwarte четвёртый четвертый четвёртая четвертая четвёртую четвертую четвертий четверта четверту dördüncü الرابع الرابعة fjärde fjerde neljäs čtvrtý štvrtý negyedik patra τέταρτος רביעי",
        "fifth 5th fünfte fünften fünfter fünftes cinquième quinto quinta vijfde piąty piąta piąte пятый пятая пятую п'ятий п'ята beşinci الخامس الخامسة femte viides pátý piaty ötödik cincea πέμπτος חמישי",
        "sixth 6th sechste sechsten sechster sixième sexto sexta sesto sesta zesde szósty szósta шестой шестая шестую шостий altıncı السادس sjätte sjette kuudes",
        "seventh 7th siebte siebten siebter septième séptimo séptima sétimo sétima settimo settima zevende siódmy седьмой седьмая сьомий yedinci السابع sjunde syvende",
        "eighth 8th achte achten huitième octavo octava oitavo ottavo achtste ósmy восьмой восьмая восьмий sekizinci الثامن åttonde",
        "ninth 9th neunte neunten neuvième noveno novena nono negende dziewiąty девятый девятая дев'ятий dokuzuncu التاسع nionde",
        "tenth 10th zehnte zehnten dixième décimo décima decimo tiende dziesiąty десятый десятая десятий onuncu العاشر tionde",
    ),
    1,
):
    for _word in _line.split():
        ORDINALS.setdefault(_word, _place)
for _word in (
    "last final letzte letzten letzter letztes dernier dernière derniers dernières último última últimos últimas ultimo ultima ultimi ultime laatste ostatni ostatnia ostatnie ostatnich "
    "последний последняя последнее последние последнюю останній остання останнє останні останню son sonuncu الأخير الأخيرة الأخيرين sista sidste siste viimeinen poslední posledný utolsó ultimul ultima τελευταίος τελευταίο אחרון האחרון"
).split():
    ORDINALS[_word] = -1

COUNTS: dict[str, int] = {}
for _place, _line in enumerate(
    (
        "two zwei beiden deux dos dois duas due twee dwa dwie dwóch dwoma два две двух двум двумя дві двох iki اثنين اثنان två to kaksi dva dvě dvou két kettő doi două δύο שני שתי pair couple",
        "three drei dreier trois tres três tre drie trzy trzech три трёх трех трьох üç ثلاثة ثلاث الثلاثة tre kolme tři tri három trei τρεις τρία שלושה שלוש",
        "four vier quatre cuatro quatro quattro vier cztery czterech четыре четырёх четырех чотири чотирьох dört أربعة أربع الأربعة fyra fire neljä čtyři štyri négy patru τέσσερις ארבעה ארבע",
        "five fünf cinq cinco cinque vijf pięć pięciu пять пяти п'ять п'яти beş خمسة خمس الخمسة fem viisi pět päť öt cinci πέντε חמישה חמש",
        "six sechs six seis sei zes sześć sześciu шесть шести шість шести altı ستة ست sex seks kuusi šest hat șase έξι",
        "seven sieben sept siete sete sette zeven siedem siedmiu семь семи сім семи yedi سبعة سبع sju syv seitsemän sedm hét șapte επτά",
        "eight acht huit ocho oito otto osiem ośmiu восемь восьми вісім sekiz ثمانية ثماني åtta åtte otte kahdeksan osm nyolc opt οκτώ",
        "nine neun neuf nueve nove negen dziewięć девять девяти дев'ять dokuz تسعة تسع nio ni yhdeksän devět kilenc nouă εννέα",
        "ten zehn dix diez dez dieci tien dziesięć десять десяти on عشرة عشر tio ti kymmenen deset tíz zece δέκα",
        "eleven elf onze once undici elf jedenaście одиннадцать on-bir أحد-عشر",
        "twelve dozen zwölf douze doce doze dodici twaalf dwanaście двенадцать on-iki",
    ),
    2,
):
    for _word in _line.split():
        COUNTS.setdefault(_word, _place)
CJK_COUNTS = {
    "二": 2,
    "两": 2,
    "兩": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "두": 2,
    "세": 3,
    "네": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
}

BOTH = _words(
    "both beide beiden beider beides ambos ambas entrambi entrambe ambedue oba obie obu obydwa obydwie obydwu оба обе обоих обеих обоим обеим обидва обидві обох обом ikisi ikisini ikisinin كلا كلتا العنصران العنصرين البندان البندين الملفين الملفان الرابطين الرابطان الصفحتين الصفحتان الصورتين الصورتان المقطعين المقطعان العنوانين العنوانان الموقعين الموقعان المنشورين المنشوران الموضوعين الموضوعان المقالين الحسابين الألبومين båda bägge begge molemmat molempien obě oba mindkettő mindkét ambele ambii και-τα-δύο שניהם שני-הקישורים allebei tous-les-deux les-deux"
)
# so many of them, counted by a suffix
OF_THEM = {"biri": 1, "ikisi": 2, "ikisini": 2, "üçü": 3, "üçünü": 3, "dördü": 4, "dördünü": 4, "beşi": 5, "beşini": 5}
ALL = _words(
    """
    all every each everything entire whole alle allen aller alles sämtliche sämtlichen sämtlicher jede jeder jedes jeden tous toutes tout toute chaque l'ensemble intégralité todos todas todo toda cada tutti tutte tutto tutta ogni ciascuno ciascun al alle elke elk ieder iedere alles
    wszystkie wszystkich wszystkim wszystko wszelkie każdy każda każde все всех всем всё всеми каждый каждая каждое каждую весь вся усі всі усіх всіх усім кожен кожна кожне tüm bütün tümü tamamı hepsi hepsini her tümünü كل جميع كافة كلها جميعها alla allt samtliga varje hver alle alt kaikki jokainen kaikkien všechny všech všechno všetky všetkých minden összes mindegyik mind toate toți tot όλα όλες όλοι όλων כל כולם
    """
)
NONE_OF = _words(
    "none neither keiner keine keines aucun aucune ninguno ninguna nenhum nenhuma nessuno nessuna geen żaden żadna żadne ни-один ни-одна жоден жодна hiçbiri"
)
CJK_ALL = (
    "全て",
    "すべて",
    "全部",
    "全件",
    "両方",
    "双方",
    "いずれも",
    "どちらも",
    "2件とも",
    "二件とも",
    "二つとも",
    "2つとも",
    "三件とも",
    "均已",
    "都已",
    "全数",
    "所有",
    "全都",
    "一并",
    "均",
    "各链接",
    "모두",
    "모든",
    "전부",
    "전체",
    "둘 다",
    "일체",
    "각각",
)
NOT_ALL = (
    "not all",
    "nicht alle",
    "nicht alles",
    "pas tous",
    "pas toutes",
    "no todos",
    "no todas",
    "nem todos",
    "nem todas",
    "non tutti",
    "non tutte",
    "niet alle",
    "nie wszystkie",
    "не все",
    "не всі",
    "hepsi değil",
    "すべてでは",
    "全てでは",
    "并非全部",
    "不是全部",
    "모두는",
    "ليس كل",
    "not every",
    "almost all",
    "nearly all",
    "most of",
    "fast alle",
    "presque tous",
    "casi todos",
    "quase todos",
    "quasi tutti",
    "bijna alle",
    "prawie wszystkie",
    "почти все",
    "майже всі",
)
PRONOUNS = _words(
    "of them these those the your our reported mentioned listed three two four five six seven eight nine ten ones one are was were have has is been now der die das wurde werden von ihnen dieser diesen sind wurden haben des de ces ceux les ont sont los las de ellos ellas han fueron os as deles foram estão i gli le di sono essi van de die zijn z nich tych zostały из них эти были з них ці були bunların bunlar"
)

EXCEPT = (
    "all but", "except for", "except", "excepting", "excluding", "with the exception of", "apart from", "other than", "save for", "but not",
    "außer", "ausgenommen", "bis auf", "mit ausnahme", "abgesehen von", "sauf", "excepté", "à l'exception", "hormis", "à part", "excepto", "salvo", "menos", "a excepción", "con excepción", "exceto", "com exceção", "à exceção", "tranne", "eccetto", "ad eccezione", "a parte", "fuorché", "escluso",
    "behalve", "uitgezonderd", "met uitzondering", "op nr", "oprócz", "poza", "z wyjątkiem", "prócz", "кроме", "за исключением", "крім", "окрім", "за винятком", "hariç", "dışında", "haricinde", "باستثناء", "ما عدا", "عدا", "سوى",
    "を除く", "を除き",
    "を除い", "以外", "除了", "제외", "빼고", "utom", "förutom", "undtagen", "bortset fra", "unntatt", "bortsett fra", "paitsi", "lukuun ottamatta", "kromě", "okrem", "kivéve", "cu excepția", "εκτός από", "πλην", "מלבד", "חוץ מ",
)  # fmt: skip
EXCEPT_AFTER = ("hariç", "dışında", "haricinde", "を除く", "を除き", "以外", "제외", "빼고", "kivételével")

REST = _words(
    "rest remaining remainder others other restliche restlichen übrige übrigen anderen andere autres restants restantes restante reste demás resto otros otras outros outras altri altre restanti rimanenti overige andere resterende pozostałe pozostałych reszta pozostała остальные остальных остальное остальным остальная інші решта інших решту diğer diğerleri kalan geri geriye övriga resten andra øvrige andre muut loput ostatní zbytek zvyšné többi celelalte restul υπόλοιπα שאר البقية الباقي باقي بقية الأخرى"
)
CJK_REST = ("残り", "その他", "それ以外", "其余", "其餘", "其他", "剩余", "나머지", "그 외")

AND = _words(
    "and & und et y e en och og ja a i и та й і ve ile و и plus as sowie ainsi und/oder and/or or sowie oraz et/ou und и/или și και ו és"
)
# after item numbers that stand without a noun: "1 is gone", "1 and 2 are off", "3-5 deleted"; "2 were deleted" counts
DEALT_WITH = _words(
    "removed deleted erased purged disabled wiped took pulled dropped killed : gelöscht entfernt : supprimé retiré effacé : eliminado borrado removido excluído apagado : rimosso eliminato cancellato : verwijderd gewist : usunięto usunęliśmy skasowano : удалили удалены удалено : видалили видалено"
) - {":"}
LISTED_UNDER = _words("under numbered numbers unter nummer nummern sous numéros bajo sob sotto onder pod под під")
SAID_OF_ONE = _words(
    "non no não nie niet nicht ne не is was has ist wurde est era fue foi is werd została został był была был already isn't wasn't stays remains follows needs will can cannot has had belongs sits lives too also likewise ditto auch ebenfalls aussi également también anche ook também też również тоже также також"
)
SAID_OF_SEVERAL = SAID_OF_ONE | _words(
    """
    are were have removed deleted gone offline purged down taken pulled wiped erased disabled terminated all both also now done not
    aren't weren't haven't still : sind wurden gelöscht entfernt sont ont supprimés son están fueron eliminados são foram
    removidos sono rimossi zijn werden verwijderd zostały są usunięte были удалены
    """
)
RANGE = (
    "-",
    "–",
    "—",
    "~",
    "～",
    "〜",
    "to",
    "through",
    "thru",
    "until",
    "bis",
    "à",
    "a",
    "al",
    "até",
    "fino a",
    "t/m",
    "t / m",
    "tot",
    "tot en met",
    "до",
    "по",
    "do",
    "إلى",
    "から",
    "至",
    "到",
    "부터",
    "til",
    "till",
    "–",
    "..",
    "...",
    "ile",
)
FOLLOWING = (
    "following", "below", "these", "listed", "as follows", "folgende", "nachstehend", "untenstehend", "suivant", "ci-dessous", "ci-après", "siguiente", "a continuación", "seguinte", "abaixo", "seguent", "di seguito", "sottostant", "volgende", "onderstaand", "hieronder", "następując", "poniżs",
    "следующ", "ниже", "наступн", "нижче", "aşağıda", "şunlar", "以下", "下記", "次の", "下列", "如下", "다음", "아래", "التالي", "أدناه", "följande", "nedan", "følgende", "nedenfor", "seuraava", "následující", "nasledujúce", "alábbi", "következő", "următoare", "ακόλουθ", "הבאים",
)  # fmt: skip
ABOVE_WORDS = (
    "above", "aforementioned", "aforesaid", "these", "those", "oben", "obige", "genannten", "vorstehend", "ci-dessus", "susmentionn", "arriba", "anterior", "acima", "sopra", "suddett", "bovenstaand", "bovengenoemd", "powyżs", "выше", "указанн", "перечисленн", "вище", "yukarıda", "上記", "以上の", "上述", "以上", "위의", "위 ", "상기", "أعلاه", "المذكور", "ovan", "ovenfor", "ovenstående", "yllä", "výše", "vyššie", "fenti", "de mai sus", "παραπάνω",
)  # fmt: skip
