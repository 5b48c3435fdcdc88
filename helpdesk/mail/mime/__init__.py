"""The wire format of mails (RFC 5322, RFC 2045–2049, RFC 2231, RFC 3676), read from bytes.

The standard library's parser recurses as deep as a mail asks it to, keeps every line as an object
of its own, and looks again and again at some hostile headers. This one is given to what strangers
send: one pass, bounded depth and number of parts, and no word of it raises.
"""
