"""What our mails about tickets say around what people wrote, in the languages of customers. A
language that is missing here falls back to English."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MailWords:
    """`{n}`, `{subject}` and `{count}` stand for what changes."""

    code: str
    received: str
    received_subject: str
    stranger_subject: str
    somebody_answers: str
    until_then: str
    open_button: str
    yours_alone: str
    machine: str
    one_file: str
    files: str
    answer: str
    answer_button: str
    about: str
    copy: str


ENGLISH = MailWords(
    code="en",
    received="We have your request “{subject}”, number {n}.",
    received_subject="Your request {n}: {subject}",
    stranger_subject="Your request to us",
    somebody_answers="A person will answer you.",
    until_then="Until then you can read it and add to it here.",
    open_button="Open my request",
    yours_alone="The link is yours alone and works for 30 days.",
    machine="This mail was sent by a machine.",
    one_file="A file is with this answer; it is on the page below.",
    files="{count} files are with this answer; they are on the page below.",
    answer="Answer, or read everything we wrote about this:",
    answer_button="Answer, or read everything",
    about="About your request no. {n}. The link is yours alone and good for 30 days: please do not"
    " pass it on.",
    copy="You get a copy of each answer to request no. {n}, because its writer put you in Cc.",
)
_OTHERS = (
    MailWords(
        code="de",
        received="Ihre Anfrage „{subject}“ ist da, mit der Nummer {n}.",
        received_subject="Ihre Anfrage {n}: {subject}",
        stranger_subject="Ihre Anfrage an uns",
        somebody_answers="Ein Mensch wird Ihnen antworten.",
        until_then="Bis dahin können Sie sie hier lesen und ergänzen.",
        open_button="Meine Anfrage öffnen",
        yours_alone="Der Link ist nur für Sie und gilt 30 Tage.",
        machine="Diese Mail hat eine Maschine verschickt.",
        one_file="Zu dieser Antwort gehört eine Datei; sie liegt auf der Seite unten.",
        files="Zu dieser Antwort gehören {count} Dateien; sie liegen auf der Seite unten.",
        answer="Antworten oder alles dazu lesen:",
        answer_button="Antworten oder alles lesen",
        about="Zu Ihrer Anfrage Nr. {n}. Der Link ist nur für Sie und gilt 30 Tage: Bitte geben Sie"
        " ihn nicht weiter.",
        copy="Sie bekommen eine Kopie jeder Antwort auf Anfrage Nr. {n}, weil Sie in Cc standen.",
    ),
    MailWords(
        code="fr",
        received="Nous avons bien reçu votre demande « {subject} », numéro {n}.",
        received_subject="Votre demande {n} : {subject}",
        stranger_subject="Votre demande",
        somebody_answers="Une personne vous répondra.",
        until_then="D'ici là, vous pouvez la relire et la compléter ici.",
        open_button="Ouvrir ma demande",
        yours_alone="Ce lien est personnel et valable 30 jours.",
        machine="Ce message a été envoyé automatiquement.",
        one_file="Un fichier accompagne cette réponse ; il se trouve sur la page ci-dessous.",
        files="{count} fichiers accompagnent cette réponse ; ils sont sur la page ci-dessous.",
        answer="Répondre, ou relire tous nos échanges :",
        answer_button="Répondre, ou tout relire",
        about="À propos de votre demande n° {n}. Ce lien est personnel et valable 30 jours : merci"
        " de ne pas le transmettre.",
        copy="Vous recevez une copie des réponses à la demande n° {n}, car vous y étiez en copie.",
    ),
    MailWords(
        code="es",
        received="Hemos recibido su solicitud «{subject}», número {n}.",
        received_subject="Su solicitud {n}: {subject}",
        stranger_subject="Su solicitud",
        somebody_answers="Una persona le responderá.",
        until_then="Mientras tanto, puede leerla y completarla aquí.",
        open_button="Abrir mi solicitud",
        yours_alone="El enlace es solo para usted y vale 30 días.",
        machine="Este mensaje se envió automáticamente.",
        one_file="Esta respuesta lleva un archivo; está en la página de abajo.",
        files="Esta respuesta lleva {count} archivos; están en la página de abajo.",
        answer="Responder, o leer todo lo que escribimos:",
        answer_button="Responder, o leer todo",
        about="Sobre su solicitud n.º {n}. El enlace es solo para usted y vale 30 días: no lo"
        " comparta, por favor.",
        copy="Recibe una copia de cada respuesta a la solicitud n.º {n} porque estaba en copia.",
    ),
    MailWords(
        code="it",
        received="Abbiamo ricevuto la sua richiesta «{subject}», numero {n}.",
        received_subject="La sua richiesta {n}: {subject}",
        stranger_subject="La sua richiesta",
        somebody_answers="Le risponderà una persona.",
        until_then="Nel frattempo può leggerla e completarla qui.",
        open_button="Apri la mia richiesta",
        yours_alone="Il link è solo per lei e vale 30 giorni.",
        machine="Questo messaggio è stato inviato automaticamente.",
        one_file="Con questa risposta c'è un file; si trova nella pagina qui sotto.",
        files="Con questa risposta ci sono {count} file; si trovano nella pagina qui sotto.",
        answer="Rispondere, o leggere tutto:",
        answer_button="Rispondere, o leggere tutto",
        about="Sulla sua richiesta n. {n}. Il link è solo per lei e vale 30 giorni: per favore non"
        " lo inoltri.",
        copy="Riceve una copia di ogni risposta alla richiesta n. {n}, perché era in copia.",
    ),
)
_BY_CODE = {words.code: words for words in (ENGLISH, *_OTHERS)}


def mail_words(language: str) -> MailWords:
    """The words of a language such as "de" or "de-AT"."""
    return _BY_CODE.get(language.lower().replace("_", "-").partition("-")[0], ENGLISH)
