"""Texts for synthetic passages: real sentences of the same topic, and of real length."""

from collections.abc import Iterator, Sequence

import numpy as np

from index.splitting.sentences import split_sentences
from qa.values import Article, Passage, Sentence
from scripts.index_scale.synthetic import Drawn

PASSAGES_PER_ARTICLE = 10


class TopicTexts:
    """Makes texts of the sentences of the real passages of a topic.

    Each has as many sentences as one of them, drawn from all of them: words are about as frequent,
    and as frequent together, as in real text, but no two passages are the same.
    """

    def __init__(self, texts: Sequence[str], topics: Sequence[np.ndarray]) -> None:
        sentences = [[text[s.start : s.end] for s in split_sentences(text)] for text in texts]
        self._lengths = [[len(sentences[row]) for row in rows] for rows in topics]
        self._sentences = [
            [sentence for row in rows for sentence in sentences[row]] for rows in topics
        ]

    def text(self, topic: int, random: np.random.Generator) -> str:
        """Return the text of one passage of a real topic."""
        lengths, sentences = self._lengths[topic], self._sentences[topic]
        count = lengths[int(random.integers(len(lengths)))]
        return " ".join(sentences[at] for at in random.integers(0, len(sentences), count))

    def articles(
        self, batches: Iterator[Drawn], ids: np.ndarray
    ) -> Iterator[tuple[Article, list[Sentence], list[Passage]]]:
        """Yield articles of ten passages for all that was drawn, the last one with what is left."""
        random = np.random.default_rng(11)
        done = 0
        for batch in batches:
            for start in range(0, len(batch.parents), PASSAGES_PER_ARTICLE):
                parents = batch.parents[start : start + PASSAGES_PER_ARTICLE]
                texts = [self.text(int(parent), random) for parent in parents]
                own = ids[done : done + len(texts)]
                yield _article(f"synthetic-{done}", texts, own.tolist())
                done += len(texts)


def _article(
    article_id: str, texts: Sequence[str], ids: Sequence[int]
) -> tuple[Article, list[Sentence], list[Passage]]:
    article = Article(article_id, "Synthetic", "\n\n".join(texts))
    passages: list[Passage] = []
    start = 0
    for passage_id, text in zip(ids, texts, strict=True):
        passages.append(Passage(passage_id, article_id, start, start + len(text), text))
        start += len(text) + 2
    sentences = [Sentence(n, p.start, p.end) for n, p in enumerate(passages)]
    return article, sentences, passages
