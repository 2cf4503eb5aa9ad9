"""Ordinary answers in fifteen languages, three for each meaning: written without the rules, to see their reach."""

from __future__ import annotations

ACK, PENDING, REFUSED, ELSEWHERE = "acknowledged", "in_progress", "refused", "not_hosted_here"
ASKS, CHANNEL, CONTACT, GONE = "more_info_needed", "wrong_channel", "contact_change", "already_gone"

ANSWERS: dict[str, dict[str, str]] = {
    "en": {
        ACK: """
            Thank you, your report has reached our team and is now in the queue.
            We confirm receipt of your notice and have opened a case.
            Your message was registered; somebody will look into it.
            """,
        PENDING: """
            We are looking into this and expect to take the page down today.
            The material is going to be removed within 24 hours.
            We have forwarded your notice to our customer and given him until tomorrow.
            """,
        REFUSED: """
            We see no violation of our terms and will not take any action.
            Without a court order we cannot remove this content.
            We decline your request.
            """,
        ELSEWHERE: """
            This website is not hosted on our network, please contact the actual hosting provider.
            The IP address in question does not belong to us.
            We are only the registrar and have no control over the content.
            """,
        ASKS: """
            Please provide the exact URL, we were unable to locate the content.
            Could you send us a screenshot and explain what is unlawful?
            We need more information before we can act.
            """,
        CHANNEL: """
            Please submit your report through our online form.
            This mailbox is not monitored, use the abuse portal instead.
            Reports sent by e-mail are not processed.
            """,
        CONTACT: """
            Please note that our abuse contact has changed to abuse@new-desk.example.
            From now on please send all reports to abuse@new-desk.example.
            I no longer handle abuse reports; please update your records.
            """,
        GONE: """
            When we checked the link, the file was already gone.
            The page no longer existed when we looked.
            The uploader had deleted the file himself.
            """,
    },
    "de": {
        ACK: """
            Vielen Dank, Ihre Meldung ist bei uns eingegangen.
            Wir haben Ihre Nachricht erhalten und ein Ticket eröffnet.
            Ihre Anfrage wurde registriert und wird bearbeitet.
            """,
        PENDING: """
            Wir prüfen den Fall und werden die Seite heute sperren.
            Die Inhalte werden innerhalb von 24 Stunden entfernt.
            Wir haben Ihre Meldung an unseren Kunden weitergeleitet und ihm eine Frist bis morgen gesetzt.
            """,
        REFUSED: """
            Wir sehen keinen Verstoß und werden nicht tätig.
            Ohne Gerichtsbeschluss können wir diesen Inhalt nicht entfernen.
            Wir lehnen Ihre Anfrage ab.
            """,
        ELSEWHERE: """
            Diese Website wird nicht bei uns gehostet, bitte wenden Sie sich an den Hoster.
            Die genannte IP-Adresse gehört nicht zu unserem Netz.
            Wir sind nur der Registrar und haben keinen Zugriff auf die Inhalte.
            """,
        ASKS: """
            Bitte teilen Sie uns die genaue URL mit, wir konnten den Inhalt nicht finden.
            Können Sie uns einen Screenshot senden?
            Wir benötigen weitere Informationen, bevor wir handeln können.
            """,
        CHANNEL: """
            Bitte nutzen Sie für Meldungen unser Online-Formular.
            Dieses Postfach wird nicht gelesen, bitte verwenden Sie das Portal.
            Meldungen per E-Mail werden nicht bearbeitet.
            """,
        CONTACT: """
            Bitte beachten Sie, dass sich unser Abuse-Kontakt geändert hat: abuse@new-desk.example.
            Bitte senden Sie Meldungen künftig an abuse@new-desk.example.
            Ich bin für Meldungen nicht mehr zuständig, bitte aktualisieren Sie Ihre Unterlagen.
            """,
        GONE: """
            Bei unserer Prüfung war die Datei bereits nicht mehr vorhanden.
            Die Seite existierte nicht mehr, als wir nachsahen.
            Der Nutzer hatte die Datei selbst schon gelöscht.
            """,
    },
    "fr": {
        ACK: """
            Merci, votre signalement nous est bien parvenu.
            Nous accusons réception de votre message et avons ouvert un dossier.
            Votre demande a été enregistrée et sera examinée.
            """,
        PENDING: """
            Nous examinons ce cas et allons bloquer la page aujourd'hui.
            Le contenu sera retiré dans les 24 heures.
            Nous avons transmis votre notification à notre client et lui avons laissé jusqu'à demain.
            """,
        REFUSED: """
            Nous ne constatons aucune infraction et ne donnerons pas suite.
            Sans décision de justice, nous ne pouvons pas retirer ce contenu.
            Nous rejetons votre demande.
            """,
        ELSEWHERE: """
            Ce site n'est pas hébergé chez nous, veuillez contacter l'hébergeur.
            L'adresse IP indiquée ne nous appartient pas.
            Nous ne sommes que le bureau d'enregistrement et n'avons aucun contrôle sur le contenu.
            """,
        ASKS: """
            Merci de nous indiquer l'URL exacte, nous n'avons pas trouvé le contenu.
            Pouvez-vous nous envoyer une capture d'écran ?
            Nous avons besoin d'informations complémentaires avant d'agir.
            """,
        CHANNEL: """
            Merci d'utiliser notre formulaire en ligne pour tout signalement.
            Cette boîte n'est pas consultée, veuillez passer par le portail.
            Les signalements par e-mail ne sont pas traités.
            """,
        CONTACT: """
            Notre contact abuse a changé : abuse@new-desk.example.
            Merci d'adresser désormais vos signalements à abuse@new-desk.example.
            Je ne m'occupe plus des signalements, merci de mettre à jour vos fichiers.
            """,
        GONE: """
            Lors de notre vérification, le fichier n'existait déjà plus.
            La page n'était plus en ligne quand nous avons regardé.
            L'utilisateur avait déjà supprimé le fichier lui-même.
            """,
    },
    "es": {
        ACK: """
            Gracias, hemos recibido su notificación.
            Acusamos recibo de su mensaje y hemos abierto un caso.
            Su solicitud ha sido registrada y será revisada.
            """,
        PENDING: """
            Estamos revisando el caso y bloquearemos la página hoy.
            El contenido será retirado en un plazo de 24 horas.
            Hemos reenviado su aviso a nuestro cliente y le hemos dado hasta mañana.
            """,
        REFUSED: """
            No vemos ninguna infracción y no tomaremos medidas.
            Sin una orden judicial no podemos retirar este contenido.
            Rechazamos su solicitud.
            """,
        ELSEWHERE: """
            Este sitio no está alojado en nuestra red, contacte con el proveedor de alojamiento.
            La dirección IP indicada no nos pertenece.
            Solo somos el registrador y no tenemos control sobre el contenido.
            """,
        ASKS: """
            Indíquenos la URL exacta, no hemos podido localizar el contenido.
            ¿Pueden enviarnos una captura de pantalla?
            Necesitamos más información antes de actuar.
            """,
        CHANNEL: """
            Por favor, utilice nuestro formulario en línea para las denuncias.
            Este buzón no se lee, use el portal de abuso.
            Las denuncias por correo electrónico no se tramitan.
            """,
        CONTACT: """
            Nuestro contacto de abuso ha cambiado a abuse@new-desk.example.
            A partir de ahora envíen los avisos a abuse@new-desk.example.
            Ya no me encargo de las denuncias, actualicen sus registros.
            """,
        GONE: """
            Cuando lo comprobamos, el archivo ya no existía.
            La página ya no estaba disponible cuando la revisamos.
            El usuario ya había borrado el archivo por su cuenta.
            """,
    },
    "nl": {
        ACK: """
            Dank u, wij hebben uw melding ontvangen.
            Wij bevestigen de ontvangst van uw bericht en hebben een ticket geopend.
            Uw verzoek is geregistreerd en wordt bekeken.
            """,
        PENDING: """
            Wij onderzoeken dit en zullen de pagina vandaag blokkeren.
            De inhoud wordt binnen 24 uur verwijderd.
            Wij hebben uw melding doorgestuurd naar onze klant en hem tot morgen de tijd gegeven.
            """,
        REFUSED: """
            Wij zien geen overtreding en ondernemen geen actie.
            Zonder gerechtelijk bevel kunnen wij deze inhoud niet verwijderen.
            Wij wijzen uw verzoek af.
            """,
        ELSEWHERE: """
            Deze website wordt niet bij ons gehost, neem contact op met de hostingprovider.
            Het genoemde IP-adres is niet van ons.
            Wij zijn alleen de registrar en hebben geen controle over de inhoud.
            """,
        ASKS: """
            Kunt u de exacte URL doorgeven, wij konden de inhoud niet vinden.
            Kunt u ons een screenshot sturen?
            Wij hebben meer informatie nodig voordat wij kunnen handelen.
            """,
        CHANNEL: """
            Gebruik voor meldingen ons online formulier.
            Deze mailbox wordt niet gelezen, gebruik het portaal.
            Meldingen per e-mail worden niet in behandeling genomen.
            """,
        CONTACT: """
            Ons abuse-contact is gewijzigd in abuse@new-desk.example.
            Stuur meldingen voortaan naar abuse@new-desk.example.
            Ik behandel geen meldingen meer, pas uw gegevens aan.
            """,
        GONE: """
            Toen wij keken, was het bestand al weg.
            De pagina bestond niet meer bij onze controle.
            De gebruiker had het bestand zelf al verwijderd.
            """,
    },
    "pt": {
        ACK: """
            Obrigado, recebemos a sua notificação.
            Confirmamos o recebimento da sua mensagem e abrimos um chamado.
            O seu pedido foi registrado e será analisado.
            """,
        PENDING: """
            Estamos analisando o caso e vamos bloquear a página hoje.
            O conteúdo será removido em até 24 horas.
            Encaminhamos a sua notificação ao nosso cliente e demos prazo até amanhã.
            """,
        REFUSED: """
            Não vemos nenhuma violação e não tomaremos medidas.
            Sem ordem judicial não podemos remover este conteúdo.
            Recusamos o seu pedido.
            """,
        ELSEWHERE: """
            Este site não está hospedado em nossa rede, entre em contato com o provedor de hospedagem.
            O endereço IP indicado não nos pertence.
            Somos apenas o registrador e não temos controle sobre o conteúdo.
            """,
        ASKS: """
            Por favor, informe a URL exata, não conseguimos localizar o conteúdo.
            Podem enviar-nos uma captura de tela?
            Precisamos de mais informações antes de agir.
            """,
        CHANNEL: """
            Por favor, utilize o nosso formulário on-line para denúncias.
            Esta caixa não é monitorada, use o portal.
            Denúncias por e-mail não são processadas.
            """,
        CONTACT: """
            O nosso contato de abuso mudou para abuse@new-desk.example.
            A partir de agora enviem as denúncias para abuse@new-desk.example.
            Já não trato de denúncias, por favor atualizem os seus registros.
            """,
        GONE: """
            Quando verificamos, o arquivo já não existia.
            A página já não estava no ar quando verificamos.
            O próprio usuário já havia apagado o arquivo.
            """,
    },
    "it": {
        ACK: """
            Grazie, abbiamo ricevuto la vostra segnalazione.
            Confermiamo la ricezione del messaggio e abbiamo aperto un ticket.
            La vostra richiesta è stata registrata e verrà esaminata.
            """,
        PENDING: """
            Stiamo esaminando il caso e oggi bloccheremo la pagina.
            Il contenuto verrà rimosso entro 24 ore.
            Abbiamo inoltrato la segnalazione al nostro cliente, che ha tempo fino a domani.
            """,
        REFUSED: """
            Non riscontriamo alcuna violazione e non prenderemo provvedimenti.
            Senza un ordine del giudice non possiamo rimuovere questo contenuto.
            Respingiamo la vostra richiesta.
            """,
        ELSEWHERE: """
            Questo sito non è ospitato presso di noi, contattate il provider di hosting.
            L'indirizzo IP indicato non ci appartiene.
            Siamo soltanto il registrar e non abbiamo controllo sui contenuti.
            """,
        ASKS: """
            Vi preghiamo di indicare l'URL esatto, non siamo riusciti a trovare il contenuto.
            Potete inviarci uno screenshot?
            Abbiamo bisogno di ulteriori informazioni prima di agire.
            """,
        CHANNEL: """
            Per le segnalazioni utilizzate il nostro modulo online.
            Questa casella non viene letta, usate il portale.
            Le segnalazioni via e-mail non vengono elaborate.
            """,
        CONTACT: """
            Il nostro contatto abuse è cambiato: abuse@new-desk.example.
            D'ora in poi inviate le segnalazioni a abuse@new-desk.example.
            Non mi occupo più delle segnalazioni, aggiornate i vostri dati.
            """,
        GONE: """
            Al momento della verifica il file non esisteva già più.
            La pagina non era più online quando abbiamo controllato.
            L'utente aveva già cancellato il file da solo.
            """,
    },
    "pl": {
        ACK: """
            Dziękujemy, otrzymaliśmy Państwa zgłoszenie.
            Potwierdzamy otrzymanie wiadomości i otworzyliśmy sprawę.
            Państwa wniosek został zarejestrowany i zostanie rozpatrzony.
            """,
        PENDING: """
            Badamy sprawę i dziś zablokujemy stronę.
            Treść zostanie usunięta w ciągu 24 godzin.
            Przekazaliśmy zgłoszenie naszemu klientowi i daliśmy mu czas do jutra.
            """,
        REFUSED: """
            Nie widzimy naruszenia i nie podejmiemy działań.
            Bez nakazu sądu nie możemy usunąć tej treści.
            Odmawiamy realizacji wniosku.
            """,
        ELSEWHERE: """
            Ta strona nie jest u nas hostowana, prosimy o kontakt z dostawcą hostingu.
            Wskazany adres IP nie należy do nas.
            Jesteśmy tylko rejestratorem i nie mamy kontroli nad treścią.
            """,
        ASKS: """
            Prosimy o podanie dokładnego adresu URL, nie udało nam się znaleźć treści.
            Czy mogą Państwo przesłać zrzut ekranu?
            Potrzebujemy więcej informacji, zanim podejmiemy działania.
            """,
        CHANNEL: """
            Prosimy o korzystanie z naszego formularza zgłoszeniowego.
            Ta skrzynka nie jest monitorowana, prosimy użyć portalu.
            Zgłoszenia e-mailowe nie są rozpatrywane.
            """,
        CONTACT: """
            Nasz kontakt abuse zmienił się na abuse@new-desk.example.
            Od teraz prosimy wysyłać zgłoszenia na abuse@new-desk.example.
            Nie zajmuję się już zgłoszeniami, prosimy zaktualizować dane.
            """,
        GONE: """
            Gdy sprawdziliśmy, plik już nie istniał.
            Strona nie była już dostępna w chwili kontroli.
            Użytkownik sam już wcześniej usunął plik.
            """,
    },
    "ru": {
        ACK: """
            Спасибо, мы получили ваше обращение.
            Подтверждаем получение письма, создана заявка.
            Ваш запрос зарегистрирован и будет рассмотрен.
            """,
        PENDING: """
            Мы разбираемся и сегодня заблокируем страницу.
            Контент будет удалён в течение 24 часов.
            Мы переслали ваше уведомление клиенту и дали ему срок до завтра.
            """,
        REFUSED: """
            Мы не видим нарушения и не будем принимать меры.
            Без решения суда мы не можем удалить этот контент.
            Мы отклоняем ваш запрос.
            """,
        ELSEWHERE: """
            Этот сайт не размещён у нас, обратитесь к хостинг-провайдеру.
            Указанный IP-адрес нам не принадлежит.
            Мы только регистратор и не управляем содержимым сайта.
            """,
        ASKS: """
            Уточните, пожалуйста, точный адрес, мы не смогли найти материал.
            Можете прислать скриншот?
            Нам нужна дополнительная информация, прежде чем принять меры.
            """,
        CHANNEL: """
            Пожалуйста, отправьте жалобу через форму на нашем сайте.
            Этот ящик не читается, используйте портал.
            Жалобы по электронной почте не рассматриваются.
            """,
        CONTACT: """
            Наш контакт для жалоб изменился: abuse@new-desk.example.
            Впредь направляйте жалобы на abuse@new-desk.example.
            Я больше не занимаюсь жалобами, обновите ваши данные.
            """,
        GONE: """
            На момент проверки файл уже отсутствовал.
            Когда мы проверили, страницы уже не было.
            Пользователь сам уже удалил файл.
            """,
    },
    "uk": {
        ACK: """
            Дякуємо, ми отримали ваше звернення.
            Підтверджуємо отримання листа, створено заявку.
            Ваш запит зареєстровано, його буде розглянуто.
            """,
        PENDING: """
            Ми розбираємося і сьогодні заблокуємо сторінку.
            Контент буде видалено протягом 24 годин.
            Ми переслали ваше повідомлення клієнту і дали йому час до завтра.
            """,
        REFUSED: """
            Ми не бачимо порушення і не вживатимемо заходів.
            Без рішення суду ми не можемо видалити цей контент.
            Ми відхиляємо ваш запит.
            """,
        ELSEWHERE: """
            Цей сайт не розміщено у нас, зверніться до хостинг-провайдера.
            Вказана IP-адреса нам не належить.
            Ми лише реєстратор і не керуємо вмістом сайту.
            """,
        ASKS: """
            Уточніть, будь ласка, точну адресу, ми не змогли знайти матеріал.
            Чи можете надіслати знімок екрана?
            Нам потрібна додаткова інформація, перш ніж діяти.
            """,
        CHANNEL: """
            Будь ласка, надішліть скаргу через форму на нашому сайті.
            Ця скринька не читається, скористайтеся порталом.
            Скарги електронною поштою не розглядаються.
            """,
        CONTACT: """
            Наш контакт для скарг змінився: abuse@new-desk.example.
            Надалі надсилайте скарги на abuse@new-desk.example.
            Я більше не займаюся скаргами, оновіть ваші дані.
            """,
        GONE: """
            На момент перевірки файл уже був відсутній.
            Коли ми перевірили, сторінки вже не було.
            Користувач сам уже видалив файл.
            """,
    },
    "tr": {
        ACK: """
            Teşekkürler, bildiriminizi aldık.
            Mesajınızı aldığımızı onaylıyoruz, kayıt açıldı.
            Talebiniz kaydedildi ve incelenecek.
            """,
        PENDING: """
            Konuyu inceliyoruz, sayfayı bugün engelleyeceğiz.
            İçerik 24 saat içinde kaldırılacaktır.
            Bildiriminizi müşterimize ilettik ve yarına kadar süre verdik.
            """,
        REFUSED: """
            Bir ihlal görmüyoruz ve işlem yapmayacağız.
            Mahkeme kararı olmadan bu içeriği kaldıramayız.
            Talebinizi reddediyoruz.
            """,
        ELSEWHERE: """
            Bu site bizde barındırılmıyor, lütfen barındırma sağlayıcısına başvurun.
            Belirtilen IP adresi bize ait değil.
            Biz yalnızca kayıt kuruluşuyuz, içerik üzerinde yetkimiz yok.
            """,
        ASKS: """
            Lütfen tam URL'yi bildirin, içeriği bulamadık.
            Bize bir ekran görüntüsü gönderebilir misiniz?
            İşlem yapabilmemiz için daha fazla bilgiye ihtiyacımız var.
            """,
        CHANNEL: """
            Lütfen bildirimlerinizi çevrimiçi formumuz üzerinden gönderin.
            Bu posta kutusu okunmuyor, lütfen portalı kullanın.
            E-posta ile yapılan bildirimler işleme alınmaz.
            """,
        CONTACT: """
            Kötüye kullanım iletişim adresimiz değişti: abuse@new-desk.example.
            Bundan sonra bildirimleri abuse@new-desk.example adresine gönderin.
            Artık bildirimlerle ben ilgilenmiyorum, kayıtlarınızı güncelleyin.
            """,
        GONE: """
            Kontrol ettiğimizde dosya zaten yoktu.
            Baktığımızda sayfa artık mevcut değildi.
            Kullanıcı dosyayı kendisi çoktan silmiş.
            """,
    },
    "zh": {
        ACK: """
            感谢您的来信,我们已收到您的举报。
            您的邮件已收到,已创建工单。
            您的请求已登记,我们会进行审核。
            """,
        PENDING: """
            我们正在调查,今天会屏蔽该页面。
            相关内容将在24小时内删除。
            我们已将您的通知转发给客户,并要求其明天前处理。
            """,
        REFUSED: """
            我们未发现违规,不会采取任何措施。
            没有法院命令,我们无法删除该内容。
            我们拒绝您的请求。
            """,
        ELSEWHERE: """
            该网站并非由我们托管,请联系其主机服务商。
            该IP地址不属于我们。
            我们只是域名注册商,无法控制网站内容。
            """,
        ASKS: """
            请提供准确的网址,我们未能找到该内容。
            能否提供截图?
            在处理之前我们需要更多信息。
            """,
        CHANNEL: """
            请通过我们的在线表单提交举报。
            此邮箱无人查看,请使用举报平台。
            我们不处理通过电子邮件提交的举报。
            """,
        CONTACT: """
            我们的举报联系方式已变更为 abuse@new-desk.example。
            今后请将举报发送至 abuse@new-desk.example。
            我已不再负责举报事宜,请更新您的记录。
            """,
        GONE: """
            我们检查时,该文件已不存在。
            我们查看时页面已无法访问,内容早已不在。
            用户此前已自行删除该文件。
            """,
    },
    "ja": {
        ACK: """
            ご連絡ありがとうございます。通報を受け付けました。
            メールを受領し、チケットを作成しました。
            お問い合わせを登録しました。担当者が確認いたします。
            """,
        PENDING: """
            現在調査中で、本日中に該当ページを遮断する予定です。
            コンテンツは24時間以内に削除いたします。
            通知を契約者に転送し、明日までに対応するよう求めています。
            """,
        REFUSED: """
            違反は認められないため、対応いたしません。
            裁判所の命令がない限り、このコンテンツを削除することはできません。
            ご依頼をお断りいたします。
            """,
        ELSEWHERE: """
            このサイトは弊社でホスティングしておりません。ホスティング事業者にご連絡ください。
            ご指摘のIPアドレスは弊社のものではありません。
            弊社はドメインの登録業者に過ぎず、コンテンツを管理しておりません。
            """,
        ASKS: """
            正確なURLをお知らせください。該当コンテンツが見つかりませんでした。
            スクリーンショットをお送りいただけますか。
            対応するには追加の情報が必要です。
            """,
        CHANNEL: """
            通報はオンラインフォームからお願いいたします。
            このメールボックスは確認しておりません。ポータルをご利用ください。
            メールでの通報は受け付けておりません。
            """,
        CONTACT: """
            通報窓口のアドレスが abuse@new-desk.example に変更されました。
            今後の通報は abuse@new-desk.example 宛にお送りください。
            私は通報の担当を外れました。連絡先の更新をお願いします。
            """,
        GONE: """
            確認した時点で、ファイルは既に存在しませんでした。
            確認したところ、ページは既になくなっていました。
            利用者自身が既にファイルを削除していました。
            """,
    },
    "ko": {
        ACK: """
            감사합니다. 신고가 접수되었습니다.
            메일을 잘 받았으며 티켓이 생성되었습니다.
            요청이 등록되었으며 담당자가 검토할 예정입니다.
            """,
        PENDING: """
            현재 조사 중이며 오늘 페이지를 차단할 예정입니다.
            콘텐츠는 24시간 이내에 삭제될 예정입니다.
            통지를 고객에게 전달하고 내일까지 조치하도록 했습니다.
            """,
        REFUSED: """
            위반 사항이 확인되지 않아 조치하지 않겠습니다.
            법원 명령 없이는 이 콘텐츠를 삭제할 수 없습니다.
            요청을 거절합니다.
            """,
        ELSEWHERE: """
            이 사이트는 당사에서 호스팅하지 않습니다. 호스팅 업체에 문의하십시오.
            해당 IP 주소는 당사 소유가 아닙니다.
            당사는 도메인 등록 대행자일 뿐이며 콘텐츠를 관리하지 않습니다.
            """,
        ASKS: """
            정확한 URL을 알려 주십시오. 콘텐츠를 찾을 수 없었습니다.
            스크린샷을 보내 주실 수 있습니까?
            조치하려면 추가 정보가 필요합니다.
            """,
        CHANNEL: """
            신고는 온라인 양식을 이용해 주십시오.
            이 메일함은 확인하지 않으니 포털을 이용해 주십시오.
            이메일 신고는 처리되지 않습니다.
            """,
        CONTACT: """
            신고 담당 연락처가 abuse@new-desk.example 로 변경되었습니다.
            앞으로 신고는 abuse@new-desk.example 로 보내 주십시오.
            저는 더 이상 신고 업무를 담당하지 않습니다. 연락처를 수정해 주십시오.
            """,
        GONE: """
            확인했을 때 파일은 이미 존재하지 않았습니다.
            확인 결과 페이지가 이미 사라졌습니다.
            이용자가 이미 스스로 파일을 삭제했습니다.
            """,
    },
    "ar": {
        ACK: """
            شكرا لكم، لقد استلمنا بلاغكم.
            نؤكد استلام رسالتكم وقد تم فتح تذكرة.
            تم تسجيل طلبكم وستتم مراجعته.
            """,
        PENDING: """
            نحن ندرس الحالة وسنحجب الصفحة اليوم.
            ستتم إزالة المحتوى خلال 24 ساعة.
            أحلنا بلاغكم إلى عميلنا وأمهلناه حتى الغد.
            """,
        REFUSED: """
            لا نرى أي مخالفة ولن نتخذ أي إجراء.
            لا يمكننا حذف هذا المحتوى دون أمر قضائي.
            نرفض طلبكم.
            """,
        ELSEWHERE: """
            هذا الموقع غير مستضاف لدينا، يرجى التواصل مع مزود الاستضافة.
            عنوان IP المذكور لا يعود إلينا.
            نحن مسجل النطاق فقط ولا نتحكم في المحتوى.
            """,
        ASKS: """
            يرجى تزويدنا بالرابط الدقيق، لم نتمكن من العثور على المحتوى.
            هل يمكنكم إرسال لقطة شاشة؟
            نحتاج إلى مزيد من المعلومات قبل اتخاذ أي إجراء.
            """,
        CHANNEL: """
            يرجى تقديم البلاغ عبر النموذج الإلكتروني على موقعنا.
            هذا البريد غير مراقب، يرجى استخدام البوابة.
            لا تتم معالجة البلاغات المرسلة عبر البريد الإلكتروني.
            """,
        CONTACT: """
            تغير عنوان التواصل الخاص بالبلاغات إلى abuse@new-desk.example.
            يرجى من الآن فصاعدا إرسال البلاغات إلى abuse@new-desk.example.
            لم أعد مسؤولا عن البلاغات، يرجى تحديث بياناتكم.
            """,
        GONE: """
            عند التحقق كان الملف قد اختفى بالفعل.
            لم تعد الصفحة موجودة عندما تحققنا.
            كان المستخدم قد حذف الملف بنفسه.
            """,
    },
}
