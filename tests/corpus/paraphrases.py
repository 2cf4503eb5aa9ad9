"""Sentences about a removal in fifteen languages, and the layouts of mails to put them in: written without the rules.

Per language: what says that it was removed, and what only sounds so (denied, planned, asked, conditional, reported).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

REMOVED = "removed"
NEGATED, FUTURE, QUESTION, CONDITIONAL, REPORTED = ("negated", "future", "question", "conditional", "reported")
NEVER_CLOSES = (NEGATED, FUTURE, QUESTION, CONDITIONAL, REPORTED)

SENTENCES: dict[str, dict[str, str]] = {
    "en": {
        REMOVED: """
            The page has been removed.
            We have deleted the file.
            The content was taken down this morning.
            We removed it from our servers today.
            The file is now deleted.
            """,
        NEGATED: """
            The page has not been removed.
            We have not deleted the file yet.
            The content was never taken down.
            Nothing has been removed so far.
            We did not remove it.
            """,
        FUTURE: """
            The page will be removed tomorrow.
            We are going to delete the file.
            The content should be taken down soon.
            It is scheduled to be removed.
            We plan to have the file deleted by Friday.
            """,
        QUESTION: """
            Has the page been removed?
            Was the file deleted?
            Could you confirm that the content was taken down?
            Do you mean that it was already removed?
            """,
        CONDITIONAL: """
            Once the page has been removed we will tell you.
            If the file was deleted, please close the case.
            Unless the content has been taken down by then, we will act.
            As soon as the file has been deleted you will hear from us.
            """,
        REPORTED: """
            Our customer says that the page has been removed.
            According to the client the file was deleted.
            The user told us that the content was taken down.
            The reseller claims it has been removed.
            """,
    },
    "de": {
        REMOVED: """
            Die Seite wurde entfernt.
            Wir haben die Datei gelöscht.
            Der Inhalt wurde heute Morgen vom Netz genommen.
            Die Datei ist inzwischen gelöscht.
            Wir haben den Inhalt von unseren Servern entfernt.
            """,
        NEGATED: """
            Die Seite wurde nicht entfernt.
            Wir haben die Datei noch nicht gelöscht.
            Der Inhalt wurde bisher nicht vom Netz genommen.
            Es wurde nichts gelöscht.
            Die Datei ist nicht gelöscht worden.
            """,
        FUTURE: """
            Die Seite wird morgen entfernt.
            Wir werden die Datei löschen.
            Der Inhalt soll in Kürze gelöscht werden.
            Die Datei wird bis Freitag gelöscht worden sein.
            """,
        QUESTION: """
            Wurde die Seite entfernt?
            Haben Sie die Datei bereits gelöscht?
            Können Sie bestätigen, dass der Inhalt entfernt wurde?
            """,
        CONDITIONAL: """
            Sobald die Seite entfernt wurde, melden wir uns.
            Falls die Datei gelöscht wurde, schließen Sie bitte den Fall.
            Wenn der Inhalt bis dahin nicht gelöscht ist, sperren wir ihn.
            """,
        REPORTED: """
            Unser Kunde teilt mit, dass die Seite entfernt wurde.
            Laut Kunde wurde die Datei gelöscht.
            Der Betreiber behauptet, der Inhalt sei gelöscht worden.
            """,
    },
    "fr": {
        REMOVED: """
            La page a été supprimée.
            Nous avons supprimé le fichier.
            Le contenu a été retiré ce matin.
            Le fichier est désormais supprimé.
            Nous avons retiré ce contenu de nos serveurs.
            """,
        NEGATED: """
            La page n'a pas été supprimée.
            Nous n'avons pas encore supprimé le fichier.
            Le contenu n'a jamais été retiré.
            Rien n'a été supprimé à ce jour.
            """,
        FUTURE: """
            La page sera supprimée demain.
            Nous allons supprimer le fichier.
            Le contenu devrait être retiré sous peu.
            Le fichier aura été supprimé d'ici vendredi.
            """,
        QUESTION: """
            La page a-t-elle été supprimée ?
            Avez-vous supprimé le fichier ?
            Pouvez-vous confirmer que le contenu a été retiré ?
            """,
        CONDITIONAL: """
            Dès que la page aura été supprimée, nous vous préviendrons.
            Si le fichier a été supprimé, merci de clore le dossier.
            Une fois le contenu retiré, nous vous écrirons.
            """,
        REPORTED: """
            Notre client affirme que la page a été supprimée.
            Selon le client, le fichier a été supprimé.
            L'éditeur nous indique que le contenu a été retiré.
            """,
    },
    "es": {
        REMOVED: """
            La página ha sido eliminada.
            Hemos eliminado el archivo.
            El contenido fue retirado esta mañana.
            El archivo ya está borrado.
            Hemos retirado el contenido de nuestros servidores.
            """,
        NEGATED: """
            La página no ha sido eliminada.
            Todavía no hemos eliminado el archivo.
            El contenido nunca fue retirado.
            No se ha borrado nada hasta ahora.
            """,
        FUTURE: """
            La página será eliminada mañana.
            Vamos a eliminar el archivo.
            El contenido debería ser retirado pronto.
            Eliminaremos el archivo antes del viernes.
            """,
        QUESTION: """
            ¿La página ha sido eliminada?
            ¿Han eliminado ya el archivo?
            ¿Pueden confirmar que el contenido fue retirado?
            """,
        CONDITIONAL: """
            Una vez que la página haya sido eliminada, les avisaremos.
            Si el archivo ha sido eliminado, cierren el caso.
            En cuanto el contenido sea retirado les informaremos.
            """,
        REPORTED: """
            Nuestro cliente dice que la página ha sido eliminada.
            Según el cliente, el archivo fue borrado.
            El usuario nos indica que el contenido fue retirado.
            """,
    },
    "nl": {
        REMOVED: """
            De pagina is verwijderd.
            Wij hebben het bestand verwijderd.
            De inhoud is vanochtend offline gehaald.
            Het bestand werd vandaag gewist.
            """,
        NEGATED: """
            De pagina is niet verwijderd.
            Wij hebben het bestand nog niet verwijderd.
            De inhoud is nooit offline gehaald.
            Er is tot nu toe niets verwijderd.
            """,
        FUTURE: """
            De pagina wordt morgen verwijderd.
            Wij gaan het bestand verwijderen.
            De inhoud zal binnenkort offline worden gehaald.
            Het bestand moet nog verwijderd worden.
            """,
        QUESTION: """
            Is de pagina verwijderd?
            Hebben jullie het bestand al verwijderd?
            Kunt u bevestigen dat de inhoud is verwijderd?
            """,
        CONDITIONAL: """
            Zodra de pagina is verwijderd, laten wij het weten.
            Als het bestand is verwijderd, kunt u de zaak sluiten.
            Indien de inhoud dan niet is verwijderd, grijpen wij in.
            """,
        REPORTED: """
            Onze klant zegt dat de pagina is verwijderd.
            Volgens de klant is het bestand verwijderd.
            De beheerder beweert dat de inhoud is verwijderd.
            """,
    },
    "pt": {
        REMOVED: """
            A página foi removida.
            Removemos o arquivo.
            O conteúdo foi retirado do ar esta manhã.
            O arquivo já foi excluído.
            Excluímos o conteúdo dos nossos servidores.
            """,
        NEGATED: """
            A página não foi removida.
            Ainda não removemos o arquivo.
            O conteúdo nunca foi retirado do ar.
            Nada foi excluído até agora.
            """,
        FUTURE: """
            A página será removida amanhã.
            Vamos remover o arquivo.
            O conteúdo deve ser retirado do ar em breve.
            Removeremos o arquivo até sexta-feira.
            """,
        QUESTION: """
            A página foi removida?
            Vocês já removeram o arquivo?
            Podem confirmar que o conteúdo foi excluído?
            """,
        CONDITIONAL: """
            Assim que a página for removida, avisaremos.
            Se o arquivo foi removido, por favor encerrem o caso.
            Caso o conteúdo tenha sido excluído, avisem-nos.
            """,
        REPORTED: """
            O nosso cliente diz que a página foi removida.
            Segundo o cliente, o arquivo foi excluído.
            O usuário informou que o conteúdo foi removido.
            """,
    },
    "it": {
        REMOVED: """
            La pagina è stata rimossa.
            Abbiamo eliminato il file.
            Il contenuto è stato cancellato stamattina.
            Il file è ora eliminato.
            Abbiamo rimosso il contenuto dai nostri server.
            """,
        NEGATED: """
            La pagina non è stata rimossa.
            Non abbiamo ancora eliminato il file.
            Il contenuto non è mai stato cancellato.
            Finora nulla è stato rimosso.
            """,
        FUTURE: """
            La pagina sarà rimossa domani.
            Elimineremo il file.
            Il contenuto dovrebbe essere cancellato a breve.
            Stiamo per rimuovere il file.
            """,
        QUESTION: """
            La pagina è stata rimossa?
            Avete già eliminato il file?
            Potete confermare che il contenuto è stato cancellato?
            """,
        CONDITIONAL: """
            Appena la pagina sarà stata rimossa vi avviseremo.
            Se il file è stato eliminato, chiudete il caso.
            Una volta che il contenuto è stato rimosso vi scriveremo.
            """,
        REPORTED: """
            Il nostro cliente dice che la pagina è stata rimossa.
            Secondo il cliente il file è stato eliminato.
            Il gestore ci comunica che il contenuto è stato cancellato.
            """,
    },
    "pl": {
        REMOVED: """
            Strona została usunięta.
            Usunęliśmy plik.
            Treść została dziś rano skasowana.
            Plik został już usunięty.
            Usunęliśmy te treści z naszych serwerów.
            """,
        NEGATED: """
            Strona nie została usunięta.
            Jeszcze nie usunęliśmy pliku.
            Treść nigdy nie została skasowana.
            Nic dotąd nie zostało usunięte.
            """,
        FUTURE: """
            Strona zostanie jutro usunięta.
            Usuniemy plik.
            Treść powinna wkrótce zostać skasowana.
            Plik będzie usunięty do piątku.
            """,
        QUESTION: """
            Czy strona została usunięta?
            Czy usunęliście już plik?
            Czy mogą Państwo potwierdzić, że treść została usunięta?
            """,
        CONDITIONAL: """
            Gdy tylko strona zostanie usunięta, damy znać.
            Jeśli plik został usunięty, prosimy zamknąć sprawę.
            Po tym, jak treść zostanie usunięta, odezwiemy się.
            """,
        REPORTED: """
            Nasz klient twierdzi, że strona została usunięta.
            Według klienta plik został usunięty.
            Użytkownik poinformował nas, że treść została skasowana.
            """,
    },
    "ru": {
        REMOVED: """
            Страница удалена.
            Мы удалили файл.
            Контент был удалён сегодня утром.
            Файл уже удалён с нашего сервера.
            Материал удалён.
            """,
        NEGATED: """
            Страница не удалена.
            Мы ещё не удалили файл.
            Контент так и не был удалён.
            Пока ничего не удалено.
            """,
        FUTURE: """
            Страница будет удалена завтра.
            Мы удалим файл.
            Контент должен быть удалён в ближайшее время.
            Файл планируется удалить до пятницы.
            """,
        QUESTION: """
            Страница удалена?
            Удалили ли вы файл?
            Можете ли вы подтвердить, что контент удалён?
            """,
        CONDITIONAL: """
            Как только страница будет удалена, мы сообщим.
            Если файл удалён, закройте, пожалуйста, обращение.
            После того как контент будет удалён, мы напишем.
            """,
        REPORTED: """
            Клиент сообщает, что страница удалена.
            По словам клиента, файл удалён.
            Владелец сайта утверждает, что контент был удалён.
            """,
    },
    "uk": {
        REMOVED: """
            Сторінку видалено.
            Ми видалили файл.
            Контент було видалено сьогодні вранці.
            Файл уже видалено з нашого сервера.
            """,
        NEGATED: """
            Сторінку не видалено.
            Ми ще не видалили файл.
            Контент так і не було видалено.
            Поки що нічого не видалено.
            """,
        FUTURE: """
            Сторінку буде видалено завтра.
            Ми видалимо файл.
            Контент має бути видалено найближчим часом.
            """,
        QUESTION: """
            Сторінку видалено?
            Чи видалили ви файл?
            Чи можете ви підтвердити, що контент видалено?
            """,
        CONDITIONAL: """
            Щойно сторінку буде видалено, ми повідомимо.
            Якщо файл видалено, закрийте, будь ласка, звернення.
            """,
        REPORTED: """
            Клієнт повідомляє, що сторінку видалено.
            За словами клієнта, файл видалено.
            Власник сайту стверджує, що контент видалено.
            """,
    },
    "tr": {
        REMOVED: """
            Sayfa kaldırıldı.
            Dosyayı sildik.
            İçerik bu sabah yayından kaldırılmıştır.
            Dosya sunucularımızdan silindi.
            """,
        NEGATED: """
            Sayfa kaldırılmadı.
            Dosyayı henüz silmedik.
            İçerik yayından kaldırılmamıştır.
            Dosya silinmedi.
            """,
        FUTURE: """
            Sayfa yarın kaldırılacak.
            Dosyayı sileceğiz.
            İçerik kısa süre içinde kaldırılacaktır.
            Dosyanın silinmesi planlanıyor.
            """,
        QUESTION: """
            Sayfa kaldırıldı mı?
            Dosyayı sildiniz mi?
            İçeriğin kaldırıldığını teyit edebilir misiniz?
            """,
        CONDITIONAL: """
            Sayfa kaldırıldığında size bildireceğiz.
            Dosya silindiyse lütfen kaydı kapatın.
            Eğer içerik kaldırıldı ise bize bildirin.
            """,
        REPORTED: """
            Müşterimiz sayfanın kaldırıldığını söylüyor.
            Müşteriye göre dosya silindi.
            Site sahibi içeriğin silindiğini iddia ediyor.
            """,
    },
    "zh": {
        REMOVED: """
            该页面已删除。
            我们已删除该文件。
            相关内容已于今天上午下架。
            该文件已经被移除。
            """,
        NEGATED: """
            该页面尚未删除。
            我们还没有删除该文件。
            相关内容未被移除。
            目前没有删除任何内容。
            """,
        FUTURE: """
            该页面将于明天删除。
            我们会删除该文件。
            相关内容预计很快下架。
            我们将尽快删除该文件。
            """,
        QUESTION: """
            该页面已删除了吗?
            文件是否已删除?
            请问贵方能否确认内容已被移除?
            """,
        CONDITIONAL: """
            页面删除后我们会通知您。
            如果文件已删除,请关闭此案。
            一旦内容被移除,我们会告知您。
            """,
        REPORTED: """
            客户称该页面已删除。
            据用户反馈,文件已删除。
            网站管理员表示内容已被移除。
            """,
    },
    "ja": {
        REMOVED: """
            該当ページを削除しました。
            ファイルは削除済みです。
            コンテンツは本日削除いたしました。
            当該ファイルはすでに削除されています。
            """,
        NEGATED: """
            該当ページは削除していません。
            ファイルはまだ削除されておりません。
            コンテンツは削除しませんでした。
            """,
        FUTURE: """
            該当ページは明日削除する予定です。
            ファイルを削除いたします。
            コンテンツはまもなく削除される見込みです。
            """,
        QUESTION: """
            該当ページは削除されましたか。
            ファイルはすでに削除されたのでしょうか。
            コンテンツが削除されたことを確認いただけますか。
            """,
        CONDITIONAL: """
            該当ページが削除されましたらご連絡いたします。
            ファイルが削除された場合は、本件を終了してください。
            コンテンツを削除した後にご報告します。
            """,
        REPORTED: """
            お客様によると、該当ページは削除されたとのことです。
            利用者からファイルを削除したと連絡がありました。
            契約者はコンテンツを削除したと主張しています。
            """,
    },
    "ko": {
        REMOVED: """
            해당 페이지를 삭제했습니다.
            파일이 삭제되었습니다.
            콘텐츠는 오늘 오전에 삭제 완료하였습니다.
            """,
        NEGATED: """
            해당 페이지는 삭제되지 않았습니다.
            아직 파일을 삭제하지 않았습니다.
            콘텐츠를 삭제하지 못했습니다.
            """,
        FUTURE: """
            해당 페이지는 내일 삭제될 예정입니다.
            파일을 삭제하겠습니다.
            콘텐츠를 곧 삭제할 것입니다.
            """,
        QUESTION: """
            해당 페이지가 삭제되었습니까?
            파일을 삭제하셨나요?
            콘텐츠가 삭제되었는지 확인해 주시겠습니까?
            """,
        CONDITIONAL: """
            해당 페이지가 삭제되면 알려 드리겠습니다.
            파일이 삭제되었다면 사건을 종료해 주십시오.
            만약 콘텐츠가 삭제되었으면 회신 바랍니다.
            """,
        REPORTED: """
            고객이 해당 페이지를 삭제했다고 합니다.
            이용자에 따르면 파일이 삭제되었다고 합니다.
            운영자는 콘텐츠를 삭제했다고 주장합니다.
            """,
    },
    "ar": {
        REMOVED: """
            تم حذف الصفحة.
            لقد حذفنا الملف.
            تمت إزالة المحتوى صباح اليوم.
            تم حذف الملف من خوادمنا.
            """,
        NEGATED: """
            لم يتم حذف الصفحة.
            لم نحذف الملف بعد.
            لم تتم إزالة المحتوى.
            لم يُحذف أي شيء حتى الآن.
            """,
        FUTURE: """
            سيتم حذف الصفحة غدا.
            سنحذف الملف.
            سوف تتم إزالة المحتوى قريبا.
            """,
        QUESTION: """
            هل تم حذف الصفحة؟
            هل حذفتم الملف؟
            هل يمكنكم تأكيد أنه تم حذف المحتوى؟
            """,
        CONDITIONAL: """
            بمجرد حذف الصفحة سنعلمكم.
            إذا تم حذف الملف فيرجى إغلاق البلاغ.
            عندما تتم إزالة المحتوى سنخبركم.
            """,
        REPORTED: """
            يقول عميلنا إنه تم حذف الصفحة.
            وفقا للعميل تم حذف الملف.
            أبلغنا المستخدم أنه تمت إزالة المحتوى.
            """,
    },
}  # fmt: skip


def sentences(kind: str) -> Iterator[tuple[str, str]]:
    """Yield (language, sentence) of one kind."""
    for language, kinds in SENTENCES.items():
        for line in kinds[kind].strip().splitlines():
            yield language, line.strip()


def _plain(text: str) -> str:
    return f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"


def _html(body: str) -> str:
    return f"Content-Type: text/html; charset=utf-8\n\n<html><body>{body}</body></html>\n"


# Layouts in which the sentence is the sender's own word about the notice's only URL.
OWN_LAYOUTS = {
    "bare": lambda text: _plain(text),
    "greeting and name": lambda text: _plain(f"Hello,\n\n{text}\n\nBest regards,\nBo"),
    "above a quote": lambda text: _plain(f"{text}\n\nOn Mon, 12 Oct 2026 the desk wrote:\n> please take it down"),
    "beside the address": lambda text: _plain(f"https://a.host.example/1\n{text}"),
    "html": lambda text: _html(f"<div><p>Hello,</p><p>{escape(text)}</p></div>"),
    "html list": lambda text: _html(f"<ul><li>{escape(text)}</li></ul>"),
    "html table": lambda text: _html(
        f"<table><tr><td>https://a.host.example/1</td><td>{escape(text)}</td></tr></table>"
    ),
}

# Layouts in which the same words are not the sender's new words, so that they never count.
FOREIGN_LAYOUTS = {
    "quoted": lambda text: _plain(f"Thank you.\n\n> {text}\n"),
    "below a quote head": lambda text: _plain(
        f"Thank you.\n\nOn Mon, 12 Oct 2026 at 10:00, The desk <a@b.example> wrote:\n{text}"
    ),
    "signature": lambda text: _plain(f"Thank you.\n\n-- \nBo\n{text}"),
    "struck out": lambda text: _html(f"<p>Thank you.</p><p><s>{escape(text)}</s></p>"),
    "hidden": lambda text: _html(f'<p>Thank you.</p><div style="display:none">{escape(text)}</div>'),
    "html quote": lambda text: _html(f"<p>Thank you.</p><blockquote>{escape(text)}</blockquote>"),
}


# What closes a notice of two items, and single removals in other words than above.
BOTH: dict[str, str] = {
    "en": """
        Both links have been taken offline.
        All reported URLs were disabled on our side this morning.
        We have erased both videos and closed the uploader's account.
        Both addresses now return 404 because we deleted the files.
        """,
    "de": """
        Beide Links sind nicht mehr erreichbar, die Dateien wurden gelöscht.
        Alle gemeldeten URLs haben wir heute gesperrt und gelöscht.
        Wir haben beide Videos gelöscht und das Konto geschlossen.
        """,
    "fr": """
        Les deux liens ont été désactivés et les fichiers supprimés.
        Toutes les URL signalées ont été retirées ce matin.
        Nous avons effacé les deux vidéos et fermé le compte.
        """,
    "es": """
        Ambos enlaces han sido dados de baja.
        Todas las URL denunciadas fueron eliminadas esta mañana.
        Hemos borrado los dos vídeos y cerrado la cuenta.
        """,
    "nl": """
        Beide links zijn offline gehaald.
        Alle gemelde URL's zijn vanochtend verwijderd.
        Wij hebben beide video's gewist en het account gesloten.
        """,
    "pt": """
        Ambos os links foram retirados do ar.
        Todas as URLs denunciadas foram removidas esta manhã.
        Apagamos os dois vídeos e encerramos a conta.
        """,
    "it": """
        Entrambi i link sono stati disattivati.
        Tutti gli URL segnalati sono stati rimossi stamattina.
        Abbiamo cancellato entrambi i video e chiuso l'account.
        """,
    "pl": """
        Oba linki zostały wyłączone.
        Wszystkie zgłoszone adresy zostały dziś rano usunięte.
        Skasowaliśmy oba filmy i zamknęliśmy konto.
        """,
    "ru": """
        Обе ссылки отключены.
        Все указанные адреса удалены сегодня утром.
        Мы удалили оба видео и закрыли аккаунт.
        """,
    "uk": """
        Обидва посилання вимкнено.
        Усі вказані адреси видалено сьогодні вранці.
        Ми видалили обидва відео і закрили акаунт.
        """,
    "tr": """
        Her iki bağlantı da erişime kapatıldı.
        Bildirilen tüm URL'ler bu sabah kaldırıldı.
        Her iki videoyu da sildik ve hesabı kapattık.
        """,
    "zh": """
        两个链接均已下架。
        所有被举报的网址今天上午均已删除。
        我们已删除两个视频并关闭了账号。
        """,
    "ja": """
        両方のリンクを削除しました。
        ご指摘のURLはすべて本日削除いたしました。
        二件とも削除済みで、アカウントも停止しました。
        """,
    "ko": """
        두 링크 모두 삭제되었습니다.
        신고하신 모든 URL을 오늘 오전 삭제했습니다.
        두 동영상을 모두 삭제하고 계정을 해지했습니다.
        """,
    "ar": """
        تم تعطيل الرابطين كليهما.
        تمت إزالة جميع الروابط المبلغ عنها صباح اليوم.
        حذفنا مقطعي الفيديو وأغلقنا الحساب.
        """,
}

# Removals as support desks write them, with the number of items that they speak of.
COURTEOUS = (
    ("The page mentioned in your report has been removed.", 1),
    ("All links in your notice have been removed.", 2),
    ("Both files listed in your e-mail were deleted.", 2),
    ("All URLs from your two notices have been removed.", 2),
    ("The reported content was removed and the uploader banned.", 1),
    ("We have removed the file and its thumbnail from our servers.", 1),
    ("We confirm that the page has been removed from our platform.", 1),
    ("The image has been permanently removed from our system and cannot be restored.", 1),
    ("The video was removed for violating our policies.", 1),
    ("The content violated our terms and has been removed.", 1),
    ("Thank you, the listing has been taken down and the seller account was closed.", 1),
    ("Both posts have been removed in line with our community guidelines.", 2),
    ("The item is no longer available on our platform.", 1),
    ("The customer account and all of its files have been deleted.", 2),
    ("We have now removed the content. Should you find anything else, let us know.", 1),
    ("The page was deleted at 14:05 UTC; logs are kept for the police.", 1),
    ("Wir haben den gemeldeten Inhalt entfernt. Sollten Sie weitere Fragen haben, melden Sie sich.", 1),
    ("Le contenu signalé a été supprimé, merci de votre signalement.", 1),
    ("El contenido de su aviso ha sido eliminado.", 1),
    ("De in uw melding genoemde pagina is verwijderd.", 1),
    ("Контент, указанный в вашем обращении, удалён.", 1),
    ("您举报的内容已删除。", 1),
    ("ご通報いただいたページは削除いたしました。", 1),
    ("신고하신 콘텐츠는 삭제되었습니다.", 1),
    ("تم حذف المحتوى المذكور في بلاغكم.", 1),
)
