"""Mail in. Four doors lead to one path: a mail is kept as it came (`keeping`), acknowledged, and
then read and acted on by a job (`jobs`), which settles what became of it (`models.Outcome`)."""
