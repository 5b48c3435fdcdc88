"""What a stored password costs whoever stole it."""

from helpdesk.accounts.passwords import HASHER, NOBODYS


def test_hashing_costs_what_owasp_asks_for() -> None:
    assert HASHER.memory_cost >= 19 * 1024
    assert (HASHER.time_cost, HASHER.parallelism) == (2, 1)
    assert HASHER.hash("a kettle of tea").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_looking_for_nobody_costs_as_much_as_looking_for_somebody() -> None:
    assert not HASHER.check_needs_rehash(NOBODYS)
