"""What the mails with a link to sign in, to join or to choose a password say, in the languages of
those who ask for them. A language that is missing here falls back to English."""

from dataclasses import dataclass

from werkzeug.datastructures import LanguageAccept

from helpdesk.accounts.links import Purpose


@dataclass(frozen=True)
class LinkWords:
    """The mail for one purpose; `{company}` is ours."""

    subject: str
    says: str
    button: str
    otherwise: str
    """What to do if somebody else asked for it."""


@dataclass(frozen=True)
class Language:
    """How we write to somebody in a language, `code` by BCP 47."""

    code: str
    hello: str
    links: dict[Purpose, LinkWords]
    direction: str = "ltr"


ENGLISH = Language(
    "en",
    "Hello,",
    {
        Purpose.SIGN_IN: LinkWords(
            "Your link to sign in to {company}",
            "Somebody, probably you, asked for a link to sign in to {company}. Open it and press"
            " the button on the page. It works once, for 15 minutes.",
            "Sign in",
            "If it was not you, do nothing: the link is worth nothing to anybody but the reader of"
            " this mail.",
        ),
        Purpose.JOIN: LinkWords(
            "Confirm your address for {company}",
            "Somebody, probably you, wants to make an account at {company} with this address. Open"
            " the link to confirm that it is yours and to choose a password. It works once, for 24"
            " hours.",
            "Confirm my address",
            "If it was not you, do nothing: without the link there will be no account.",
        ),
        Purpose.PASSWORD: LinkWords(
            "Choose a new password for {company}",
            "Somebody, probably you, asked to choose a new password at {company}. Open the link to"
            " do so. It works once, for 15 minutes.",
            "Choose a new password",
            "If it was not you, do nothing: your password stays as it is.",
        ),
    },
)
_GERMAN = Language(
    "de",
    "Guten Tag,",
    {
        Purpose.SIGN_IN: LinkWords(
            "Ihr Link zum Anmelden bei {company}",
            "Jemand, wahrscheinlich Sie, hat um einen Link zum Anmelden bei {company} gebeten."
            " Öffnen Sie ihn und drücken Sie den Knopf auf der Seite. Er gilt einmal und 15"
            " Minuten lang.",
            "Anmelden",
            "Wenn Sie es nicht waren, tun Sie nichts: Der Link nützt nur, wer diese Mail liest.",
        ),
        Purpose.JOIN: LinkWords(
            "Bestätigen Sie Ihre Adresse für {company}",
            "Jemand, wahrscheinlich Sie, möchte bei {company} mit dieser Adresse ein Konto anlegen."
            " Öffnen Sie den Link, um zu bestätigen, dass sie Ihre ist, und um ein Passwort zu"
            " wählen. Er gilt einmal und 24 Stunden lang.",
            "Meine Adresse bestätigen",
            "Wenn Sie es nicht waren, tun Sie nichts: Ohne den Link entsteht kein Konto.",
        ),
        Purpose.PASSWORD: LinkWords(
            "Wählen Sie ein neues Passwort für {company}",
            "Jemand, wahrscheinlich Sie, möchte bei {company} ein neues Passwort wählen. Öffnen Sie"
            " dazu den Link. Er gilt einmal und 15 Minuten lang.",
            "Ein neues Passwort wählen",
            "Wenn Sie es nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.",
        ),
    },
)
_FRENCH = Language(
    "fr",
    "Bonjour,",
    {
        Purpose.SIGN_IN: LinkWords(
            "Votre lien de connexion à {company}",
            "Quelqu'un, vous sans doute, a demandé un lien de connexion à {company}. Ouvrez-le et"
            " appuyez sur le bouton de la page. Il sert une fois, pendant 15 minutes.",
            "Se connecter",
            "Si ce n'était pas vous, ne faites rien : le lien ne sert qu'à qui lit ce message.",
        ),
        Purpose.JOIN: LinkWords(
            "Confirmez votre adresse pour {company}",
            "Quelqu'un, vous sans doute, souhaite ouvrir un compte chez {company} avec cette"
            " adresse. Ouvrez le lien pour confirmer qu'elle est la vôtre et choisir un mot de"
            " passe. Il sert une fois, pendant 24 heures.",
            "Confirmer mon adresse",
            "Si ce n'était pas vous, ne faites rien : sans le lien, aucun compte ne sera ouvert.",
        ),
        Purpose.PASSWORD: LinkWords(
            "Choisissez un nouveau mot de passe pour {company}",
            "Quelqu'un, vous sans doute, souhaite choisir un nouveau mot de passe chez {company}."
            " Ouvrez le lien pour le faire. Il sert une fois, pendant 15 minutes.",
            "Choisir un nouveau mot de passe",
            "Si ce n'était pas vous, ne faites rien : votre mot de passe reste le même.",
        ),
    },
)
_SPANISH = Language(
    "es",
    "Buenos días:",
    {
        Purpose.SIGN_IN: LinkWords(
            "Su enlace para entrar en {company}",
            "Alguien, probablemente usted, ha pedido un enlace para entrar en {company}. Ábralo y"
            " pulse el botón de la página. Sirve una vez, durante 15 minutos.",
            "Entrar",
            "Si no fue usted, no haga nada: el enlace solo sirve a quien lee este mensaje.",
        ),
        Purpose.JOIN: LinkWords(
            "Confirme su dirección para {company}",
            "Alguien, probablemente usted, quiere abrir una cuenta en {company} con esta dirección."
            " Abra el enlace para confirmar que es suya y elegir una contraseña. Sirve una vez,"
            " durante 24 horas.",
            "Confirmar mi dirección",
            "Si no fue usted, no haga nada: sin el enlace no se abrirá ninguna cuenta.",
        ),
        Purpose.PASSWORD: LinkWords(
            "Elija una contraseña nueva para {company}",
            "Alguien, probablemente usted, quiere elegir una contraseña nueva en {company}. Abra el"
            " enlace para hacerlo. Sirve una vez, durante 15 minutos.",
            "Elegir una contraseña nueva",
            "Si no fue usted, no haga nada: su contraseña no cambia.",
        ),
    },
)
_ITALIAN = Language(
    "it",
    "Buongiorno,",
    {
        Purpose.SIGN_IN: LinkWords(
            "Il suo link per accedere a {company}",
            "Qualcuno, probabilmente lei, ha chiesto un link per accedere a {company}. Lo apra e"
            " prema il pulsante sulla pagina. Vale una volta, per 15 minuti.",
            "Accedi",
            "Se non è stato lei, non faccia nulla: il link serve solo a chi legge questo"
            " messaggio.",
        ),
        Purpose.JOIN: LinkWords(
            "Confermi il suo indirizzo per {company}",
            "Qualcuno, probabilmente lei, vuole aprire un account presso {company} con questo"
            " indirizzo. Apra il link per confermare che è suo e scegliere una password. Vale una"
            " volta, per 24 ore.",
            "Conferma il mio indirizzo",
            "Se non è stato lei, non faccia nulla: senza il link non nasce nessun account.",
        ),
        Purpose.PASSWORD: LinkWords(
            "Scelga una nuova password per {company}",
            "Qualcuno, probabilmente lei, vuole scegliere una nuova password presso {company}. Apra"
            " il link per farlo. Vale una volta, per 15 minuti.",
            "Scegli una nuova password",
            "Se non è stato lei, non faccia nulla: la sua password resta quella di prima.",
        ),
    },
)
_ARABIC = Language(
    "ar",
    "مرحبًا،",
    {
        Purpose.SIGN_IN: LinkWords(
            "رابط الدخول إلى {company}",
            "طلب أحدهم، والأرجح أنه أنت، رابطًا للدخول إلى {company}. افتحه واضغط الزر في الصفحة."
            " يعمل مرة واحدة خلال 15 دقيقة.",
            "الدخول",
            "إن لم تكن أنت فلا تفعل شيئًا: لا ينفع الرابط إلا من يقرأ هذه الرسالة.",
        ),
        Purpose.JOIN: LinkWords(
            "أكّد عنوانك لدى {company}",
            "يريد أحدهم، والأرجح أنه أنت، فتح حساب لدى {company} بهذا العنوان. افتح الرابط لتأكيد"
            " أن العنوان لك ولاختيار كلمة مرور. يعمل مرة واحدة خلال 24 ساعة.",
            "تأكيد عنواني",
            "إن لم تكن أنت فلا تفعل شيئًا: لن يُفتح حساب من دون الرابط.",
        ),
        Purpose.PASSWORD: LinkWords(
            "اختر كلمة مرور جديدة لدى {company}",
            "طلب أحدهم، والأرجح أنه أنت، اختيار كلمة مرور جديدة لدى {company}. افتح الرابط للقيام"
            " بذلك. يعمل مرة واحدة خلال 15 دقيقة.",
            "اختيار كلمة مرور جديدة",
            "إن لم تكن أنت فلا تفعل شيئًا: تبقى كلمة مرورك كما هي.",
        ),
    },
    direction="rtl",
)
_ALL = (ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _ARABIC)
LANGUAGES = {language.code: language for language in _ALL}


def spoken(accepted: LanguageAccept) -> str:
    """The code of the language that a browser likes best of those we write: de for de-AT."""
    wanted = (code.lower().replace("_", "-").partition("-")[0] for code in accepted.values())
    return next((code for code in wanted if code in LANGUAGES), ENGLISH.code)
