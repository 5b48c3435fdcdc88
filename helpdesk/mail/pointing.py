"""Words by which somebody says that the answers stand within the quote, unmarked: below, or in red.
Mail programs that mark no quotes leave no other trace of them."""

import re

LONGEST = 400
"""Characters of a text that says so; a longer one is the answer itself."""

_PAIRS = (
    (r"answers?|comments?|repl(?:y|ies)|respon\w+|notes?|see", r"below|in-?line|in (?:red|blue)"),
    (r"antwort\w*|kommentar\w*|anmerkung\w*|siehe", r"unten|im text|in (?:rot|blau|grün)"),
    (r"réponses?|réponds|commentaires?|voir", r"ci-dessous|plus bas|en (?:rouge|bleu|vert|gras)"),
    (r"respuestas?|respondo|contesto|comentarios?|ver", r"abajo|debajo|en (?:rojo|azul|verde)"),
    (r"rispost[ae]|rispondo|commenti|vedi", r"sotto|di seguito|in (?:rosso|blu|verde|grassetto)"),
    (r"respostas?|respondo|comentários?|ver", r"abaixo|em (?:vermelho|azul|verde|negrito)"),
    (
        r"antwoord\w*|opmerking\w*|reacties?|zie",
        r"hieronder|onder|in (?:het )?(?:rood|blauw|groen)",
    ),
    (r"odpowied\w*|odpowiadam|komentarz\w*|patrz", r"poniżej|w tekście|na (?:czerwono|niebiesko)"),
    (r"svar\w*|kommentar\w*|se", r"nedan\w*|nedenfor|under|(?:i|med) (?:rött|rødt|blått|blåt)"),
    (r"vasta\w*|kommen\w*|ks\.?|katso", r"alla|alempana|punaisella|sinisellä"),
    (r"odpov\w*|komentář\w*|viz", r"níže|v textu|červeně|modře"),
    (r"ответ\w*|отвеча\w*|комментар\w*|см\.?", r"ниже|в тексте|красным|синим"),
    (r"відпові\w*|коментар\w*|див\.?", r"нижче|у тексті|червоним"),
    (r"cevap\w*|yanıt\w*|bkz\.?", r"aşağıda\w*|kırmızı\w*"),
)
"""What is pointed at or how, and where it stands."""
_EAST = (
    r"(?:以下|下記|本文).{0,12}(?:回答|返信|コメント)|赤字|インライン"
    r"|(?:回复|答复|回答|见|請見).{0,8}(?:下文|如下|下面|[红紅]字|[红紅]色)|아래.{0,8}(?:답변|회신)"
)
_POINTING = re.compile(
    "|".join(rf"(?<!\w)(?:{what})(?!\w).{{0,40}}(?<!\w)(?:{where})(?!\w)" for what, where in _PAIRS)
    + f"|{_EAST}",
    re.IGNORECASE,
)


def points_into_quote(own: str) -> bool:
    """Whether these own words say that others stand further below."""
    return len(own) <= LONGEST and _POINTING.search(own) is not None
