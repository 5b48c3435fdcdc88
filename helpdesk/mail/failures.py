"""The words by which mail servers say that a mail did not arrive, in the languages they speak."""

import re


def _any_of(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


SUBJECT = _any_of(
    r"undeliver|un?delivered|undelivr|non[- ]?d[eé]liv|not delivered|failure notice|nondeliverable",
    r"returned mail|returned to sender|mail (?:system )?(?:error|failure)|error sending your",
    r"delivery (?:problem|error)|fail(?:ed|ure) (?:mail )?delivery|no valid recipient",
    r"delivery (?:status )?(?:notification|failure|failed|report|has failed|subsystem)",
    r"delivery.{0,40}(?:fail|delay)|(?:could|can) ?not (?:be )?(?:deliver|send)|message not sent",
    r"mail delivery|non-deliverable|warning: (?:could not|message)|message status",
    r"mailbox (?:is )?(?:full|over)|user unknown|unknown user|^\W*bounce",
    r"unzustellbar|nicht zugestellt|nicht zustellbar|zustellung|mailzustellung|fehler beim",
    r"non remis|non distribu|non délivr|impossible de remettre",
    r"[eé]chec de (?:la )?(?:remise|distribution|livraison)",
    r"no se (?:puede|pudo|ha podido) entregar|no entregado|devuelto|error (?:de|en la) entrega",
    r"estado de entrega|no es posible entregar",
    r"mancato recapito|recapit(?:o|abile) non riuscit|non recapitabile|impossibile recapitare",
    r"mancata consegna|n[aã]o (?:foi )?entregue|n[aã]o [eé] poss[ií]vel entregar",
    r"falha na entrega|n[aã]o foi poss[ií]vel entregar|niet bezorgd|onbestelbaar|niet afgeleverd",
    r"niedostarcz|nie dostarczono|niedor[eę]czon|(?:kan|kunde) inte levereras|obest[aä]llbar",
    r"(?:kunne|kan) ikke leveres|ikke leveret|ikke levert",
    r"ei voitu toimittaa|ei toimitettavissa|toimitus ep[aä]onnistui|nedoru[cč]ite[lľ]n",
    r"не доставлен|недоставлен|не удалось доставить|не удается доставить",
    r"не вдал?ося доставити|не може да се достави|teslim edilemedi|iletilemedi",
    r"k[eé]zbes[ií]thetetlen|nelivrabil|nije moguće isporučiti|ni mogoče dostaviti",
    r"παράδοση|לא ניתן למסירה|تعذر التسليم|فشل التسليم|không thể gửi|ส่งไม่ได้",
    r"tidak dapat (?:dikirim|terkirim)|nepristatyt|nepiegādāt|kättetoimetamatu",
    r"配信不能|配信できません|配達不能|エラーメール|送信エラー|宛先不明|未達|配送失敗|送信できません",
    r"无法送达|無法傳遞|未送达|未傳遞|退信|投递失败|退回",
    r"배달되지|반송|배달 실패|발송 ?실패|전송 ?실패",
)
"""In subjects; such as none but a mail server writes, or somebody who asks about one."""

NOTICE = _any_of(
    r"could not be delivered|couldn't be delivered|was not delivered|wasn't delivered",
    r"not been delivered|blocked by (?:our|the|your)\b.{0,30}(?:filter|firewall)",
    r"did not reach|undeliverable|unable to deliver|wasn't able to deliver|delivery.{0,60}fail",
    r"permanent (?:fatal )?error|fatal errors|cannot be delivered|can't be delivered",
    r"not (?:be )?delivered|no such user|user unknown|unknown user|not a valid user",
    r"mailbox.{0,40}(?:is full|full|unavailable|not found|exceeds|over (?:its )?quota)",
    r"exceeds allowed|(?:quota (?:is )?exceed|over ?quota)|message (?:was )?delayed",
    r"rejected|returned to (?:the )?sender|returning message|no message collected|bounced",
    r"(?:error|trouble|problem)s? (?:\w+ ){0,4}deliver|trouble sending|haven't received this",
    r"could not deliver|failed to deliver|no valid recipient|address not found|group you tried",
    r"nicht zugestellt|konnte nicht|konnten nicht|nachrichtenzustellung|n'a (?:pas )?(?:pu|été)",
    r"échec de la (?:remise|distribution)|no (?:se )?pudo|error de entrega|no ha podido",
    r"non è stato|impossibile recapitare|non (?:può|è possibile)|não (?:foi|pôde)|falha na entrega",
    r"niet (?:worden )?(?:bezorgd|afgeleverd)|bezorging.{0,60}mislukt",
    r"не (?:был[оа]? )?доставлен|не может\s+быть (?:отправлен|доставлен)",
    r"не удалось (?:выполнить доставку|доставить)|не вдалося доставити|доставянето.{0,60}неуспешно",
    r"nie zosta[lł]a? dostarczon|nie powiodło się|nepodařilo se doručit|zlyhalo|nije uspjela",
    r"gick inte att leverera|levering mislykte|levering mislykkedes|epäonnistui|sikertelen",
    r"teslim edilemedi|a eșuat|απέτυχε|נכשלה|فشل التسليم|không gửi được|ล้มเหลว|gagal",
    r"配信に失敗|送信できません|届きません|配信できません|見つかりません|宛先が見つかり",
    r"无法(?:向|将|送达|投递)|無法(?:傳遞|寄送|送達)|被退回|没有被投递|投递失败",
    r"배달하지 못|발송되지 못|recipients of your message have been processed",
    r"cannot receive|not accepting|does not exist|transcript of (?:the )?(?:session|attempts)",
)
"""In what a server says itself."""

DELAYED = _any_of(
    r"warning message only|this is a warning only|(?:has|have) been delayed|message delayed",
    r"is delayed for|only a temporary failure|delayed \d+ hours",
    r"will be retried|still being retried|still undelivered",
    r"not yet been delivered|no action is required on your|will keep trying|will continue to try",
    r"delivery status notification \(delay\)|zustellung verzögert|verzögerung|retardée",
    r"en retraso|in ritardo|vertraagd|отложена|задержк|遅延|延迟|지연",
)
"""Where a mail is still being tried."""

CODE = re.compile(r"(?<![\d.])[45]\d\d[- ]#?[45]\.\d{1,3}\.\d{1,3}|\b55[0-4][ -]\S|RCPT TO:\s*<")
"""What one mail server said to another (RFC 5321, 4.2)."""
