"""Would the risk have foretold who left? Judged on the past, as it was known then."""
