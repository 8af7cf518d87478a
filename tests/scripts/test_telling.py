"""How commands tell."""

from scripts.command_line.telling import how_many


def test_one_of_something_is_told_in_the_singular() -> None:
    told = [how_many(count, "article") for count in (0, 1, 2, 1000)]
    assert told == ["0 articles", "1 article", "2 articles", "1,000 articles"]
