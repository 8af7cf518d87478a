"""Known-item search: questions made from articles, whose right passage is known.

A sentence is drawn from an article that two generations hold with the same text, and its most
distinctive words are the query; the passages that hold the sentence are the relevant ones
(Azzopardi & de Rijke 2006, "Automatic construction of known-item finding test beds"). Nobody has to
write questions or judge, and since the article has not changed, it should be found as before.
What has left the index, on purpose or by mistake, is not asked about: `removal.py` looks at that.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from index.encoding.encoder import QuestionEncoder
from index.generation.generation import Generation
from index.generation.manifest import EncoderEntry
from index.publishing.gate import DEFAULT_MARGIN, ComparedQuestion, Comparison, Found
from index.retriever import HybridRetriever
from qa.errors import ArticleNotFoundError
from qa.filters import Filters
from qa.values import Passage, Sentence

# As many passages as are read for a question: what is not among them cannot be answered from.
_DEPTH = 20
_QUESTIONS = 50
# Passages looked at to find so many questions, and to tell common words from distinctive ones.
_LOOKED_AT = 200
_FEWEST_WORDS = 4
_ASKED_WORDS = 4
_WORD = re.compile(r"[^\W_]{3,}")
_RECALL = f"recall@{_DEPTH}"


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A query and the sentence that it was made from."""

    query: str
    article_id: str
    sentence: Sentence

    def is_in(self, passage: Passage) -> bool:
        """Return whether a passage holds the sentence, or as much of it as fits into one."""
        return (
            passage.article_id == self.article_id
            and passage.start < self.sentence.end
            and passage.end > self.sentence.start
        )


@dataclass(frozen=True, slots=True)
class KnownItemGate:
    """Compares how many known items two generations find among their first 20 passages.

    `encoder_of` gives the encoder that a generation was built with.
    """

    encoder_of: Callable[[EncoderEntry], QuestionEncoder]
    margin: float = DEFAULT_MARGIN

    def compare(self, served: Generation, candidate: Generation) -> Comparison:
        """Return what both found; raises QuothError if one of them cannot be asked."""
        items = known_items(served, candidate, most=_QUESTIONS)
        before = self._found(served, items)
        now = self._found(candidate, items)
        return Comparison(
            asked="words of sentences that both hold",
            served=served.name,
            candidate=candidate.name,
            margin=self.margin,
            deciding=(_RECALL,),
            questions=tuple(
                ComparedQuestion(item.query, f"a passage of {item.article_id}", *found)
                for item, *found in zip(items, before, now, strict=True)
            ),
        )

    def _found(self, generation: Generation, items: Sequence[KnownItem]) -> list[Found]:
        if not items:
            return []
        encoder = self.encoder_of(generation.manifest.encoder)
        retriever = HybridRetriever(generation, encoder)
        return [_look_for(item, retriever) for item in items]


def known_items(served: Generation, candidate: Generation, *, most: int) -> list[KnownItem]:
    """Return at most `most` known items of articles that both generations hold with one text.

    Of an article at most one. Passages are drawn in the order of their ids: as these are digests,
    that is a random sample, and nearly the same one at every rebuild.
    """
    ids = [int(one) for one in served.tables.passage_ids()[:_LOOKED_AT]]
    passages = served.tables.passages(ids)
    spread = Counter(word for passage in passages for word in set(_words(passage.text)))
    items: dict[str, KnownItem] = {}
    for passage in passages:
        if len(items) == most:
            break
        if passage.article_id not in items and _unchanged(passage.article_id, served, candidate):
            item = _item_of(passage, served, spread)
            if item is not None:
                items[passage.article_id] = item
    return list(items.values())


def _item_of(
    passage: Passage, generation: Generation, spread: Mapping[str, int]
) -> KnownItem | None:
    """Return the item of the sentence with most words, of equal ones the first; None of too few.

    `spread` says in how many passages a word stands.
    """
    words_of = {
        sentence: dict.fromkeys(
            _words(passage.text[sentence.start - passage.start : sentence.end - passage.start])
        )
        for sentence in generation.sentences(passage.article_id, passage.start, passage.end)
        if passage.start <= sentence.start and sentence.end <= passage.end
    }
    sentence = max(words_of, key=lambda one: len(words_of[one]), default=None)
    if sentence is None or len(words_of[sentence]) < _FEWEST_WORDS:
        return None
    words = words_of[sentence]
    # The rarest words; of equally rare ones the longest; then as they stand.
    rarest = sorted(words, key=lambda word: (spread[word], -len(word)))
    chosen = set(rarest[:_ASKED_WORDS])
    query = " ".join(word for word in words if word in chosen)
    return KnownItem(query, passage.article_id, sentence)


def _unchanged(article_id: str, served: Generation, candidate: Generation) -> bool:
    try:
        return candidate.article(article_id).text == served.article(article_id).text
    except ArticleNotFoundError:
        return False


def _look_for(item: KnownItem, retriever: HybridRetriever) -> Found:
    passages = retriever.retrieve(item.query, filters=Filters(), limit=_DEPTH).passages
    rank = next((n for n, one in enumerate(passages, start=1) if item.is_in(one.passage)), None)
    return Found(
        shown=f"not among {_DEPTH}" if rank is None else f"rank {rank}",
        scores={_RECALL: float(rank is not None), "MRR": 0.0 if rank is None else 1 / rank},
    )


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
