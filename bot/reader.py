"""The small extractive reader."""

from __future__ import annotations

from collections.abc import Sequence

MOST_PIECES = 256
QUESTION_PIECES = 64
TITLE_PIECES = 32
CLS, SEP = 101, 102


def assemble(question: Sequence[int], title: Sequence[int], text: Sequence[int]) -> tuple[list[int], list[int], int]:
    """`[CLS] question [SEP] title [SEP] text [SEP]`, the kind of each piece, and where the text begins.

    Without a title its separator is left out too.
    """
    head = [CLS, *question, SEP]
    body = [*title, SEP] if title else []
    ids = [*head, *body, *text, SEP]
    kinds = [0] * len(head) + [1] * (len(ids) - len(head))
    return ids, kinds, len(head) + len(body)
