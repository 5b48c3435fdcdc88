"""E-mail, and nothing of what it is about.

`outbound.write` stores a mail with the change it tells of; `jobs.deliver_due` hands it to the
`transport` afterwards. Each state it can be in stands in `models.Delivery`.
"""
