"""Who plays in the story, and what they say."""

MIKA = "mika@acorn-payroll.example"
NORA = "nora@acorn-payroll.example"
ROSA = "rosa@harbor.example"
PASSWORD = "three quiet kettles of tea"

SUBJECT = "Charged twice for October"
PROBLEM = "Our invoice shows the amount two times. Could you look at it? Thank you for the help."
INVOICE = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
REPLY = "I am sorry for that. The second charge goes back to your card within ten days."
ANGER = "Ten days is a terrible answer. If this goes on we will cancel our contract with you."
COMMENT = "Far too slow, and I am very disappointed."
