"""Sentences: which URLs each one names, what governs it, what it asks."""

from __future__ import annotations

import pytest

from daemon.message.message import Mark, Sentence, Shape
from daemon.message.own_text import label
from daemon.message.parse import parse
from daemon.message.sentences import sentences

A, B, C, D = (f"https://img.pix.example/i/83c{sign}" for sign in "1248")
URLS = (A, B, C, D)
NUMBERS = r"HN-20\d\d-\d{4}"


def read(
    body: str, urls: tuple[str, ...] = URLS, html: bool = False, subject: str = "Re: HN-2026-0017"
) -> list[Sentence]:
    kind = "html" if html else "plain"
    raw = f"From: x@pix.example\nSubject: {subject}\nContent-Type: text/{kind}; charset=utf-8\n\n{body}"
    message = parse(raw.encode())
    return list(sentences(message, label(message), tuple(enumerate(urls, 1)), NUMBERS))


def named(body: str, urls: tuple[str, ...] = URLS, html: bool = False) -> list[tuple[str, ...]]:
    return [one.names for one in read(body, urls, html) if one.names]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Items 2 and 3 are offline.", (B, C)),
        ("Item no. 4 is gone.", (D,)),
        ("#1, #3 deleted", (A, C)),
        ("1 and 2 are off.", (A, B)),
        ("2-4 deleted by us, 1 was empty.", (B, C, D, A)),
        ("1 is gone.", (A,)),
        ("Links 1-3 have been removed.", (A, B, C)),
        ("Rows 2 to 4: deleted", (B, C, D)),
        ("Number four was deleted.", (D,)),
        ("The third link is not ours.", (C,)),
        ("The first two have been pulled.", (A, B)),
        ("The last one is still up.", (D,)),
        ("All but 4 were removed.", (A, B, C)),
        ("All but the last have been removed.", (A, B, C)),
        ("All entries ([01]-[04]) were removed today.", (A, B, C, D)),
        ("Numbers one to three have been removed.", (A, B, C)),
        ("Items one, two and four were removed.", (A, B, D)),
        ("items 1,2,4 -> removed", (A, B, D)),
        ("links 1,2: removed", (A, B)),
        ("No. 1-3: removed.", (A, B, C)),
        ("No 1, no 2 and no 3 have been removed.", (A, B, C)),
        ("[01], [02] and [04] have been taken offline.", (A, B, D)),
        ("[1-3] removed", (A, B, C)),
        ("The first, second and fourth link were removed.", (A, B, D)),
        ("Removed: 1 + 2 + 3", (A, B, C)),
        ("I have removed 1, 2 and 4.", (A, B, D)),
        ("1 removed, 2 removed, 3 removed, 4 not ours", (A, B, C, D)),
        ("Every file except number 2 has been deleted.", (A, C, D)),
        ("Everything was removed, with the exception of items 1 and 2.", (C, D)),
        ("Die Punkte 1 und 3 sind gelöscht.", (A, C)),
        ("Nr. 1 bis 3 sind gelöscht.", (A, B, C)),
        ("Alle Links außer Nr. 2 wurden entfernt.", (A, C, D)),
        ("Der dritte Link gehört nicht zu uns.", (C,)),
        ("Les liens 1 et 2 ont été supprimés.", (A, B)),
        ("Tous les liens sauf le n° 3 ont été supprimés.", (A, B, D)),
        ("Los enlaces 1 y 4 han sido eliminados.", (A, D)),
        ("Todos excepto el número 1 fueron retirados.", (B, C, D)),
        ("Os arquivos das linhas 1 e 2 foram excluídos.", (A, B)),
        ("I link 2 e 3 sono stati rimossi.", (B, C)),
        ("De links 1 t/m 3 zijn verwijderd.", (A, B, C)),
        ("Pozycje 1 i 4 zostały usunięte.", (A, D)),
        ("Ссылки 1 и 2 удалены.", (A, B)),
        ("Пункти 2 та 3 видалено.", (B, C)),
        ("Вторая ссылка не наша.", (B,)),
        ("2. ve 3. bağlantılar kaldırıldı.", (B, C)),
        ("第2项和第3项已删除。", (B, C)),
        ("2番と3番は削除しました。", (B, C)),
        ("2번과 3번은 삭제했습니다.", (B, C)),
        ("②は削除済みです。", (B,)),
        ("الرابط الثالث ليس لدينا.", (C,)),
    ],
)
def test_items_are_named_by_number(text: str, expected: tuple[str, ...]) -> None:
    assert named(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "4 of 4 links removed.", "4/4 removed.", "Every one of the four was deleted.", "All links were removed.", "All four items are gone.", "Everything has been deleted.", "None of the four files is left.",
        "Alle vier Seiten wurden gelöscht.", "Sämtliche Inhalte wurden entfernt.", "Tous les liens ont été supprimés.",
        "Les quatre fichiers ont été supprimés.", "Todos los enlaces fueron eliminados.", "Las cuatro direcciones se han retirado.",
        "Todos os links foram removidos.", "Tutti i link sono stati rimossi.", "Alle links zijn verwijderd.", "Wszystkie linki zostały usunięte.",
        "Все ссылки удалены.", "Усі посилання видалено.", "Tüm bağlantılar kaldırıldı.", "四个链接均已删除。", "全て削除しました。",
        "네 개 모두 삭제했습니다.", "تم حذف جميع الروابط.", "Alla länkar är borttagna.", "The reported links have been removed.",
        "We removed the URLs you sent.", "The links in your notice were deleted.", "Die gemeldeten Links wurden entfernt.", "The whole list is gone.",
    ],
)  # fmt: skip
def test_all_of_them_is_understood(text: str) -> None:
    assert [one.every for one in read(text)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Not all links were removed.", "Two of the four files are gone.", "3 of 4 done.", "All five links are deleted.", "Both pages are deleted.",
        "Thank you all for your patience, we are going to look at this very soon.", "We have removed nothing at all from this very large server of ours so far.",
        "Nicht alle Links wurden entfernt.", "Zwei der vier Seiten sind weg.", "Presque tous les liens ont été supprimés.", "Почти все ссылки удалены.",
        "The two files were deleted.", "The reported links that we host were removed.", "The reported links on server A were removed.",
        "Two of the reported links were removed.", "A lot of files were removed.",
    ],
)  # fmt: skip
def test_some_of_them_is_never_all_of_them(text: str) -> None:
    assert not any(one.every for one in read(text))


def test_a_number_that_counts_names_no_item() -> None:
    assert named("2 were deleted by us, and 3 are left.") == []


def test_they_are_what_the_sentence_before_named() -> None:
    assert named("Items 2 and 3 share a machine. They have been deleted.")[-1] == (B, C)
    assert read("All four links are yours. They were removed.")[-1].every
    assert named("Items 2 and 3 share a machine. They have answered us.") == [(B, C)]
    assert named("Items 2 and 3 share a machine.\nThe owner is known. They have been deleted.") == [(B, C)]


def test_addresses_below_a_sentence_that_points_at_them_belong_to_it() -> None:
    first, *_, last = read(f"The URLs below have been taken down.\n\n{A}\n{B}\n")
    assert last.under == (first.number,)


def test_both_are_all_of_two() -> None:
    for text in (
        "Both pages are deleted.",
        "Beide Seiten sind gelöscht.",
        "Обе ссылки удалены.",
        "両方とも削除しました。",
        "两个链接已删除。",
    ):
        assert [one.every for one in read(text, (A, B))] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "img.pix.example/i/83c1 is gone", "hxxps://img[.]pix[.]example/i/83c1 removed", "HTTPS://IMG.PIX.EXAMPLE/i/83c1 removed", "/i/83c1 is gone", "83c1 is gone",
        "https://img.pix.example/ i/83c1 gone", "https://img.pix\n.example/i/83c1 gone", "img.pix.example/i/83c1/ is gone", "(https://img.pix.example/i/83c1)",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fimg.pix.example%2Fi%2F83c1&data=05 gone",
        "https://urldefense.com/v3/__https://img.pix.example/i/83c1__;!!abc gone", "https://img.pix.example/i/83c1を削除しました", "...i/83c1 gone",
    ],
)  # fmt: skip
def test_an_address_is_known_however_it_is_written(text: str) -> None:
    assert named(text, (A, "https://img.pix.example/i/9a0b77")) == [(A,)]


def test_an_address_never_matches_inside_a_longer_one() -> None:
    assert named("https://img.pix.example/i/83c10 is gone") == []
    assert named("https://img.pix.example/i/83c1x/y is gone") == []


def test_an_address_cut_so_short_that_it_fits_several_names_none() -> None:
    found = read("img.pix.example/i/83c... is gone")
    assert found[0].names == ()
    assert set(found[0].ambiguous) == set(URLS)


def test_an_address_cut_short_that_fits_one_names_it() -> None:
    assert named("img.pix.example/i/9a... is gone", (A, "https://img.pix.example/i/9a0b77")) == [
        ("https://img.pix.example/i/9a0b77",)
    ]


def test_a_lead_governs_its_list_and_no_more() -> None:
    found = read(f"The following were removed:\n- {A}\n- {B}\n\nWe keep you posted about the others.")
    lead, first, second, last = found
    assert (first.names, second.names) == ((A,), (B,))
    assert first.under == second.under == (lead.number,)
    assert last.under == ()


def test_each_lead_governs_its_own_list() -> None:
    found = read(f"Removed:\n{A}\n{B}\n\nNot hosted by us:\n{C}\n{D}")
    assert [one.under for one in found] == [(), (0,), (0,), (), (3,), (3,)]


def test_a_heading_governs_what_stands_below_it() -> None:
    found = read(f"<h3>Removed</h3><ul><li>{A}</li><li>{B}</li></ul><h3>Rejected</h3><ol><li>{C}</li></ol>", html=True)
    assert [(one.shape, one.under) for one in found] == [
        (Shape.HEADING, ()), (Shape.ITEM, (0,)), (Shape.ITEM, (0,)), (Shape.HEADING, ()), (Shape.ITEM, (3,)),
    ]  # fmt: skip


def test_a_line_below_a_bare_address_speaks_of_it() -> None:
    found = read(f"{A}\nStatus: removed\n\n{B}\nStatus: not found")
    assert [one.names for one in found] == [(A,), (A,), (B,), (B,)]


def test_a_row_is_a_sentence_with_its_status() -> None:
    rows = f"<tr><th>Address</th><th>Result</th></tr><tr><td>{A}</td><td>Deleted</td></tr><tr><td>{B}</td><td>Not ours</td></tr>"
    found = read(f"<table>{rows}</table>", html=True)
    assert [one.names for one in found] == [(A,), (B,)]
    assert ["Deleted" in one.text for one in found] == [True, False]


def test_a_tick_below_a_title_says_the_title() -> None:
    rows = f"<tr><th>Address</th><th>Removed</th></tr><tr><td>{A}</td><td>yes</td></tr><tr><td>{B}</td><td>no</td></tr>"
    first, second = read(f"<table>{rows}</table>", html=True)
    assert first.text.endswith("| Removed")
    assert second.text.endswith("Removed: no")


def test_a_numbered_table_names_items_by_its_number_column() -> None:
    found = read(
        "<table><tr><th>#</th><th>Status</th></tr><tr><td>1</td><td>deleted</td></tr><tr><td>3</td><td>open</td></tr></table>",
        html=True,
    )
    assert [one.names for one in found] == [(A,), (C,)]


def test_a_text_table_is_read_row_by_row() -> None:
    found = read(f"| URL | Status |\n|---|---|\n| {A} | removed |\n| {B} | pending |")
    assert [(one.shape, one.names) for one in found] == [(Shape.ROW, (A,)), (Shape.ROW, (B,))]


def test_struck_out_words_never_count() -> None:
    found = read(f"<ul><li><s>{A} removed</s></li><li>{B} <del>removed</del> pending</li></ul>", html=True)
    assert found[0].struck
    assert "removed" not in found[1].text


def test_hidden_words_never_count() -> None:
    hidden = '<div style="display:none">All removed.</div><span style="color:#fff">All removed.</span><div class="preheader">All removed.</div>'
    found = read(f"{hidden}<p style='font-size:0'>All removed.</p><p>We will look.</p>", html=True)
    assert [one.text for one in found] == ["We will look."]


def test_a_colour_stands_for_what_the_legend_says() -> None:
    body = f'<p><span style="color:#0a0">{A}</span></p><p><span style="color:red">{B}</span></p><p>green = deleted, red = still online</p>'
    found = read(body, html=True)
    assert [(one.names, "deleted" in one.text, "online" in one.text) for one in found] == [
        ((A,), True, False),
        ((B,), False, True),
    ]


def test_an_inline_answer_speaks_of_the_quoted_line_above_it() -> None:
    found = read(f"> 1. {A}\nRemoved.\n> 2. {B}\nNot ours.\n> 3. {C}\n> 4. {D}\n")
    assert [(one.names, one.answers) for one in found] == [((A,), True), ((B,), True)]


def test_these_links_are_those_quoted_above_only_where_items_are_quoted_above_and_below() -> None:
    between = read(f"> {A}\n\nThese links were deleted.\n\n> {B}\n", urls=(A, B))
    assert not any(one.every for one in between)
    top = read(f"> Dear team,\n\nThese links were deleted.\n\n> {A}\n> {B}\n", urls=(A, B))
    assert [one.every for one in top if "deleted" in one.text] == [True]


def test_an_answer_below_the_whole_quote_speaks_of_no_single_item() -> None:
    assert named(f"> 1. {A}\n> 2. {B}\n> 3. {C}\n\nRemoved.") == []


def test_the_rest_are_those_not_named_before() -> None:
    found = read("Items 1 and 2 are removed. The other two are under review.")
    assert [one.names for one in found] == [(A, B), (C, D)]


def test_a_count_that_disagrees_is_not_the_rest() -> None:
    found = read("Items 1 and 2 are removed. The other three are under review.")
    assert [one.names for one in found] == [(A, B), ()]


def test_what_is_said_of_the_exception_is_said_of_it_alone() -> None:
    found = read("All links were removed except item 4, which is under review.")
    assert [one.names for one in found] == [(A, B, C), (D,)]


@pytest.mark.parametrize(
    "text",
    [
        "Is it gone?",
        "もう削除されましたか。",
        "已经删除了吗",
        "삭제되었습니까",
        "هل تم الحذف؟",
        "Ist die Seite weg?",
        "¿Ya no está?",
    ],
)
def test_questions_are_told_in_every_script(text: str) -> None:
    assert read(text)[0].question


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("We removed it. The account is closed.", 2), ("Wir haben z.B. die Seite gelöscht, d.h. sie ist weg.", 1), ("Am 21.10. wurde sie gelöscht.", 1),
        ("see no. 4 in the list", 1), ("not my box, sorry. whois is stale. try the other host", 3), ("削除しました。ご確認ください。", 2), ("已删除。谢谢！", 2),
        ("تم الحذف. شكرا لكم.", 2), ("Удалено. Спасибо!", 2), ("Dr. J. Smith removed it.", 1), ("It costs 3.50 per page.", 1), ("Done!!! Thanks...", 2),
    ],
)  # fmt: skip
def test_sentences_end_where_people_end_them(text: str, count: int) -> None:
    assert len(read(text)) == count


def test_wrapped_lines_are_one_sentence() -> None:
    found = read(
        "The page that you have reported to us in your letter of last Monday was\nremoved from our servers by the night shift."
    )
    assert len(found) == 1


def test_marks_stand_for_what_they_replaced() -> None:
    [found] = read(f"Re HN-2026-0017: {A} gone, ask abuse@pix.example")
    assert [mark for mark, _ in found.marks] == [Mark.NOTICE, Mark.URL, Mark.EMAIL]
    assert len(found.stands_for) == len(found.marks)
    assert found.stands_for[1] == (A,)


def test_an_address_that_is_none_of_ours_is_a_mark_without_a_name() -> None:
    [found] = read("See https://help.pix.example/faq for more")
    assert (found.names, [mark for mark, _ in found.marks]) == ((), [Mark.URL])


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Re: [HN-2026-0017] Takedown notice: 4 URLs", []), ("AW: AW: [HN-2026-0017] Takedown notice", []), ("Removed both - HN-2026-0017", ["Removed both"]),
        ("Resolved: [norrline #58112] [HN-2026-0017] Takedown notice", ["Resolved"]), ("回复: [HN-2026-0017] Takedown notice", []),
    ],
)  # fmt: skip
def test_of_the_subject_only_the_senders_words_count(subject: str, expected: list[str]) -> None:
    message = parse(f"From: x@pix.example\nSubject: {subject}\nIn-Reply-To: <a@b.example>\n\n".encode())
    found = sentences(message, label(message), (), NUMBERS, our_subjects=("[HN-2026-0017] Takedown notice: 4 URLs",))
    assert [one.text for one in found if one.subject] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"1) {A}\n   Status: Removed\n2) {B}\n   Status: Not found\n", [(A,), (B,)]),
        (f"{A};removed\n{B};not hosted\n", [(A,), (B,)]),
        ("Removed: 1, 2, 3\nNot found: 4\n", [(A, B, C)]),
        ("1 - removed, 2 - removed, 3 - not ours", [(A,), (B,), (C,)]),
        ("1) removed 2) removed 3) under review 4) not ours", [(A,), (B,), (C,), (D,)]),
        ("(1) removed, (2) removed, (3) removed, (4) not ours", [(A,), (B,), (C,), (D,)]),
        ("1-3: deleted, 4: not ours", [(A, B, C), (D,)]),
        ("1 & 2: deleted; 3: under review", [(A, B), (C,)]),
        ("[01] removed\n[02] removed\n[03] not ours\n[04] removed", [(A,), (B,), (C,), (D,)]),
        (f"{A}\n{B}\n\nhave been removed.", [(A,), (B,), (A, B)]),
        (f"{A}\n{B}\nThese links were removed from our platform.", [(A,), (B,), (A, B)]),
        ("No. 1+2 removed.", [(A, B)]),
        ("1. We removed the content.\n2. We suspended the account.", []),
        ("Number of URLs: 4\nPriority: 2", []),
        (f"Case: 88\nStatus: removed\nURL: {A}\nStatus: pending\nURL: {B}", [(A,), (A,), (A,), (B,), (B,)]),
        (f"Action taken: removed\nURLs:\n- {A}\n- {B}\nClosed by: Kim", [(A, B), (A,), (B,), (A, B)]),
        ("Status: removed\nPending: item 3\nOther items: removed", [(C,), (A, B, D)]),
        (f"REMOVED\n{A}\n{B}\nPENDING\n{C}", [(A,), (B,), (C,)]),
        (f"{A}\nREMOVED\n{B}\nPENDING", [(A,), (A,), (B,), (B,)]),
        ("1 + 2 gone, 3 too.", [(A, B, C)]),
        (f'[{{"url": "{A}", "status": "removed"}},\n {{"url": "{B}", "status": "open"}}]', [(A,), (B,)]),
        (f"* Removed\n  - {A}\n  - {B}\n* Still open\n  - {C}", [(A,), (B,), (C,)]),
        (f"- URL: {A}\n  Action: deleted\n- URL: {B}\n  Action: none", [(A,), (A,), (B,), (B,)]),
        ("no. 1 to no. 4 have been removed", [(A, B, C, D)]),
        (f"<item>\n <url>{A}</url>\n <action>removed</action>\n</item>", [(A,), (A,)]),
    ],
)
def test_layouts_that_people_answer_in(body: str, expected: list[tuple[str, ...]]) -> None:
    assert named(body) == expected


def test_a_title_in_a_word_governs_the_addresses_below_it_and_no_others() -> None:
    found = read(f"REMOVED\n{A}\n{B}\nNOT HOSTED HERE\n{C}")
    assert [one.under for one in found if not one.subject] == [(), (0,), (0,), (), (3,)]
    assert [one.under for one in read(f"Hello\n{A}\nREMOVED\n{B}\nNot found") if not one.subject] == [()] * 5


def test_each_item_governs_its_own_list() -> None:
    found = [one for one in read(f"* Removed\n  - {A}\n* Still open\n  - {B}\n* We wrote to {C}") if not one.subject]
    assert [one.under for one in found] == [(), (0,), (), (2,), ()]


def test_a_sign_stands_for_what_the_legend_says() -> None:
    found = [one.text for one in read("1: D\n2: N\nD = deleted, N = not ours") if not one.subject]
    assert found == ["\ue001 deleted", "\ue001 not ours"]
    assert [one.struck for one in read(f"Removed:\n☑ {A}\n☐ {B}") if one.names] == [False, True]


def test_the_domain_of_several_hosts_names_them_all() -> None:
    assert named("web.test is clean", ("https://a.web.test/1", "https://b.web.test/2", A)) == [
        ("https://a.web.test/1", "https://b.web.test/2")
    ]


def test_a_range_of_addresses_names_what_the_notice_lists_between_them() -> None:
    assert named("83c1 bis 83c4 sind weg") == [(A, B, C)]
    assert named("83c1 ... https://img.pix.example/i/83c8") == [URLS]
    assert named("83c1 - 83c4") == [(A, C)]
    assert named("83c4 bis 83c1") == [(C, A)]


def test_a_folder_names_its_only_file_and_a_word_before_it_tells_which() -> None:
    urls = ("https://a.test/d/77aa/one.zip", "https://a.test/u/kt44/1.jpg", "https://a.test/profile/kt44")
    assert named("d/77aa is gone", urls) == [urls[:1]]
    assert named("profile kt44 is gone", urls) == [urls[2:]]


def test_what_a_program_wrote_is_read_row_by_row() -> None:
    found = read(
        f'{{"case": "88", "urls": [{{"url": "{A}", "status": "removed"}}, {{"url": "{B}", "status": "open"}}]}}'
    )
    assert [one.text for one in found if one.shape is Shape.ROW] == ["case: 88 | \ue000 | removed", "\ue000 | open"]


def test_numbers_in_front_of_lines_name_items_together_with_the_lists_numbers() -> None:
    assert named("1, 2: gone\n3: gone\n4: user banned, profile gone as well") == [(A, B), (C,), (D,)]
    assert named("1-3: gone\n4: the profile was closed today and its files with it") == [(A, B, C), (D,)]
    assert named("1: we have looked at your letter today\n2: the page was removed by us") == []  # steps, not items


def test_a_status_behind_an_address_is_never_swallowed_by_it() -> None:
    assert [one.text for one in read(f"{A};not hosted\n{B},removed")] == ["\ue000;not hosted", "\ue000,removed"]


def test_the_address_behind_a_link_counts_more_than_its_number() -> None:
    rows = f'<tr><td>1</td><td><a href="{B}">open</a></td><td>Removed</td></tr><tr><td>2</td><td><a href="{C}">open</a></td><td>Pending</td></tr>'
    assert named(f"<table>{rows}</table>", html=True) == [(B,), (C,)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("已删除第2项。", (B,)),
        ("我们删除了第2项。", (B,)),
        ("除第2项外，其余链接均已删除。", (A, C, D)),
        ("除了第2项，全部链接已删除。", (A, C, D)),
        ("2番を除き、すべて削除しました。", (A, C, D)),
        ("2番は取り除いた。", (B,)),
        ("2번을 제외하고 모두 삭제했습니다.", (A, C, D)),
        ("Al menos el número 1 fue eliminado.", (A,)),
        ("Кроме ссылки 1 удалена ссылка 2.", (B,)),
        ("Madde 1 mesai saatleri dışında kaldırıldı.", (A,)),
    ],
)
def test_an_exception_is_never_seen_where_none_is(text: str, expected: tuple[str, ...]) -> None:
    assert named(text) == [expected]


def test_what_an_exception_leaves_is_named_only_where_all_are_spoken_of() -> None:
    [found] = read("Something was done, except for item 2.")
    assert (found.names, set(found.ambiguous)) == ((), set(URLS))


@pytest.mark.parametrize(
    "text",
    ["The rest of the server was wiped.", "The remaining data were erased.", "The rest of your message is noted."],
)
def test_the_rest_of_something_else_names_no_items(text: str) -> None:
    assert [one.names for one in read(f"Item 1 is removed. {text}")] == [(A,), ()]


@pytest.mark.parametrize(
    "text",
    [
        "Page 2 of the album was deleted.",
        "We removed 2 or 3 copies.",
        "Removed within 1, 2 or 3 days.",
        "1 removed, 2 pending.",
        "(1) we removed the file, (2) we warned the user.",
        "Removed under articles 1, 2 and 3.",
        "We deleted 3 copies.",
        "Removed within 2 hours.",
        "Removed on 1 October.",
        "Version 2 is gone.",
    ],
)
def test_numbers_of_other_things_name_no_items(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize("text", ["Item 1 and two others are not ours.", "Link 1 and two of the pictures were seen."])
def test_a_number_word_that_counts_names_no_item(text: str) -> None:
    assert named(text)[:1] == [(A,)]


def test_a_list_of_bare_numbers_names_items() -> None:
    assert named("The following items were removed:\n1\n2\n4") == [(A,), (B,), (D,)]


def test_a_table_set_with_blanks_is_read_row_by_row() -> None:
    assert named("Entry  Result\n01     removed\n02     removed\n03     not ours") == [(A,), (B,), (C,)]


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("The URLs in HN-2026-0017 have been removed.", True),
        ("The links of your notice HN-2026-0017 are gone.", True),
        ("The URL in HN-2026-0017 has been removed.", False),
        ("The server named in HN-2026-0017 was removed.", False),
        ("We read about links. Notice HN-2026-0017 was removed.", False),
    ],
)
def test_what_a_notice_lists_is_all_of_it(text: str, every: bool) -> None:
    assert any(one.every for one in read(text)) is every
