"""Questions asked again and again that no cache of answers knows."""


def numbered(question: str, number: int) -> str:
    """Return the question with a number at its end, in white space, which changes no answer."""
    return question + f"{number:b}".replace("0", " ").replace("1", "\t")
