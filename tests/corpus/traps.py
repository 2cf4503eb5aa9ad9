"""Sentences with the words of a removal that remove nothing of what was reported: none of them may ever close a URL.

Another thing was removed, for some people only, for a while, from a list or cache, by somebody else, or not any more.
"""

TRAPS: dict[str, str] = {
    "en": """
        We have removed your report from our queue.
        Your ticket has been removed.
        The content has been removed from our search index.
        We removed the link from our cache; the origin still serves it.
        The account has been suspended.
        The user has been banned.
        We have removed public access for visitors from your country.
        The content was removed, then restored after an appeal.
        We have removed some of the content.
        The page was removed but a copy is still online elsewhere.
        Most of the files have been deleted.
        The file has been removed from public view for 48 hours.
        We confirm receipt. Content that violates our rules is removed.
        Removed content will be restored if the customer objects.
        Content has been removed? Please confirm.
        The thumbnails have been removed.
        The images were deleted by mistake and have been restored.
        We deleted the email with your report by accident.
        We've removed you from our mailing list.
        You asked us to confirm that the content has been removed.
        Please confirm that the content was removed.
        The page has been removed by the previous host.
        The attachment has been removed by our filter.
        I would be glad if it were removed.
        To have the content removed, please use our form.
        Content can only be removed with a court order.
        The listing was removed last year and is back.
        Has been removed: nothing so far.
        We have asked the customer to confirm that it has been deleted.
        The content has allegedly been removed.
        We think it has been removed.
        It looks like the file was removed.
        The content you reported had been removed before but was uploaded again.
        Content removed within 24h guaranteed. Best host since 2004.
        Our policy: all illegal content is removed.
        All illegal content is deleted immediately when we learn of it.
        We have deleted the logs.
        We have deleted your personal data.
        The domain was deleted from our DNS.
        We have removed our DNS records for this name.
        The customer's invoice was deleted.
        The files were removed in the EU.
        The link was removed from the post, the file itself remains.
        I have removed the link from your message because our filter blocks it.
        Links removed for security reasons.
        The page now requires a login.
        We have put a password on it.
        The content has been hidden pending review.
        It was flagged for removal.
        It was marked as deleted.
        Your takedown request was processed successfully.
        The removal request has been completed.
        The page was deleted from the menu only.
        We removed it, but the customer put it back an hour later.
        The customer has been told that it must be removed.
        The content has been removed from the homepage but is still available under the direct link.
        We have removed the video from recommendations.
        The video has been removed from the playlist.
        We have removed the ads from the page.
        The comments below the video were deleted.
        The profile picture was removed.
        We have deleted the spam comments.
        The case has been deleted from our system.
        The notice was deleted because it was in the wrong format.
        Your message was removed from quarantine.
        The block on the file has been removed.
        The restriction has been removed again.
        The file was removed from the trash and restored.
        I hereby confirm that I have removed nothing.
        We have neither removed nor blocked the page.
        We would have removed the page if it were ours.
        The page could be removed if you send us an order.
        The page ought to be removed by now.
        By tomorrow the page will have been removed.
        We were told that the file has been deleted.
        The uploader promised that it is deleted.
        It is said to have been removed.
        Supposedly the page was deleted.
        If I understand correctly, the page has been removed.
        Assuming that the page has been removed, we close this case.
        We closed the case because the content was supposedly removed.
        The content was removed by another provider, not by us; we cannot check.
        You wrote that the content was removed.
        Your notice says that the content was removed.
        Thank you for removing us from your list.
        We disabled the account's e-mail.
        The account was terminated, but the files stay until the end of the month.
        The server was shut down for maintenance.
        The site is offline for maintenance.
        The site is offline at the moment.
        The page is not available at the moment.
        The link does not open here, has it been removed?
        The server is down due to an outage.
        Access has been disabled for users in Germany.
        Access was disabled temporarily.
        Access to the file was disabled until the customer answers.
        The file was moved to another folder.
        The file has been renamed.
        The file was moved to quarantine for review.
        The file was removed from folder A and moved to folder B.
        The content has been removed from our server and moved to our customer's own server.
        The customer moved the site to another host, so it is no longer on our server.
        The site is no longer hosted with us.
        The domain no longer points to our server.
        The customer has left us, the contract was terminated.
        The page no longer exists in our search results.
        The page has been replaced by a newer version of the same content.
        Item removed from basket.
        Content removed: no. Content reviewed: yes.
        Status: not removed
        Removed: no
        Deleted? No.
        removed [ ] not removed [x]
        Removed (pending)
        Deletion: in progress
        Deleted soon.
        Removal refused.
        Take them down without delay.
        We ask you to take them down without delay.
        We take such pages down.
        Taking the page down takes a day.
        We take abuse seriously and take such content down.
        The deleted file is recoverable.
        The page was down yesterday, now it is up.
        We have gone through your list.
        The matter is gone to legal.
        We are offline until Monday.
        Our support is no longer available by phone.
        The reporter is no longer available.
        The form is no longer available.
        The process was terminated with an error.
        Your link no longer works.
        Your account has been disabled.
        Your access has been removed.
        You have been removed from the list of reporters.
        The old abuse address has been removed.
        The e-mail address abuse@host.example has been deleted.
        This mailbox has been deleted.
        This address has been disabled.
        Your message was deleted without being read.
        Deleted files stay in the backup for 30 days.
        We disabled the notification for your address.
        Our staff removes files every morning.
        We have removed the user's ability to post.
        The comment section has been removed.
        The link has been removed from the bio.
        The mirror was deleted.
        One mirror has been removed.
        The backup was deleted.
        A similar file was removed.
        Another post was removed.
        We removed 12 other items by the same user.
        All the other files were deleted.
        The rest has been removed.
        The uploader has been removed from the team.
        The title of the page was removed.
        The description was deleted.
        The download counter was removed.
        The user name was deleted from the page.
        The download button has been removed.
        Sharing has been disabled.
        Downloads are disabled for this file.
        Indexing has been disabled.
        Comments are disabled.
        The upload function has been disabled.
        The hoster confirmed that it was removed.
        I was asked to confirm that it was removed.
        You want the page removed, understood.
        https://a.host.example/99 has been removed.
        Its removal has been requested.
        Removal confirmed by the customer.
        The status shows removed but I can still open it.
        The video was made private.
        We consider this matter resolved.
        We have actioned the content.
        Removing the file as we speak.
        """,
    "de": """
        Wir haben den Zugriff für Nutzer aus Deutschland gesperrt.
        Der Inhalt wurde entfernt und nach einem Widerspruch wiederhergestellt.
        Die Seite wurde aus unserem Suchindex entfernt.
        Wir haben die Logdateien gelöscht.
        Wir haben Ihr Ticket gelöscht.
        Die Sperre wurde wieder entfernt.
        Die Kommentare unter dem Video wurden gelöscht.
        Der Server wurde zu Wartungszwecken abgeschaltet.
        Rechtswidrige Inhalte werden von uns gelöscht.
        Der Kunde hat die Datei verschoben.
        Die Datei wurde in einen anderen Ordner verschoben.
        Die Seite wird nicht mehr bei uns gehostet.
        Die Datei wurde gelöscht, der Kunde hat sie aber erneut hochgeladen.
        Es sieht so aus, als sei die Datei gelöscht worden.
        Entfernt: nein
        Nur eine der beiden Dateien wurde gelöscht.
        Ihr Zugang wurde gesperrt.
        Dieses Postfach wurde gelöscht.
        Ihre E-Mail wurde ungelesen gelöscht.
        Das Formular ist nicht mehr verfügbar.
        Bitte löschen Sie die Datei.
        Wir nehmen solche Seiten vom Netz.
        Eine ähnliche Datei wurde gelöscht.
        Alle anderen Dateien wurden gelöscht.
        Das Backup wurde gelöscht.
        Der Titel der Seite wurde entfernt.
        Der Hoster hat bestätigt, dass sie gelöscht wurde.
        Die Kommentarfunktion wurde deaktiviert.
        Die Löschung wurde beantragt.
        Der Spiegel wurde gelöscht.
        Das Video wurde auf privat gestellt.
        Die Löschung ist für morgen geplant.
        Die Löschung wurde eingeleitet.
        Die Datei dürfte inzwischen gelöscht sein.
        Die Datei müsste jetzt weg sein.
        Wir haben mit der Löschung begonnen.
        Die Löschung ist fehlgeschlagen.
        Niemand hat die Datei gelöscht.
        Sie möchten, dass die Seite entfernt wird.
        Die Datei wurde zur Löschung vorgemerkt.
        Wir haben versucht, die Datei zu löschen.
        Gelöschte Dateien bleiben 30 Tage im Backup.
        Die Seite ist gelöscht worden, jedoch nur auf einem der Server.
        Wir hätten die Datei gelöscht.
        Die Datei ist angeblich gelöscht.
        Der Beitrag wurde mit einer Altersbeschränkung versehen.
        Die Domain wurde gesperrt, die Dateien liegen aber noch auf dem Server.
        Sobald die Datei gelöscht ist, schließen wir den Fall.
        """,
    "fr": """
        L'accès a été bloqué pour les visiteurs français uniquement.
        Le contenu a été supprimé puis rétabli après recours.
        La page a été retirée de notre index de recherche.
        Nous avons supprimé les journaux.
        Votre ticket a été supprimé.
        Le blocage a été supprimé.
        Les commentaires sous la vidéo ont été supprimés.
        Le serveur a été arrêté pour maintenance.
        Tout contenu illicite est supprimé.
        Le fichier a été déplacé dans un autre dossier.
        Le site n'est plus hébergé chez nous.
        Le fichier a été supprimé mais le client l'a remis en ligne.
        Il semble que le fichier a été supprimé.
        Supprimé : non
        Un seul des deux fichiers a été supprimé.
        Votre accès a été supprimé.
        Cette boîte a été supprimée.
        Votre message a été supprimé sans avoir été lu.
        Le formulaire n'est plus disponible.
        Veuillez supprimer le fichier.
        Un fichier similaire a été supprimé.
        Tous les autres fichiers ont été supprimés.
        La sauvegarde a été supprimée.
        Le titre de la page a été supprimé.
        L'hébergeur a confirmé que la page a été supprimée.
        Les commentaires ont été désactivés.
        La suppression a été demandée.
        La vidéo a été mise en privé.
        La suppression est prévue demain.
        La suppression a été lancée.
        Le fichier devrait être supprimé maintenant.
        Nous avons commencé à supprimer les fichiers.
        La suppression a échoué.
        Personne n’a supprimé le fichier.
        Vous souhaitez que la page soit supprimée.
        Nous avons essayé de supprimer le fichier.
        Les fichiers supprimés restent 30 jours dans la sauvegarde.
        Nous aurions supprimé le fichier.
        Le fichier aurait été supprimé.
        Le fichier est marqué comme supprimé.
        Le domaine est suspendu mais les fichiers sont encore sur le serveur.
        Nous ne pouvons pas confirmer que le fichier a été supprimé.
        """,
    "es": """
        Se ha bloqueado el acceso solo para los usuarios de España.
        El contenido fue eliminado y después restaurado tras una apelación.
        La página fue eliminada de nuestro índice de búsqueda.
        Hemos eliminado los registros.
        Su ticket ha sido eliminado.
        El bloqueo ha sido eliminado.
        Los comentarios del vídeo fueron eliminados.
        El servidor fue apagado por mantenimiento.
        Todo contenido ilegal es eliminado.
        El archivo fue movido a otra carpeta.
        El sitio ya no está alojado con nosotros.
        El archivo fue eliminado, pero el cliente lo volvió a subir.
        Parece que el archivo fue eliminado.
        Eliminado: no
        Solo uno de los dos archivos ha sido eliminado.
        Su acceso ha sido desactivado.
        Este buzón ha sido eliminado.
        Su mensaje fue eliminado sin ser leído.
        El formulario ya no está disponible.
        Por favor eliminen el archivo.
        Un archivo similar fue eliminado.
        Todos los demás archivos fueron eliminados.
        La copia de seguridad fue eliminada.
        El título de la página fue eliminado.
        El proveedor confirmó que la página fue eliminada.
        Los comentarios han sido desactivados.
        Se ha solicitado la eliminación.
        El vídeo se ha puesto en privado.
        La eliminación está prevista para mañana.
        La eliminación se ha iniciado.
        El archivo debería estar eliminado.
        Hemos empezado a eliminar los archivos.
        La eliminación ha fallado.
        Nadie ha eliminado el archivo.
        Ustedes quieren que la página sea eliminada.
        Hemos intentado eliminar el archivo.
        Los archivos eliminados quedan 30 días en la copia.
        Habríamos eliminado el archivo.
        El archivo habría sido eliminado.
        El archivo está marcado como eliminado.
        No podemos confirmar que el archivo haya sido eliminado.
        """,
    "nl": """
        De toegang is alleen voor bezoekers uit Nederland geblokkeerd.
        De inhoud is verwijderd en na bezwaar teruggeplaatst.
        De pagina is uit onze zoekindex verwijderd.
        Wij hebben de logbestanden verwijderd.
        Uw ticket is verwijderd.
        De blokkade is verwijderd.
        De server is uitgeschakeld voor onderhoud.
        De site wordt niet meer bij ons gehost.
        Het bestand is verwijderd maar de klant heeft het opnieuw geplaatst.
        Het lijkt erop dat het bestand is verwijderd.
        Verwijderd: nee
        Uw toegang is ingetrokken.
        Deze mailbox is verwijderd.
        Uw bericht is ongelezen verwijderd.
        Het formulier is niet meer beschikbaar.
        Een soortgelijk bestand is verwijderd.
        Alle andere bestanden zijn verwijderd.
        De back-up is verwijderd.
        De titel van de pagina is verwijderd.
        De hoster bevestigde dat het is verwijderd.
        Reacties zijn uitgeschakeld.
        De video is op privé gezet.
        De verwijdering staat gepland voor morgen.
        De verwijdering is gestart.
        Het bestand zou nu verwijderd moeten zijn.
        Wij zijn begonnen met verwijderen.
        De verwijdering is mislukt.
        Niemand heeft het bestand verwijderd.
        U wilt dat de pagina wordt verwijderd.
        Wij hebben geprobeerd het bestand te verwijderen.
        Wij zouden het bestand verwijderd hebben.
        Het bestand is gemarkeerd als verwijderd.
        Wij kunnen niet bevestigen dat het is verwijderd.
        """,
    "pt": """
        O acesso foi bloqueado apenas para usuários do Brasil.
        O conteúdo foi removido e depois restaurado após recurso.
        A página foi removida do nosso índice de busca.
        Removemos os registros de acesso.
        O seu chamado foi removido.
        O bloqueio foi removido.
        O servidor foi desligado para manutenção.
        O site não está mais hospedado conosco.
        O arquivo foi removido, mas o cliente o publicou novamente.
        Parece que o arquivo foi removido.
        Removido: não
        O seu acesso foi removido.
        Esta caixa postal foi excluída.
        A sua mensagem foi excluída sem ser lida.
        O formulário não está mais disponível.
        Um arquivo semelhante foi removido.
        Todos os outros arquivos foram removidos.
        A cópia de segurança foi removida.
        O título da página foi removido.
        O provedor confirmou que a página foi removida.
        Os comentários foram desativados.
        O vídeo foi colocado como privado.
        A remoção está prevista para amanhã.
        A remoção foi iniciada.
        O arquivo deve ter sido removido.
        Começamos a remover os arquivos.
        A remoção falhou.
        Ninguém removeu o arquivo.
        Vocês querem que a página seja removida.
        Tentamos remover o arquivo.
        Teríamos removido o arquivo.
        O arquivo está marcado como removido.
        Não podemos confirmar que o arquivo foi removido.
        """,
    "it": """
        L'accesso è stato bloccato solo per gli utenti italiani.
        Il contenuto è stato rimosso e poi ripristinato dopo un ricorso.
        La pagina è stata rimossa dal nostro indice di ricerca.
        Abbiamo cancellato i log.
        Il vostro ticket è stato eliminato.
        Il blocco è stato rimosso.
        Il server è stato spento per manutenzione.
        Il sito non è più ospitato da noi.
        Il file è stato eliminato ma il cliente lo ha ricaricato.
        Sembra che il file sia stato eliminato.
        Rimosso: no
        Il vostro accesso è stato rimosso.
        Questa casella è stata eliminata.
        Il messaggio è stato eliminato senza essere letto.
        Il modulo non è più disponibile.
        Un file simile è stato rimosso.
        Tutti gli altri file sono stati eliminati.
        Il backup è stato eliminato.
        Il titolo della pagina è stato rimosso.
        Il provider ha confermato che la pagina è stata rimossa.
        I commenti sono stati disattivati.
        Il video è stato reso privato.
        La rimozione è prevista per domani.
        La rimozione è stata avviata.
        Il file dovrebbe essere stato rimosso.
        Abbiamo iniziato a rimuovere i file.
        La rimozione è fallita.
        Nessuno ha rimosso il file.
        Volete che la pagina sia rimossa.
        Abbiamo provato a rimuovere il file.
        Avremmo rimosso il file.
        Il file è contrassegnato come rimosso.
        Non possiamo confermare che il file sia stato rimosso.
        """,
    "pl": """
        Dostęp zablokowano tylko dla użytkowników z Polski.
        Treść została usunięta, a po odwołaniu przywrócona.
        Strona została usunięta z naszego indeksu wyszukiwania.
        Usunęliśmy logi.
        Państwa zgłoszenie zostało usunięte.
        Blokada została usunięta.
        Serwer został wyłączony na czas prac serwisowych.
        Strona nie jest już u nas hostowana.
        Plik został usunięty, ale klient wgrał go ponownie.
        Wygląda na to, że plik został usunięty.
        Usunięto: nie
        Państwa dostęp został usunięty.
        Ta skrzynka została usunięta.
        Państwa wiadomość została usunięta bez przeczytania.
        Formularz nie jest już dostępny.
        Podobny plik został usunięty.
        Wszystkie inne pliki zostały usunięte.
        Kopia zapasowa została usunięta.
        Tytuł strony został usunięty.
        Dostawca potwierdził, że strona została usunięta.
        Komentarze zostały wyłączone.
        Film ustawiono jako prywatny.
        Usunięcie planowane jest na jutro.
        Rozpoczęto usuwanie.
        Plik powinien być już usunięty.
        Usunięcie nie powiodło się.
        Nikt nie usunął pliku.
        Chcą Państwo, aby strona została usunięta.
        Próbowaliśmy usunąć plik.
        Usunęlibyśmy plik.
        Plik oznaczono jako usunięty.
        Nie możemy potwierdzić, że plik został usunięty.
        """,
    "ru": """
        Доступ заблокирован только для пользователей из России.
        Контент был удалён, а затем восстановлен после апелляции.
        Страница удалена из нашего поискового индекса.
        Мы удалили журналы доступа.
        Ваше обращение удалено.
        Блокировка удалена.
        Сервер отключён на время технических работ.
        Сайт больше не размещается у нас.
        Файл был удалён, но клиент загрузил его снова.
        Похоже, файл удалён.
        Удалено: нет
        Ваш доступ удалён.
        Этот почтовый ящик удалён.
        Ваше сообщение удалено непрочитанным.
        Форма больше недоступна.
        Похожий файл удалён.
        Все остальные файлы удалены.
        Резервная копия удалена.
        Заголовок страницы удалён.
        Хостер подтвердил, что страница удалена.
        Комментарии отключены.
        Видео сделано приватным.
        Удаление запланировано на завтра.
        Удаление начато.
        Файл должен быть уже удалён.
        Удаление не удалось.
        Никто не удалял файл.
        Вы хотите, чтобы страница была удалена.
        Мы пытались удалить файл.
        Мы бы удалили файл.
        Файл помечен как удалённый.
        Мы не можем подтвердить, что файл удалён.
        Якобы файл удалён.
        """,
    "uk": """
        Доступ заблоковано лише для користувачів з України.
        Контент було видалено, а потім відновлено.
        Сторінку видалено з нашого пошукового індексу.
        Ваше звернення видалено.
        Блокування видалено.
        Файл було видалено, але клієнт завантажив його знову.
        Схоже, файл видалено.
        Ваш доступ видалено.
        Цю поштову скриньку видалено.
        Форма більше недоступна.
        Схожий файл видалено.
        Усі інші файли видалено.
        Резервну копію видалено.
        Заголовок сторінки видалено.
        Коментарі вимкнено.
        Видалення заплановано на завтра.
        Видалення розпочато.
        Файл має бути вже видалено.
        Ніхто не видаляв файл.
        Ви хочете, щоб сторінку було видалено.
        Ми б видалили файл.
        Файл позначено як видалений.
        Ми не можемо підтвердити, що файл видалено.
        """,
    "tr": """
        Erişim yalnızca Türkiye'deki kullanıcılar için engellendi.
        İçerik kaldırıldı, itiraz üzerine geri yüklendi.
        Sayfa arama dizinimizden kaldırıldı.
        Talebiniz silindi.
        Engel kaldırıldı.
        Sunucu bakım için kapatıldı.
        Dosya silindi ama müşteri yeniden yükledi.
        Dosya silinmiş görünüyor.
        Erişiminiz kaldırıldı.
        Bu posta kutusu silindi.
        Mesajınız okunmadan silindi.
        Form artık kullanılamıyor.
        Benzer bir dosya silindi.
        Diğer tüm dosyalar silindi.
        Yedek silindi.
        Sayfanın başlığı kaldırıldı.
        Yorumlar kapatıldı.
        Video gizliye alındı.
        Silme işlemi yarın planlanıyor.
        Silme işlemi başlatıldı.
        Dosya şimdiye kadar silinmiş olmalı.
        Silme başarısız oldu.
        Kimse dosyayı silmedi.
        Sayfanın kaldırılmasını istiyorsunuz.
        Dosyayı silmeye çalıştık.
        Dosyayı silerdik.
        Dosya silindi olarak işaretlendi.
        Dosyanın silindiğini doğrulayamıyoruz.
        """,
    "zh": """
        仅对中国境内用户屏蔽了访问。
        内容被删除后经申诉已恢复。
        该页面已从我们的搜索索引中删除。
        我们已删除日志。
        您的工单已删除。
        限制已解除。
        服务器因维护已关闭。
        文件已删除,但客户又重新上传。
        看起来文件已被删除。
        是否已删除:否
        您的访问权限已被移除。
        此邮箱已删除。
        您的邮件未读即被删除。
        该表单已不可用。
        类似的文件已删除。
        其他文件均已删除。
        备份已删除。
        页面标题已删除。
        评论功能已关闭。
        视频已设为私密。
        计划明天删除。
        已启动删除流程。
        文件应该已经删除。
        删除失败。
        没有人删除该文件。
        您希望删除该页面。
        我们尝试删除该文件。
        文件已标记为删除。
        我们无法确认文件已删除。
        本应删除该文件。
        请确认是否已删除。
        """,
    "ja": """
        日本国内からのアクセスのみ遮断しました。
        コンテンツは一度削除しましたが、異議申立てにより復元しました。
        該当ページを検索結果から削除しました。
        ログを削除しました。
        お問い合わせチケットを削除しました。
        制限は解除しました。
        メンテナンスのためサーバーを停止しました。
        ファイルは削除されましたが、再度アップロードされました。
        ファイルは削除されたようです。
        お客様のアクセス権は削除されました。
        このメールボックスは削除されました。
        メールは未読のまま削除されました。
        類似のファイルを削除しました。
        他のファイルはすべて削除しました。
        バックアップを削除しました。
        ページのタイトルを削除しました。
        コメント機能を無効にしました。
        動画は非公開に設定されました。
        削除は明日の予定です。
        削除手続きを開始しました。
        ファイルは削除されているはずです。
        削除に失敗しました。
        誰もファイルを削除していません。
        ページの削除をご希望とのことです。
        ファイルの削除を試みました。
        削除済みとしてマークされています。
        削除されたことを確認できません。
        削除したかどうか不明です。
        """,
    "ko": """
        한국 이용자에 대해서만 접속을 차단했습니다.
        콘텐츠를 삭제했으나 이의 제기 후 복구했습니다.
        해당 페이지를 검색 결과에서 삭제했습니다.
        로그를 삭제했습니다.
        제한을 해제했습니다.
        점검을 위해 서버를 중지했습니다.
        파일을 삭제했으나 고객이 다시 업로드했습니다.
        파일이 삭제된 것 같습니다.
        귀하의 접근 권한이 삭제되었습니다.
        이 메일함은 삭제되었습니다.
        메일은 읽지 않고 삭제되었습니다.
        유사한 파일을 삭제했습니다.
        다른 파일은 모두 삭제했습니다.
        백업을 삭제했습니다.
        페이지 제목을 삭제했습니다.
        댓글 기능을 비활성화했습니다.
        영상이 비공개로 설정되었습니다.
        삭제는 내일로 예정되어 있습니다.
        삭제 절차를 시작했습니다.
        파일은 이미 삭제되었을 것입니다.
        삭제에 실패했습니다.
        아무도 파일을 삭제하지 않았습니다.
        페이지 삭제를 원하신다는 말씀입니다.
        파일 삭제를 시도했습니다.
        삭제된 것으로 표시되어 있습니다.
        파일이 삭제되었는지 확인할 수 없습니다.
        """,
    "ar": """
        تم حجب الوصول للمستخدمين في مصر فقط.
        تم حذف المحتوى ثم استعادته بعد الطعن.
        تمت إزالة الصفحة من فهرس البحث لدينا.
        تم حذف السجلات.
        تم حذف تذكرتكم.
        تمت إزالة الحظر.
        تم إيقاف الخادم للصيانة.
        تم حذف الملف لكن العميل أعاد رفعه.
        يبدو أنه تم حذف الملف.
        تمت إزالة صلاحية دخولكم.
        تم حذف هذا البريد.
        تم حذف رسالتكم دون قراءتها.
        تم حذف ملف مشابه.
        تم حذف جميع الملفات الأخرى.
        تم حذف النسخة الاحتياطية.
        تم حذف عنوان الصفحة.
        تم تعطيل التعليقات.
        تم جعل الفيديو خاصا.
        من المقرر الحذف غدا.
        بدأت عملية الحذف.
        يفترض أن الملف قد حذف.
        فشل الحذف.
        لم يحذف أحد الملف.
        تريدون أن يتم حذف الصفحة.
        حاولنا حذف الملف.
        كنا سنحذف الملف.
        لا يمكننا تأكيد أنه تم حذف الملف.
        """,
}
