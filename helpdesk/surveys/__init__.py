"""Ask customers how it went, and read their answers honestly.

A ticket is resolved: `reactions` has `actions` decide, once, whether its customer is asked. What
speaks against it stands in `exclusions` and `budget`, and every decision is a row with its reason.
At its time a job looks again and writes the mail (`mailing`), which goes out at most once. The
links in it (`links`) open a page; only a pressed button counts (`answers`). `cadence` asks about us
as a whole. `scoring`, `changes` and `shrinkage` say what the answers mean.
"""
