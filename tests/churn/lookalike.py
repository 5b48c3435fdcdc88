"""Tables of customers that were never there, drawn from a law that is known, so that it is known as
well how good a card can be at best."""

import math
from random import Random

from helpdesk.churn.ranking import auc

Rows = list[dict[str, str]]


def subscribers(n: int, seed: int) -> tuple[Rows, float]:
    """A telephone company: contract, tenure, bill, services that hang together, a few blanks.
    Gives back the rows and the area that the true chances reach."""
    random, rows, chances, left = Random(seed), [], [], []
    for number in range(n):
        tenure = min(72, int(random.expovariate(1 / 30)))
        contract = random.choices(
            ("Month-to-month", "One year", "Two year"), (6, 1 + tenure / 40, 1 + tenure / 20)
        )[0]
        net = random.choice(("Fiber optic", "DSL", "No"))
        bill = {"Fiber optic": 80, "DSL": 55, "No": 20}[net] + random.gauss(0, 8)
        check = random.random() < 0.35
        odds = (
            -1.6
            - 0.03 * tenure
            + {"Month-to-month": 1.3, "One year": 0.0, "Two year": -1.2}[contract]
            + {"Fiber optic": 0.5, "DSL": 0.0, "No": -0.8}[net]
            + (0.9 if check and contract == "Month-to-month" else 0.0)
            + (1.2 if tenure < 4 and net == "Fiber optic" else 0.0)
        )
        chance = 1 / (1 + math.exp(-odds))
        came = random.random() < chance
        chances.append(chance)
        left.append(came)
        rows.append(
            {
                "customerID": f"{random.randrange(10**4):04}-{number:05}",
                "tenure": str(tenure),
                "Contract": contract,
                "InternetService": net,
                "StreamingTV": "No internet service" if net == "No" else random.choice("YN"),
                "PaymentMethod": "Electronic check" if check else "Credit card",
                "MonthlyCharges": f"{bill:.2f}",
                "TotalCharges": f"{bill * tenure:.2f}" if tenure else " ",
                "gender": random.choice(("Female", "Male")),
                "Churn": "Yes" if came else "No",
            }
        )
    return rows, auc(chances, left) or 0.0


def csv_of(rows: Rows, separator: str = ",") -> bytes:
    """The rows as a file."""
    lines = [separator.join(rows[0]), *(separator.join(row.values()) for row in rows)]
    return "\n".join(lines).encode()
