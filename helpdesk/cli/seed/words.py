# ruff: noqa: E501 - sentences stay whole
"""What people in the demo write. Placeholders in braces are filled in by the story."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A matter that customers write about."""

    team: str
    tags: tuple[str, ...]
    subjects: tuple[str, ...]
    calm: tuple[str, ...]
    upset: tuple[str, ...]
    answers: tuple[str, ...]
    months: frozenset[int] = frozenset()
    """When it comes up more often."""


TOPICS = (
    Topic(
        "Billing", ("billing", "refund"),
        ("Charged twice for {month}", "Two invoices for one month", "Double charge on our card"),
        (
            "Hello, our card was charged on the 1st and again on the 3rd. Could you have a look? The invoice is {amount}.",
            "We see two charges of {amount} for {month}. I suppose one of them should not be there.",
        ),
        (
            "You charged us twice for {month} and nobody told us. Please refund {amount}.",
            "This is the second time our card is charged twice. That is not acceptable, please refund it today.",
        ),
        (
            "Thank you for telling us. The second charge came from a plan change that was tried twice. I have refunded {amount}; it takes up to five days to arrive.",
            "You are right, the second charge was ours. It goes back to your card today, and I have noted it so that it cannot happen with the next invoice.",
        ),
    ),
    Topic(
        "Billing", ("billing", "invoice"),
        ("Invoice address for {year}", "Please add our VAT number", "Invoice shows the old address"),
        (
            "We have moved. Could you put the new address on our invoices from {month} on?",
            "Our accountant needs the VAT number on the invoice. Where can I add it?",
        ),
        (
            "I have asked for the new address on our invoices before. It is still the old one.",
            "Our accountant sends the invoices back every month because the VAT number is missing.",
        ),
        (
            "Done: the new details are on the invoice for {month}, and on all further ones. You can change them yourself under Settings, Company.",
            "I have added it and sent you the corrected invoice. Earlier invoices can be issued again if you need them.",
        ),
    ),
    Topic(
        "Technical", ("export",),
        ("Cannot export payslips", "Export stops at page 4", "Payslip PDF is empty"),
        (
            "The export of payslips stops at page 4 since yesterday. The browser shows no message.",
            "When I export the payslips for {month}, the PDF has only the first employee in it.",
        ),
        (
            "The export is broken again and payday is tomorrow. I have tried it five times.",
            "The payslip export still does not work. We pay {people} people on Friday, this is urgent.",
        ),
        (
            "The export stumbled over an employee without an address. I have corrected the record, and the whole file is there again.",
            "We found the fault and put a correction live an hour ago. Please try once more; I will keep this open until you say it works.",
        ),
    ),
    Topic(
        "Technical", ("bank-file",),
        ("Bank rejects the payment file", "Salary file refused by the bank", "SEPA file has wrong date"),
        (
            "Our bank refuses the salary file with the message 'invalid execution date'. What can we do?",
            "The payment file for {month} is rejected. I attach what the bank says.",
        ),
        (
            "The bank rejected the salary file and our people are waiting for their money. Please call me.",
            "Salaries were not paid because your file was wrong. This is a serious problem for us.",
        ),
        (
            "The execution date fell on a bank holiday. I have made the file anew with the next working day; the bank will take it.",
            "The file named an account that was closed last month. With the new account in Settings, Banks, it is accepted.",
        ),
    ),
    Topic(
        "Technical", ("sign-in",),
        ("Two-factor code never arrives", "Locked out of my account", "Cannot sign in since the update"),
        (
            "The code for signing in does not arrive on my new phone. Could you reset it?",
            "I changed my phone and cannot sign in any more. How do I move the codes?",
        ),
        (
            "I cannot sign in since Monday and nobody answers the phone. I need the {month} figures now.",
            "Locked out again. The last time it took three days until someone helped.",
        ),
        (
            "I have reset two-factor for you after checking with your colleague. You will be asked to set it up when you sign in.",
            "The clock of the phone was a few minutes off, so the codes did not match. With automatic time it works.",
        ),
    ),
    Topic(
        "Technical", ("api",),
        ("API returns 429 below the limit", "Webhook arrives twice", "Import stopped at line {number}"),
        (
            "We call the API 40 times a minute and get 429 since this morning. The log is below.",
            "The import of employees stopped at line {number} without a message. Is there a log?",
        ),
        (
            "Your API returns errors every afternoon. Our integration is down and I have no explanation from you.",
            "The import failed for the third time. We have lost two days on this.",
        ),
        (
            "The limit was set per address and you share one. I have moved you to a limit per key; it is live.",
            "Line {number} has a date in another form. I have attached the file with that line corrected, and we have opened a request for a clearer message.",
        ),
    ),
    Topic(
        "Getting started", ("how-to",),
        ("How do I add a colleague?", "Where do I find last year's reports?", "Can I change the payday?"),
        (
            "How do I add a colleague who may see reports but not salaries?",
            "Where can I find the report of last year? I am sure it is easy, I just do not see it.",
            "Is it possible to move the payday from the 25th to the last working day?",
        ),
        (
            "I have looked for an hour and cannot find how to add a colleague. The help page shows another screen.",
        ),
        (
            "Under Settings, People, choose Invite and the role Reader. Readers see reports and no salaries.",
            "They are under Reports, Archive. I have pinned the one for last year to your start page.",
        ),
    ),
    Topic(
        "Getting started", ("leave",),
        ("Holiday balance looks wrong", "Carry over leave to {year}", "Half days in the calendar"),
        (
            "For two people the holiday balance shows one day less than I expect. Could you explain how it is worked out?",
            "How do we carry over leave into {year}? Our rule is five days at most.",
        ),
        (
            "The holiday balances are wrong for everybody since the update. People come to my desk all day.",
        ),
        (
            "The balance counts the bank holiday in their region as leave because the region is missing. With it set, the day comes back.",
            "Under Leave, Rules you can set a limit of five days. I have done it for you as a draft; please check and confirm.",
        ),
        frozenset({1, 12}),
    ),
    Topic(
        "Billing", ("year-end",),
        ("Year-end statement for {name}", "Certificates for employees", "Wrong total in the yearly report"),
        (
            "We need the yearly statements for the tax office by the end of the month. When are they ready?",
            "The total of the yearly report differs by 12.40 from our books. Where could that come from?",
        ),
        (
            "The yearly statements are late and the tax office is asking. When will they finally be there?",
            "The yearly report is wrong for the second year in a row.",
        ),
        (
            "They are ready under Reports, Year end. Two were held back because a tax number was missing; I have listed them below.",
            "The difference is a correction of {month} that was booked in January. The report now has a line for it.",
        ),
        frozenset({1, 2, 12}),
    ),
    Topic(
        "Data protection", ("privacy",),
        ("Please delete a former employee", "Copy of the data you hold on us"),
        (
            "A former employee asks us to delete her data. What do you need from us?",
            "Could you send us a copy of the processing agreement?",
        ),
        ("We asked for the deletion a month ago. The deadline has passed.",),
        (
            "Thank you. Payroll records must be kept for ten years, everything else is deleted; the record of it is attached.",
        ),
    ),
)  # fmt: skip

INCIDENT = Topic(
    "Technical", ("bank-file", "incident"),
    ("Salaries were not paid", "Payment run did not start", "Nothing has been paid today"),
    (
        "The payment run of this morning did not start. Is there a problem on your side?",
        "Our payments for today are still shown as waiting. Could you tell me what is going on?",
    ),
    (
        "Nobody here has been paid today and your status page says everything is fine. This is unacceptable.",
        "Still no payments. My people cannot pay their rent. I want to speak to a manager.",
        "Great, another outage. The payments did not run and nobody answers.",
    ),
    (
        "I am sorry. A change of ours last night kept payment runs from starting. All of them have been sent by 15:40 and arrive tomorrow morning. What happened and what we change is on the status page.",
    ),
)  # fmt: skip

GREETINGS = ("Hello {name},", "Dear {name},", "Good morning {name},", "Hi {name},")
CLOSINGS = (
    "Does that help?",
    "Please write if anything is still open.",
    "Tell me if it does not work for you.",
    "",
)
HOLDING = (
    "Thank you, I am looking into it with a colleague and will write again today.",
    "I can see it here as well. We are working on it; you will hear from me by tomorrow noon.",
)
NOTES = (
    "Checked the log: it is the same as last week. Linked for the engineers.",
    "Called them, they are under pressure because of payday. Please answer quickly if they write.",
    "Second request of this kind this month. Worth an article.",
)
THANKS = (
    "Thank you, that was quick! It works now.",
    "Perfect, thanks for the help.",
    "That solved it. Thank you very much.",
    "Great, works. Have a nice day!",
    "Thanks, I found it.",
)
STILL = (
    "Still not working, I am afraid. The same message as before.",
    "It worked for one, but not for the others.",
    "I have tried that already. It does not help.",
    "Sorry, it is still wrong.",
)
ANGRY = (
    "I have been waiting for three days and nobody answers. This is not what we pay for.",
    "This is the third time I explain the same thing. I am very disappointed.",
    "Nobody seems to read what I write. Please escalate this to a manager.",
)
REOPENED = (
    "I am sorry, but the problem is back.",
    "It worked for a week, and now it is broken again.",
    "This was marked as solved. It is not.",
)
CANCELLING = (
    "If this is not solved this week, please cancel our account.",
    "We are thinking about moving to another provider, to be honest.",
    "We have decided to cancel our contract at the end of the term. How do we export our data?",
)
CALLED = (
    "Called: they had waited for the refund. Promised a fixed contact and a credit of one month.",
    "Visited. The new clerk never had a training; Ana does two sessions with them.",
    "Spoke to the owner. Prices are fine, the export was the problem; fixed with the March release.",
)
COMMENTS = {
    5: (
        "Quick and friendly, thank you.",
        "Solved in minutes!",
        "Excellent help as always.",
        "",
        "",
        "",
    ),
    4: ("Good, took a little while.", "Helpful, thanks.", "", "", ""),
    3: ("It works now, but I had to ask twice.", "Okay.", "", ""),
    2: ("Slow, and nobody told us what was going on.", "I had to explain it three times.", ""),
    1: (
        "Nobody answered for days.",
        "The problem is still there. Very disappointing.",
        "The agent was not helpful at all.",
    ),
}
NPS_COMMENTS = {
    "promoter": ("Does what it should, and support is great.", "I recommend you already.", ""),
    "passive": ("Good product, the export could be better.", "", ""),
    "detractor": (
        "Too many problems this year.",
        "Support takes too long.",
        "We are looking at alternatives.",
    ),
}

BECAME = (
    "We called you and set it right. Sorry that it took a second try.",
    "You were right: the answer was hard to follow. We have written it anew.",
    "The wait was our fault. Two more colleagues look at these requests now.",
    "We gave you the month back and told the team what went wrong.",
)
