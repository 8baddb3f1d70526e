"""Words that no language has, for texts we make up."""

SYLLABLES = ("ba", "cor", "dil", "en", "fa", "gra", "hol", "im", "jun", "ka", "lor", "mi", "nex", "op", "pra", "qui",
             "ras", "sol", "tra", "un", "ver", "wo", "xi", "yel", "zan")  # fmt: skip


def spelled(number: int) -> str:
    """The number in syllables, one a digit: distinct numbers are distinct words."""
    rest, digit = divmod(number, len(SYLLABLES))
    return (spelled(rest) if rest else "") + SYLLABLES[digit]
