"""Counts of single days, weeks and months that are kept, so that a long period need not be counted
row by row. What changes a day marks it in the same transaction, and a marked day is counted live
until it is counted anew."""
