"""Records that somebody should look at: bouncing, contradictory, missing, out of date, or there
twice. A job looks at all of them, a piece at a time; people work through what it found."""
