"""Macros: changes that agents keep under a name, to do them to one ticket after another.

One that only writes a reply is a canned reply.
"""
