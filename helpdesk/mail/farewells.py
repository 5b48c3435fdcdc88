"""The words that people and their telephones put below a mail, in the languages they speak."""

SENT_FROM = (
    *("sent from my", "get outlook for", "get typeapp", "von meinem", "gesendet von meinem"),
    *("diese nachricht wurde von meinem", "holen sie sich outlook", "envoyé de mon"),
    *("envoyé depuis mon", "télécharger outlook", "obtenez outlook", "enviado desde mi"),
    *("enviado de mi", "enviado do meu", "enviado a partir do meu", "obtener outlook"),
    *("obter o outlook", "obtenha o outlook", "inviato dal mio", "ottieni outlook"),
    *("scarica outlook", "verzonden vanaf mijn", "verstuurd vanaf mijn", "skickat från min"),
    *("hämta outlook", "sendt fra min", "hent outlook", "få outlook", "hanki outlook"),
    *("lähetetty puhelimesta", "wysłane z mojego", "wysłano z mojego", "pobierz outlook"),
    *("odesláno z mého", "získat outlook", "odoslané z môjho", "отправлено с моего"),
    *("надіслано з мого", "получить outlook", "iphone'umdan", "iphone’umdan", "ipad'imden"),
    *("outlook'u edinin", "android cihazımdan", "iphoneから", "ipadから", "私のiphone", "从我的"),
    *(
        "outlook for ",
        "發自我的",
        "发自我的",
        "從我的",
        "来自我的",
        "나의 iphone",
        "내 iphone",
        "iphone에서",
        "galaxy에서",
    ),
)
"""How the line begins that a telephone writes below a mail."""

SENT_BY = (
    *("sent", "gesendet", "von", "mit", "outlook für", "outlook voor", "envoyé", "enviado"),
    *("inviato", "verzonden", "verstuurd", "skickat", "sendt", "send fra", "lähetetty"),
    *("wysłane", "wysłano", "odesláno", "odoslané", "отправлено", "надіслано", "відправлено"),
    *("elküldve", "trimis", "στάλθηκε", "εστάλη", "נשלח", "أُرسلت", "أرسلت", "تم الإرسال", "مرسل"),
    *("đã gửi", "dikirim", "download outlook"),
)
"""The same where the name of a device or a program must follow."""
DEVICES = (
    *("iphone", "ipad", "android", "galaxy", "samsung", "huawei", "xiaomi", "blackberry", "nokia"),
    *("outlook", "mail", "yahoo", "proton", "typeapp", "bluemail", "windows phone", "mobile"),
    *("smartphone", "mobiltelefon", "handy", "téléphone", "móvil", "celular", "cellulare"),
    *(
        "telefoon",
        "телефон",
        "айфон",
        "הנייד",
        "ה-iphone",
        "アプリ",
        "tablet",
        "thunderbird",
        "gmx",
        "iphonu",
        "ipadu",
        "telefonu",
        "front",
        "airmail",
        "zoho",
        "spark",
        "superhuman",
        "hey.com",
    ),
)

CLOSINGS = (
    *(
        "regards",
        "best regards",
        "kind regards",
        "warm regards",
        "kindest regards",
        "warmest regards",
    ),
    *("many regards", "with kind regards", "with best regards", "with regards", "br", "kr"),
    *("mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß", "mfg"),
    *("freundliche grüße", "freundliche grüsse", "viele grüße", "beste grüße", "liebe grüße"),
    *("mit besten grüßen", "schöne grüße", "cordialement", "bien cordialement", "bien à vous"),
    *("cordiales salutations", "sincères salutations", "meilleures salutations", "saludos"),
    *("un saludo", "saludos cordiales", "atentamente", "cordiales saludos", "cordiali saluti"),
    *("distinti saluti", "saluti", "un cordiale saluto", "atenciosamente", "cumprimentos"),
    *("com os melhores cumprimentos", "met vriendelijke groet", "met vriendelijke groeten"),
    *("vriendelijke groet", "groeten", "mvg", "med vänliga hälsningar", "vänliga hälsningar"),
    *("mvh", "med venlig hilsen", "venlig hilsen", "med vennlig hilsen", "vennlig hilsen"),
    *("hilsen", "ystävällisin terveisin", "terveisin", "pozdrawiam", "z poważaniem"),
    *("s pozdravem", "s pozdravom", "с уважением", "с наилучшими пожеланиями", "з повагою"),
    *(
        "saygılarımla",
        "iyi çalışmalar",
        "üdvözlettel",
        "cu stimă",
        "με εκτίμηση",
        "よろしくお願いします",
    ),
    *("此致", "敬具", "감사합니다", "בברכה", "مع تحياتي", "مع أطيب التحيات", "trân trọng"),
)
"""What stands alone on the line above a name."""
