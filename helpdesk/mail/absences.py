"""How machines say that they answer for somebody: in headers, subjects and first sentences."""

import re

from helpdesk.mail.parsing import Mail

_LABELS = (
    r"auto(?:matic|mated)?[- ]?(?:reply|response|answer|antwort)|ooo"
    r"|auto(?=\s*:\s*(?:re|aw|sv|antw|vs|odp|rv)\s*:)"
    r"|auto(?=\s*:.{0,80}\b(?:out of|away|abwesen|returning))",
    r"(?:i am |i'm |i will be )?(?:currently )?out[- ]of[- ](?:the[- ])?office"
    r"(?:[- ](?:auto[- ]?)?(?:reply|response|message|notice|notification))?",
    r"away from (?:the|my) (?:office|desk)|vacation (?:reply|response|message|notice)",
    r"abwesenheit(?:s\w+)?|automatische (?:antwort|afwezigheid\w*|beantwoord\w*)",
    r"(?:ich bin )?(?:derzeit )?nicht im (?:büro|hause)",
    r"réponse automatique|absence du bureau|absente? du bureau",
    r"message d'absence",
    r"respuesta autom[aá]tica|fuera de la? oficina|risposta automatica",
    r"fuori (?:sede|ufficio)|resposta autom[aàá]tica|ausência (?:temporária|do escrit[oó]rio)"
    r"|fora do escrit[oó]rio|(?:ausente|ausencia) de la oficina",
    r"automatisch (?:antwoord|bericht)|afwezig(?:heid\w*)?|autosvar|auto ?svar|automatiskt? svar",
    r"frånvaromeddelande|fraværsmelding|fraværsbesked|poissaoloviesti|ikke på kontoret"
    r"|automaattinen vastaus|poissaoloilmoitus",
    r"odpowiedź automatyczna|automatyczna odpowiedź|autoodpowiedź"
    r"|nieobecność(?: w (?:biurze|pracy))?"
    r"|(?:jsem )?mimo kancelář|nepřítomnost(?: v kanceláři)?",
    r"automatická odpove?ě?ď|автоматический ответ|автоответ(?:чик)?|автовідповідь",
    r"автоматична відповідь|автоматичен отговор|otomatik (?:yanıt|cevap)|automatikus válasz",
    r"răspuns automat|automatski odgovor|samodejni odgovor|automaatvastus|automatinis atsakymas",
    r"automātisk[aā] atbilde|αυτόματη απάντηση|balasan (?:otomatis|automatik)"
    r"|trả lời tự động|ตอบกลับอัตโนมัติ",
    r"自動応答|自動返信|不在通知|(?:外出|休假)?自動(?:回覆|回复|答覆)|(?:外出|休假)自动(?:回复|答复)|自动(?:回复|答复)",
    r"자동 ?(?:회신|응답)|부재중(?: 자동 ?(?:회신|응답))?|аутоматски одговор|sjálfvirkt svar"
    r"|erantzun automatikoa|स्वचालित (?:उत्तर|जवाब)|پاسخ خودکار"
    r"|(?:תשובה|מענה|תגובה) אוטומטית?י?|رد تلقائي|الرد التلقائي|تلقائي",
)
_NOUNS = (
    r"on (?:vacation|annual leave|leave|holiday)|(?:annual|maternity|parental) leave|vacation",
    r"abwesend|urlaub|absence|absente?|ausente|assenza|assente|frånvaro|fravær|afwesig|férias",
)
"""Machines write so, and people who ask about days off."""
_AFTERWARDS = (
    r"(?=\s*(?:$|[:：\-–—(\[\]),.!|\d]|(?:re|aw|sv|antw|fw|from|von|fra|från|de|to|till?|until|bis"
    r"|on|and|for|from|jusqu)\b))"
)
"""What follows such a label; a sentence does where somebody complains of one."""
_SUBJECT = re.compile(
    rf"^\W*(?:{'|'.join(_LABELS)}){_AFTERWARDS}"
    r"|[(\[](?:automatic response|autoreply|auto[- ]reply|out of office|automatische antwort)[)\]]",
    re.IGNORECASE,
)
_PERHAPS = re.compile(rf"^\W*(?:{'|'.join(_NOUNS)}){_AFTERWARDS}", re.IGNORECASE)
_HEADERS = re.compile(
    r"x-(?:[\w-]+-)?(?:mail-)?auto-?(?:reply|respond|responder|response|generated)(?:-from)?"
    r"|x-msft-auto-reply|x-vacation|x-post-messageclass-auto|x-autoreply-from|x-cron-env",
    re.IGNORECASE,
)
_SAID_IN = (
    ("Precedence", re.compile(r"auto[-_]reply")),
    ("X-Precedence", re.compile(r"auto[-_]reply")),
    ("Preference", re.compile(r"auto[-_]reply")),
    ("X-Apple-Action", re.compile(r"vacation")),
    ("X-POST-MessageClass", re.compile(r"autoresponder")),
    ("X-FC-MachineGenerated", re.compile(r"true")),
    ("X-MS-Exchange-Generated-Message-Source", re.compile(r"mailbox rules agent")),
    ("X-Mailer", re.compile(r"^vacation|autorespon|auto-?reply")),
    ("Delivered-To", re.compile(r"^autoresponder$")),
)
_FIRST = 400
"""Characters of a text in which it would say so."""
_LONGEST = 2_000
"""Characters of a text that a machine would send."""
_SENTENCE = re.compile(
    r"\b(?:i am|i'm|i’m|i will be|i'll be)\b.{0,40}?\b(?:out of (?:the |my )?office"
    r"|on (?:\w+ )?leave|on (?:vacation|holiday|pto)|away (?:from|until|on))"
    r"|\b(?:auto(?:matic|mated)|automatically generated) (?:reply|response|message|e-?mail)"
    r"|do not reply to this (?:e-?mail|message)"
    r"|\bhas been received and\b.{0,60}\b(?:ticket|request)"
    r"|(?:i will|i'll|i’ll) be back in the office\b|returning to the office"
    r"|(?:e-?mail|nachricht)\b.{0,20}\bnicht weitergeleitet"
    r"|message automatique|(?:mensaje|mensagem) autom[aá]tic|messaggio automatico"
    r"|automatisch bericht|automatiskt? (?:svar|meddelande|meddelelse|besked)"
    r"|wygenerowana automatycznie|automaticky (?:generovan|vytvořen)"
    r"|(?:создано|отправлено|сформировано) автоматически|автоматическое (?:сообщение|письмо)"
    r"|\bich (?:bin|befinde mich)\b.{0,60}?(?:nicht (?:im (?:büro|hause?)|erreichbar)|im urlaub"
    r"|abwesend)|automatisch (?:generiert|erzeugt|erstellt)|automatische (?:antwort|nachricht)"
    r"|\bje (?:suis|serai)\b.{0,40}?(?:absente?|en (?:congés?|vacances)|en déplacement)"
    r"|\best(?:oy|aré)\b.{0,40}?(?:fuera de la oficina|de vacaciones|ausente)"
    r"|\bsono\b.{0,30}?(?:fuori ufficio|assente|in ferie)"
    r"|\best(?:ou|arei)\b.{0,30}?(?:ausente|de férias|fora do escritório)"
    r"|\bik ben\b.{0,40}?(?:afwezig|niet (?:aanwezig|op kantoor)|op vakantie|met verlof)"
    r"|\bjag är\b.{0,30}?(?:på semester|inte på kontoret|ledig|frånvarande)"
    r"|\bjeg er\b.{0,30}?(?:på ferie|ikke på kontoret|bortrejst|fraværende)"
    r"|\bolen\b.{0,30}?(?:lomalla|poissa)|jestem.{0,30}?(?:nieobecn|na urlopie|poza biurem)"
    r"|нахожусь в отпуске|я в отпуске|отсутствую|szabadságon vagyok|jsem.{0,30}?na dovolené"
    r"|(?:izindeyim|ofis dışında)|不在にして|休暇を(?:頂|いただ)|休暇中|(?:正在|在)休假"
    r"|不在办公室|不在辦公室|부재중|휴가 ?중|自動(?:送信|配信)|此邮件为系统自动|自动发送",
    re.IGNORECASE | re.DOTALL,
)


def header_that_says_so(mail: Mail) -> str:
    """The header by which a machine says that it answers, "" if there is none."""
    for name, value in mail.headers:
        if _HEADERS.fullmatch(name) and value.lower() not in {"", "no", "false", "none", "0"}:
            return name
    return next((name for name, value in _SAID_IN if value.search(mail.header(name).lower())), "")


def has_such_a_subject(mail: Mail) -> bool:
    """Whether its subject is that of an automatic answer."""
    return _SUBJECT.search(mail.subject[:300]) is not None


def begins_like_one(mail: Mail) -> bool:
    """Whether a short mail reads as machines answer for somebody who is away. People write such
    words as well, so that no machine should answer, and a person should read it."""
    text = mail.text.strip()
    if len(text) >= _LONGEST:
        return False
    return bool(_PERHAPS.search(mail.subject[:300]) or _SENTENCE.search(text[:_FIRST]))
