"""Where the tokens of a text lie, for the budgets of encoder and reader."""

from collections.abc import Callable

from tokenizers import Tokenizer

TokenRanges = list[tuple[int, int]]
Tokenize = Callable[[str], TokenRanges]

# WordPiece makes one [UNK] of a "word" over 100 characters (BERT's max_input_chars_per_word);
# counting it as one token would let a passage grow without bound.
LONGEST_TOKEN = 100


def token_ranges(tokenizer: Tokenizer, text: str) -> TokenRanges:
    """Return the (start, end) range of each token of `text`, none longer than `LONGEST_TOKEN`."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    return [
        (piece, min(piece + LONGEST_TOKEN, end))
        for start, end in encoding.offsets
        for piece in range(start, max(end, start + 1), LONGEST_TOKEN)
    ]
