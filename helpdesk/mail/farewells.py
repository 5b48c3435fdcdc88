"""The words that people and their telephones put below a mail, in the languages they speak."""

SENT_FROM = (
    *(r"sent (?:from|via|with|by|using|on)", r"(?:ge|ver)sendet (?:von|vom|mit|aus|über|via)"),
    *(r"(?:geschrieben|erstellt) (?:von|mit|auf)", "diese nachricht wurde von", "provenance :"),
    *(r"envoyée? (?:de|depuis|à partir|avec|par|via)", r"enviad[oa] (?:desde|de|do|da|con|com)"),
    *(r"enviad[oa] (?:a partir|por|pelo|pela|vía|via|mediante)", r"enviat (?:des|amb)"),
    *(r"inviat[oa] (?:da|dal|dalla|con|tramite|via)", r"skickat|skickades"),
    *(r"(?:verzonden|verstuurd) (?:vanaf|vanuit|met|via|van)", r"sen[dt]t? (?:fra|via|med)"),
    *(
        r"lähetetty",
        r"wysłan[eoy] (?:z|ze|za|przez|przy)",
        r"od(?:e)?sl[aá]n[aoeé] (?:z|ze|zo|přes)",
    ),
    *("odoslané (?:z|zo|cez)", r"poslano (?:s|sa|iz|z|putem)", r"trimis (?:de|din|cu|prin)"),
    *(r"отправлено (?:с|со|из|через|от|при)", r"(?:надіслано|відправлено) (?:з|із|через|за)"),
    *(r"(?:στάλθηκε|εστάλη) (?:από|με|μέσω)", "נשלח", "أُرسلت من", "أرسلت من", "تم الإرسال من"),
    *("مرسل من", "(?:đã )?gửi từ", r"(?:dikirim|dihantar|terkirim) (?:dari|dengan)", "ส่งจาก"),
    *("발신", "发自", "發自", "来自", "來自", "私の"),
)
"""How the line begins that a telephone writes below a mail; the name of a device or a program must
follow, for people begin sentences so as well."""
SENT = (
    *(
        r"^(?:von|vom|mit) .*(?:gesendet|geschickt)",
        r"gönderil\w*",
        "から送信(?:されました|しました)?",
        "에서 보(?:냄|냈습니다)",
    ),
    *("에서 발송", "küldve", "(?:发送|傳送|寄出)", "भेजा गया"),
)
"""How it ends where the verb comes last."""
SENT_ALWAYS = (
    *("sent from my", "mobil gesendet", "von unterwegs gesendet", "yahoo mail: search, organize"),
    *("von yahoo mail auf", "yahoo mailで"),
)
"""How it begins where nothing else must follow."""
GET = (
    *("get", "download", "holen sie sich", "hol dir", "télécharger", "obtenir", "obtenez"),
    *("obtener", "descargar", "ottieni", "scarica", "obter o", "obtenha o", "baixar o"),
    *("transferir o", "pobierz", "uzyskaj", "hämta", "skaffa", "skaff deg", "hent", "få"),
    *("last ned", "hanki", "získat", "stáhnout", "получить", "скачать", "отримати"),
    *(
        "завантажити",
        "obțineți",
        "λήψη του",
        "dohvati",
        "preuzmite",
        "获取",
        "下载",
        "下載",
        "取得",
    ),
)
"""How a telephone recommends its program, before the name of that."""
GOT = (
    *("herunterladen", "beziehen", "downloaden", "ophalen", "edinin", "beszerzése", "を入手"),
    *("を取得", "다운로드"),
)
"""The same where the verb comes last."""
PROGRAMS = ("outlook", "yahoo mail", "bluemail", "typeapp", "gmail", "aol")
SYSTEMS = ("ios", "android", "iphone", "ipad", "mac", "windows")
DEVICES = (
    *("iphon", "ipad", "android", "galaxy", "samsung", "huawei", "xiaomi", "blackberry", "nokia"),
    *("outlook", "mail", "yahoo", "proton", "typeapp", "windows", "mobile", "яндекс"),
    *("smartphone", "mobiltelefon", "handy", "téléphone", "móvil", "celular", "cellulare"),
    *("telefoon", "телефон", "мобильн", "айфон", "הנייד", "アプリ", "tablet", "thunderbird"),
    *("gmx", "web.de", "telefonu", "mobil", "front", "airmail", "zoho"),
    *("spark", "superhuman", "hey.com", "poczt", "почты", "手机", "手機", "小米", "华为", "aol"),
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
    *("med vänlig hälsning", "vänlig hälsning", "yours sincerely", "yours faithfully"),
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
