"""What our mails about tickets say around what people wrote, in the languages of customers. A
language that is missing here falls back to English."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MailWords:
    """`{n}`, `{subject}`, `{count}` and `{when}` stand for what changes; `moment` is how a day
    and its time are written (`strftime`)."""

    code: str
    received: str
    received_subject: str
    stranger_subject: str
    somebody_answers: str
    promised: str
    late: str
    moment: str
    until_then: str
    open_button: str
    yours_alone: str
    machine: str
    one_file: str
    files: str
    one_file_with: str
    files_with: str
    answer: str
    answer_button: str
    about: str
    copy: str
    unproven: str
    unproven_confirm: str
    confirm_button: str
    mistyped: str
    fresh_subject: str
    fresh: str
    not_asked: str
    direction: str = "ltr"

    @property
    def setting(self) -> dict[str, object]:
        """What a template of a mail asks for: these words, and how the page around them is set."""
        return {"words": self, "lang": self.code, "text_direction": self.direction}


ENGLISH = MailWords(
    code="en",
    received="We have your request “{subject}”, number {n}.",
    received_subject="Your request {n}: {subject}",
    stranger_subject="Your request to us",
    somebody_answers="A person will answer you.",
    promised="You will hear from us by {when}.",
    late="You should have heard from us by {when}. We are late, and we are sorry.",
    moment="%Y-%m-%d, %H:%M",
    until_then="Until then you can read it and add to it here.",
    open_button="Open my request",
    yours_alone="The link is yours alone and works for 30 days.",
    machine="This mail was sent by a machine.",
    one_file="A file is with this answer; it is on the page below.",
    files="{count} files are with this answer; they are on the page below.",
    one_file_with="A file is with this answer.",
    files_with="{count} files are with this answer.",
    answer="Answer, or read everything we wrote about this:",
    answer_button="Answer, or read everything",
    about="About your request no. {n}. The link is yours alone and good for 30 days: please do not"
    " pass it on.",
    copy="You get a copy of each answer to request no. {n}, because its writer put you in Cc.",
    unproven="We have a request with this address. If it is yours, open the link; then you can"
    " follow"
    " the request there.",
    unproven_confirm="We have a request with this address. If it is yours, open the link and"
    " confirm"
    " that the address is yours; then you can follow the request there.",
    confirm_button="Confirm my address",
    mistyped="If you did not write to us, do nothing: somebody mistyped an address. Our answer will"
    " come from a person.",
    fresh_subject="A fresh link to your request {n}",
    fresh="Here is the fresh link to your request {n} that you asked for. It works for 30 days.",
    not_asked="If you did not ask for it, do nothing.",
)
_OTHERS = (
    MailWords(
        code="de",
        received="Ihre Anfrage „{subject}“ ist da, mit der Nummer {n}.",
        received_subject="Ihre Anfrage {n}: {subject}",
        stranger_subject="Ihre Anfrage an uns",
        somebody_answers="Ein Mensch wird Ihnen antworten.",
        promised="Sie hören von uns bis zum {when}.",
        late="Sie hätten bis zum {when} von uns hören sollen. Wir sind spät dran; das tut uns"
        " leid.",
        moment="%d.%m.%Y, %H:%M Uhr",
        until_then="Bis dahin können Sie sie hier lesen und ergänzen.",
        open_button="Meine Anfrage öffnen",
        yours_alone="Der Link ist nur für Sie und gilt 30 Tage.",
        machine="Diese Mail hat eine Maschine verschickt.",
        one_file="Zu dieser Antwort gehört eine Datei; sie liegt auf der Seite unten.",
        files="Zu dieser Antwort gehören {count} Dateien; sie liegen auf der Seite unten.",
        one_file_with="Zu dieser Antwort gehört eine Datei.",
        files_with="Zu dieser Antwort gehören {count} Dateien.",
        answer="Antworten oder alles dazu lesen:",
        answer_button="Antworten oder alles lesen",
        about="Zu Ihrer Anfrage Nr. {n}. Der Link ist nur für Sie und gilt 30 Tage: Bitte geben Sie"
        " ihn nicht weiter.",
        copy="Sie bekommen eine Kopie jeder Antwort auf Anfrage Nr. {n}, weil Sie in Cc standen.",
        unproven="Mit dieser Adresse hat uns eine Anfrage erreicht. Ist sie von Ihnen, öffnen Sie"
        " den"
        " Link; dort können Sie die Anfrage verfolgen.",
        unproven_confirm="Mit dieser Adresse hat uns eine Anfrage erreicht. Ist sie von Ihnen,"
        " öffnen"
        " Sie den Link und bestätigen Sie, dass die Adresse Ihre ist; dort können Sie die Anfrage"
        " dann verfolgen.",
        confirm_button="Meine Adresse bestätigen",
        mistyped="Wenn Sie uns nicht geschrieben haben, tun Sie nichts: Jemand hat sich vertippt."
        " Unsere Antwort schreibt ein Mensch.",
        fresh_subject="Ein neuer Link zu Ihrer Anfrage {n}",
        fresh="Hier ist der neue Link zu Ihrer Anfrage {n}, um den Sie gebeten haben. Er gilt 30"
        " Tage.",
        not_asked="Wenn Sie nicht darum gebeten haben, tun Sie nichts.",
    ),
    MailWords(
        code="fr",
        received="Nous avons bien reçu votre demande « {subject} », numéro {n}.",
        received_subject="Votre demande {n} : {subject}",
        stranger_subject="Votre demande",
        somebody_answers="Une personne vous répondra.",
        promised="Vous aurez de nos nouvelles au plus tard le {when}.",
        late="Vous auriez dû avoir de nos nouvelles le {when} au plus tard. Nous sommes en retard"
        " et vous prions de nous en excuser.",
        moment="%d/%m/%Y à %H:%M",
        until_then="D'ici là, vous pouvez la relire et la compléter ici.",
        open_button="Ouvrir ma demande",
        yours_alone="Ce lien est personnel et valable 30 jours.",
        machine="Ce message a été envoyé automatiquement.",
        one_file="Un fichier accompagne cette réponse ; il se trouve sur la page ci-dessous.",
        files="{count} fichiers accompagnent cette réponse ; ils sont sur la page ci-dessous.",
        one_file_with="Un fichier accompagne cette réponse.",
        files_with="{count} fichiers accompagnent cette réponse.",
        answer="Répondre, ou relire tous nos échanges :",
        answer_button="Répondre, ou tout relire",
        about="À propos de votre demande n° {n}. Ce lien est personnel et valable 30 jours : merci"
        " de ne pas le transmettre.",
        copy="Vous recevez une copie des réponses à la demande n° {n}, car vous y étiez en copie.",
        unproven="Une demande nous est parvenue avec cette adresse. Si elle est de vous, ouvrez le"
        " lien : vous pourrez y suivre la demande.",
        unproven_confirm="Une demande nous est parvenue avec cette adresse. Si elle est de vous,"
        " ouvrez le lien et confirmez que l'adresse est la vôtre : vous pourrez y suivre la"
        " demande.",
        confirm_button="Confirmer mon adresse",
        mistyped="Si vous ne nous avez pas écrit, ne faites rien : quelqu'un s'est trompé"
        " d'adresse."
        " C'est une personne qui vous répondra.",
        fresh_subject="Un nouveau lien vers votre demande {n}",
        fresh="Voici le nouveau lien vers votre demande {n}, comme vous l'avez souhaité. Il est"
        " valable 30 jours.",
        not_asked="Si vous n'avez rien demandé, ne faites rien.",
    ),
    MailWords(
        code="es",
        received="Hemos recibido su solicitud «{subject}», número {n}.",
        received_subject="Su solicitud {n}: {subject}",
        stranger_subject="Su solicitud",
        somebody_answers="Una persona le responderá.",
        promised="Tendrá noticias nuestras a más tardar el {when}.",
        late="Debería haber tenido noticias nuestras el {when} a más tardar. Llegamos tarde y lo"
        " sentimos.",
        moment="%d/%m/%Y, %H:%M",
        until_then="Mientras tanto, puede leerla y completarla aquí.",
        open_button="Abrir mi solicitud",
        yours_alone="El enlace es solo para usted y vale 30 días.",
        machine="Este mensaje se envió automáticamente.",
        one_file="Esta respuesta lleva un archivo; está en la página de abajo.",
        files="Esta respuesta lleva {count} archivos; están en la página de abajo.",
        one_file_with="Esta respuesta lleva un archivo.",
        files_with="Esta respuesta lleva {count} archivos.",
        answer="Responder, o leer todo lo que escribimos:",
        answer_button="Responder, o leer todo",
        about="Sobre su solicitud n.º {n}. El enlace es solo para usted y vale 30 días: no lo"
        " comparta, por favor.",
        copy="Recibe una copia de cada respuesta a la solicitud n.º {n} porque estaba en copia.",
        unproven="Hemos recibido una solicitud con esta dirección. Si es suya, abra el enlace: allí"
        " puede seguir la solicitud.",
        unproven_confirm="Hemos recibido una solicitud con esta dirección. Si es suya, abra el"
        " enlace"
        " y confirme que la dirección es suya: allí puede seguir la solicitud.",
        confirm_button="Confirmar mi dirección",
        mistyped="Si no nos ha escrito, no haga nada: alguien se equivocó de dirección. Le"
        " responderá"
        " una persona.",
        fresh_subject="Un enlace nuevo a su solicitud {n}",
        fresh="Aquí tiene el enlace nuevo a su solicitud {n} que pidió. Vale 30 días.",
        not_asked="Si no lo pidió, no haga nada.",
    ),
    MailWords(
        code="it",
        received="Abbiamo ricevuto la sua richiesta «{subject}», numero {n}.",
        received_subject="La sua richiesta {n}: {subject}",
        stranger_subject="La sua richiesta",
        somebody_answers="Le risponderà una persona.",
        promised="Avrà nostre notizie entro il {when}.",
        late="Avrebbe dovuto avere nostre notizie entro il {when}. Siamo in ritardo e ci scusiamo.",
        moment="%d/%m/%Y, ore %H:%M",
        until_then="Nel frattempo può leggerla e completarla qui.",
        open_button="Apri la mia richiesta",
        yours_alone="Il link è solo per lei e vale 30 giorni.",
        machine="Questo messaggio è stato inviato automaticamente.",
        one_file="Con questa risposta c'è un file; si trova nella pagina qui sotto.",
        files="Con questa risposta ci sono {count} file; si trovano nella pagina qui sotto.",
        one_file_with="Con questa risposta c'è un file.",
        files_with="Con questa risposta ci sono {count} file.",
        answer="Rispondere, o leggere tutto:",
        answer_button="Rispondere, o leggere tutto",
        about="Sulla sua richiesta n. {n}. Il link è solo per lei e vale 30 giorni: per favore non"
        " lo inoltri.",
        copy="Riceve una copia di ogni risposta alla richiesta n. {n}, perché era in copia.",
        unproven="Abbiamo ricevuto una richiesta con questo indirizzo. Se è sua, apra il link: lì"
        " può seguire la richiesta.",
        unproven_confirm="Abbiamo ricevuto una richiesta con questo indirizzo. Se è sua, apra il"
        " link"
        " e confermi che l'indirizzo è suo: lì può seguire la richiesta.",
        confirm_button="Conferma il mio indirizzo",
        mistyped="Se non ci ha scritto, non faccia nulla: qualcuno ha sbagliato indirizzo. Le"
        " risponderà una persona.",
        fresh_subject="Un nuovo link alla sua richiesta {n}",
        fresh="Ecco il nuovo link alla sua richiesta {n} che ci ha chiesto. Vale 30 giorni.",
        not_asked="Se non l'ha chiesto, non faccia nulla.",
    ),
    MailWords(
        code="ar",
        direction="rtl",
        received="وصلنا طلبك «{subject}»، ورقمه {n}.",
        received_subject="طلبك {n}: {subject}",
        stranger_subject="طلبك إلينا",
        somebody_answers="سيجيبك أحد موظفينا.",
        promised="سيصلك ردّنا قبل {when}.",
        late="كان يجب أن يصلك ردّنا قبل {when}. تأخّرنا ونعتذر عن ذلك.",
        moment="%Y-%m-%d، %H:%M",
        until_then="وحتى ذلك الحين يمكنك قراءته والإضافة إليه هنا.",
        open_button="فتح طلبي",
        yours_alone="هذا الرابط لك وحدك وصالح 30 يومًا.",
        machine="أُرسلت هذه الرسالة آليًا.",
        one_file="مع هذا الجواب ملف؛ تجده في الصفحة أدناه.",
        files="مع هذا الجواب {count} من الملفات؛ تجدها في الصفحة أدناه.",
        one_file_with="مع هذا الجواب ملف.",
        files_with="مع هذا الجواب {count} من الملفات.",
        answer="للرد أو لقراءة كل ما كُتب:",
        answer_button="الرد أو قراءة كل ما كُتب",
        about="بخصوص طلبك رقم {n}. هذا الرابط لك وحدك وصالح 30 يومًا: يُرجى عدم مشاركته.",
        copy="تصلك نسخة من كل جواب على الطلب رقم {n} لأن كاتبه أضافك إلى النسخة.",
        unproven="وصلنا طلب من هذا العنوان. إن كان لك فافتح الرابط؛ هناك يمكنك متابعة الطلب.",
        unproven_confirm="وصلنا طلب من هذا العنوان. إن كان لك فافتح الرابط وأكّد أن العنوان عنوانك؛"
        " بعدها يمكنك متابعة الطلب هناك.",
        confirm_button="تأكيد عنواني",
        mistyped="إن لم تكتب إلينا فلا تفعل شيئًا: أخطأ أحدهم في كتابة العنوان. سيجيبك شخص وليس"
        " آلة.",
        fresh_subject="رابط جديد إلى طلبك {n}",
        fresh="هذا هو الرابط الجديد الذي طلبته إلى طلبك {n}. وهو صالح 30 يومًا.",
        not_asked="إن لم تطلبه فلا تفعل شيئًا.",
    ),
)
_BY_CODE = {words.code: words for words in (ENGLISH, *_OTHERS)}


def mail_words(language: str) -> MailWords:
    """The words of a language such as "de" or "de-AT"."""
    return _BY_CODE.get(language.lower().replace("_", "-").partition("-")[0], ENGLISH)
