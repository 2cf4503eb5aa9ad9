# ruff: noqa: E501 - lists of words, one row for each month or day
"""The words of many languages for months, weekdays and days gone by; data only, read by ``dates``."""

from __future__ import annotations

# One row per month, January first, without accents.  Five letters and more are stems, shorter ones whole words.
MONTHS = """
jan janv janua janvi jaenn gen gennai ene enero stycz styczn январ янв січня січень січні ocak ocakta يناير ledna ledn leden tammi ianua ιανουαρ ינואר
feb febru fevr fevri fever febre febbr lutego luty lutym феврал февр лютого лютий лютому subat فبراير شباط unora unor helmi φεβρου פברואר
march marz maerz marz mars marzo marco marca marzec marcu maart mrt marts марта март марте березн берез mart martta مارس اذار brezna brezen maali martie μαρτι מרץ
apr april avril abril kwiet апрел апр квітн квіте nisan ابريل نيسان dubna duben huhti απριλ אפריל
may mai mayo maio maggio mei maj maja maju мая май мае травн траве mayis مايو ايار kvetna kveten touko majus μαιου μαι מאי
jun june juni juin junio junho giugno giu czerwc czerwca czerwiec czerwcu июня июнь июне червня червень червні hazir يونيو حزيران cervna cerven kesak iunie ιουνι יוני
jul july juli juill julio julho luglio lug lipca lipiec lipcu июля июль июле липня липень липні temmuz يوليو تموز cervenc heina iulie ιουλι יולי
aug augus aout agosto agost sierp август авг серпня серпень серпні agustos اغسطس srpna srpen eloku αυγουσ אוגוסט
sep sept septe septi setie setem sette wrzes сентяб сент верес eylul سبتمبر ايلول zari syysk szept σεπτεμ ספטמבר
oct octob octub outub ottob ott oktob okt octom pazdz октяб окт жовтн жовте ekim ekimde اكتوبر rijna rijen lokak οκτωβ אוקטובר
nov novem novie listop ноябр нояб листоп kasim نوفمبر marras noiem νοεμβ נובמבר
dec decem dicie dezem dez dicem dic grudn grudz декаб дек груде aralik ديسمبر prosin desem joulu δεκεμ דצמבר
""".strip().splitlines()

# Monday first.
WEEKDAYS = """
monday montag lundi lunes segunda-feira lunedi maandag poniedzial понедельник понеділ pazartesi 月曜 星期一 周一 월요일 الاثنين mandag
tuesday dienstag mardi martes terca-feira martedi dinsdag wtorek вторник вівтор sali 火曜 星期二 周二 화요일 الثلاثاء tirsdag tisdag
wednesday mittwoch mercredi miercoles quarta-feira mercoledi woensdag sroda среду среды середу carsamba 水曜 星期三 周三 수요일 الاربعاء onsdag
thursday donnerstag jeudi jueves quinta-feira giovedi donderdag czwartek четверг четвер persembe 木曜 星期四 周四 목요일 الخميس torsdag
friday freitag vendredi viernes sexta-feira venerdi vrijdag piatek пятниц cuma 金曜 星期五 周五 금요일 الجمعة fredag
saturday samstag samedi sabado sabato zaterdag sobota sobote суббот субот cumartesi 土曜 星期六 周六 토요일 السبت lordag
sunday sonntag dimanche domingo domenica zondag niedziel воскресен неділю неділі 日曜 星期日 周日 일요일 الاحد sondag
""".strip().splitlines()

# Patterns after folding (lower case, accents gone): how many days before the day of writing, at the least.
AGO: tuple[tuple[int, str], ...] = (
    (2, r"day before yesterday|vorgestern|avant-hier|anteayer|anteontem|l'altro ieri|eergisteren|przedwczoraj"),
    (2, r"позавчера|позавчора|evvelsi gun|一昨日|おととい|前天|그저께|اول امس"),
    (
        1,
        r"\byesterday|\bgestern|\bhier\b|\bayer\b|\bontem\b|\bieri\b|\bgisteren|\bwczoraj|вчера|вчора|\bdun\b|昨日|昨夜|昨天|昨晚",
    ),
    (1, r"어제|امس|\bi gar\b|\bigar\b|\bvcera\b|\bfoegaende dag"),
)

# "N days ago" and its like: the pattern's first group is the number; the factor gives days.
COUNTED: tuple[tuple[int, str], ...] = (
    (1, r"(\d{1,3}|@) days? (?:ago|earlier|before)"),
    (7, r"(\d{1,3}|@) weeks? (?:ago|earlier|before)"),
    (28, r"(\d{1,3}|@) months? (?:ago|earlier|before)"),
    (1, r"vor (\d{1,3}|@) tagen"),
    (7, r"vor (\d{1,3}|@) wochen?"),
    (28, r"vor (\d{1,3}|@) monat"),
    (1, r"il y a (\d{1,3}|@) jours?"),
    (7, r"il y a (\d{1,3}|@) semaines?"),
    (28, r"il y a (\d{1,3}|@) mois"),
    (1, r"(?:hace|ha) (\d{1,3}|@) dias?"),
    (7, r"(?:hace|ha) (\d{1,3}|@) semanas?"),
    (28, r"(?:hace|ha) (\d{1,3}|@) mes(?:es)?"),
    (1, r"(\d{1,3}|@) dias? atras"),
    (1, r"(\d{1,3}|@) giorni fa"),
    (7, r"(\d{1,3}|@) settiman[ae] fa"),
    (28, r"(\d{1,3}|@) mes[ei] fa"),
    (1, r"(\d{1,3}|@) dagen geleden"),
    (7, r"(\d{1,3}|@) we(?:ek|ken) geleden"),
    (28, r"(\d{1,3}|@) maand(?:en)? geleden"),
    (1, r"(\d{1,3}|@) dni temu"),
    (7, r"(\d{1,3}|@)? ?tydz?(?:ien|odnie) temu"),
    (28, r"(\d{1,3}|@)? ?miesiac(?:e|a)? temu"),
    (1, r"(\d{1,3}|@) (?:дня|дней|день|дні|днів) (?:назад|тому)"),
    (7, r"(\d{1,3}|@)? ?(?:недел|тижн|тижд)\w* (?:назад|тому)"),
    (28, r"(\d{1,3}|@)? ?(?:месяц|місяц)\w* (?:назад|тому)"),
    (1, r"(\d{1,3}|@) gun once"),
    (7, r"(\d{1,3}|@) hafta once"),
    (28, r"(\d{1,3}|@) ay once"),
    (1, r"(\d{1,3})\s?(?:日前|天前|일 ?전)"),
    (7, r"(\d{1,3}|@)\s?(?:週間前|周前|个?星期前|주 ?전)"),
    (28, r"(\d{1,3}|@)\s?(?:か月前|ヶ月前|个月前|개월 ?전|달 ?전)"),
)
NUMBER_WORDS = """
a an one ein eine einem einer einen un une uno una um uma een jeden jedna один одну bir 一 한
two couple zwei deux dos dois duas due twee dwa dwie два две дві iki 二 两 両 두
three several some few drei mehreren einigen trois quelques tres varios unos tre alcuni drie enkele trzy kilka три несколько кілька uc birkac 三 数 세 几
four vier quatre cuatro quatro quattro cztery четыре чотири dort 四 네
five funf cinq cinco cinque vijf piec пять bes 五 다섯
six sechs seis sei zes szesc шесть шість alti 六
seven sieben sept siete sete sette zeven siedem семь сім yedi 七
""".strip().splitlines()

# The last day of the week, month or year before: what lies in it is certainly that old.
LAST_WEEK = (
    r"last week|letzte[rn]? woche|vorige[rn]? woche|semaine derniere|semana pasada|semana passada|settimana scorsa|vorige week"
    r"|afgelopen week|zeszlym tygodniu|ubieglym tygodniu|прошлой неделе|минулого тижня|gecen hafta|先週|上周|上星期|지난주"
    r"|الاسبوع الماضي|forrige uke|forra veckan|sidste uge"
)
LAST_MONTH = (
    r"last month|letzten monat|vorigen monat|mois dernier|mes pasado|mes passado|mese scorso|vorige maand|zeszlym miesiacu"
    r"|прошлом месяце|минулого місяця|gecen ay|先月|上个月|上個月|지난달|الشهر الماضي|forrige maned|forra manaden"
    r"|long ago|a while ago|some time ago|vor langerem|vor langer zeit|il y a longtemps|hace tiempo|ha tempo|tempo fa"
    r"|dawno temu|давно|uzun zaman once|以前から|ずいぶん前|很久|오래 전"
)
LAST_YEAR = (
    r"last year|letztes jahr|annee derniere|ano pasado|ano passado|anno scorso|vorig jaar|zeszlym roku|прошлом году"
)

# A day-word or a span that lies before our notice.  "Before your notice" alone is none: it was gone when they looked.
BEFORE_OURS = (
    r"\bthe (?:day|week|month|night|evening) before\b|\bthe previous (?:day|week|month|night|evening)\b"
    r"|\b(?:days?|weeks?|months?|long|well) (?:before|earlier than|ahead of|prior to) (?:you|we|the|this|that|it)"
    r"|\bam vortag|\btags zuvor|\bam tag (?:davor|zuvor)|\b(?:tage?|wochen?|monate?|langst) (?:be)?vor\b"
    r"|\bla veille\b|l'avant-veille|\b(?:jours?|semaines?|mois|longtemps|bien) avant\b"
    r"|el dia anterior|la vispera|\b(?:dias?|semanas?|mes(?:es)?|mucho) antes\b|no dia anterior|na vespera"
    r"|il giorno (?:prima|precedente)|\b(?:giorn[oi]|settiman[ae]|mes[ei]|molto) prima\b"
    r"|de dag (?:ervoor|tevoren)|\b(?:dag(?:en)?|we(?:ek|ken)|maand(?:en)?|ruim) voor(?:dat)?\b"
    r"|dzien wczesniej|poprzedniego dnia|\b(?:dni|dzien|tydzien|tygodnie|tygodni|miesiac|miesiace|miesiecy) przed\b"
    r"|накануне|\b(?:день|дня|дней|неделю|недели|недель|месяц|месяца|месяцев|задолго) до\b"
    r"|напередодні|\b(?:день|дні|днів|тиждень|тижні|тижнів|місяць|місяці|місяців|задовго) до\b"
    r"|\b(?:gun|hafta|ay) once\b|前日|前夜|数日前|数週間前|前一天|前几天|几天前|전날|며칠 전|في اليوم السابق|قبل (?:يوم|ايام|اسبوع|شهر)"
    r"|\bdagen for\b|\bdager for\b"
)
