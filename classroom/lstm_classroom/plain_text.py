"""Text of a student's that is shown to a teacher, or stored: nothing in it moves a cursor or breaks a file."""


def clean(text: str) -> str:
    """Return a text with whatever cannot be printed written out: escapes, halves of characters, marks that turn letters round."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else ascii(letter)[1:-1] for letter in text)


def one_line(text: str, most: int) -> str:
    """Return the beginning of a text as a single line in which everything can be printed."""
    return clean(" ".join(text[:10 * most].split()))[:most]
