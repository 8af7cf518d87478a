"""Whatever happens to an index, in whatever order, it holds what a plain dict would hold."""

import shutil
import tempfile
from contextlib import closing, nullcontext
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from index.build import Mode, Silent, build_index
from index.generation.folder_moves import resume
from index.generation.folders import kept_names, read_pointer
from index.generation.generation import Generation, open_generation
from index.generation.locks import building_lock, publishing_lock
from index.publishing.current import GenerationHeldError, roll_back
from index.publishing.publish import Publisher
from index.record.deletions import Deletions
from index.record.record import Change, Record
from index.retriever import HybridRetriever
from index.splitting.passages import PassageBudget
from qa.filters import Filters
from qa.values import Article
from tests.index.fake_encoder import AxisEncoder, write_files

BUDGET = PassageBudget(max_tokens=6, overlap=2)
IDS = [f"id {n}" for n in range(6)]
WORDS = st.sampled_from(["cat", "ship", "tax", "red.", "sails.", "Étude", "船", "😀", "two\nlines"])
TEXTS = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
TITLES = st.sampled_from(["A cat", "Ships", "No title"])
TAGS = st.sampled_from([(), ("sea",), ("sea", "land")])
ARTICLES = st.builds(Article, st.sampled_from(IDS), TITLES, TEXTS, tags=TAGS)

Content = dict[str, Article]


class IndexMachine(RuleBasedStateMachine):
    """An index directory, and what it should hold.

    `record` is the truth, `served` the content of the generation that serves, `kept` that of all
    generations, `deleted` the ids that were deleted since each was published.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.index_dir = self.folder / "index"
        self.encoder = AxisEncoder()
        self.opened: Generation | None = None

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @initialize(texts=st.lists(TEXTS, min_size=1, max_size=3))
    def first_build(self, texts: list[str]) -> None:
        self.record: Content = {}
        self.kept: dict[str, Content] = {}
        self.deleted: dict[str, set[str]] = {}
        self._from_sources({IDS[n]: text for n, text in enumerate(texts)}, Mode.REBUILD)
        self.store = Record(self.index_dir / "record.sqlite")
        self.publisher = Publisher(self.index_dir, self.store, self.encoder, keep=3)

    def _from_sources(self, texts: dict[str, str], mode: Mode) -> None:
        folder = self.folder / "sources"
        shutil.rmtree(folder, ignore_errors=True)
        write_files(folder, {f"{article_id}.txt": text for article_id, text in texts.items()})
        before = {} if not self.kept else dict(self.record)
        report = build_index(
            [folder],
            self.index_dir,
            encoder=self.encoder,
            budget=BUDGET,
            progress=Silent(),
            mode=mode,
            keep=3,
        )
        held = Record(self.index_dir / "record.sqlite")
        with closing(held):
            articles = {article.article_id: article for article in held.articles()}
        expected = (set() if mode.removes_others else set(before)) | set(texts)
        assert set(articles) == expected
        assert all(articles[one].text == text.strip() for one, text in texts.items())
        assert all(articles[one] == before[one] for one in expected - set(texts))
        assert report.added == len(set(texts) - set(before))
        assert report.removed == (len(set(before) - set(texts)) if mode.removes_others else 0)
        assert report.added + report.changed + report.unchanged == len(texts)
        self.record = articles
        self._published()

    def _published(self) -> None:
        pointer = read_pointer(self.index_dir)
        assert pointer is not None
        if pointer.name not in self.kept:
            self.kept[pointer.name] = dict(self.record)
            self.deleted[pointer.name] = set()
        there = kept_names(self.index_dir)
        assert pointer.name in there
        self.kept = {name: self.kept[name] for name in there}

    @rule(articles=st.lists(ARTICLES, min_size=1, max_size=3))
    def put(self, articles: list[Article]) -> None:
        for article, written in zip(articles, self.store.put(articles), strict=True):
            former = self.record.get(article.article_id)
            assert written.change is (
                Change.ADDED
                if former is None
                else Change.UNCHANGED
                if former == article
                else Change.CHANGED
            )
            self.record[article.article_id] = article

    @rule(article_id=st.sampled_from(IDS))
    def delete(self, article_id: str) -> None:
        sequence = self.store.delete(article_id)
        assert (sequence is not None) == (article_id in self.record)
        if sequence is not None:
            del self.record[article_id]
            for ids in self.deleted.values():
                ids.add(article_id)

    @rule()
    def publish(self) -> None:
        pointer = read_pointer(self.index_dir)
        assert pointer is not None
        published = self.publisher.publish_delta()
        if pointer.is_held:
            assert published is None
        elif published is None:
            assert self.kept[pointer.name] == self.record
        self._published()

    @rule()
    def fold(self) -> None:
        pointer = read_pointer(self.index_dir)
        assert pointer is not None
        refused = pytest.raises(GenerationHeldError) if pointer.is_held else nullcontext()
        with building_lock(self.index_dir), refused:
            published = self.publisher.build_base(BUDGET, reuse_cuts=True)
            assert published.manifest.delta is None
        self._published()

    @rule(
        texts=st.dictionaries(st.sampled_from(IDS), TEXTS, min_size=1, max_size=4),
        mode=st.sampled_from(Mode),
    )
    def index_sources(self, texts: dict[str, str], mode: Mode) -> None:
        self._from_sources(texts, mode)

    @precondition(lambda self: len(getattr(self, "kept", {})) > 1)
    @rule(data=st.data())
    def go_back(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.kept)))
        assert roll_back(self.index_dir, name) == name

    @rule()
    def go_on(self) -> None:
        with publishing_lock(self.index_dir):
            resume(self.index_dir)

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.opened = None
        self.store = Record(self.index_dir / "record.sqlite")
        self.publisher = Publisher(self.index_dir, self.store, self.encoder, keep=3)

    @invariant()
    def what_serves_is_what_a_dict_holds(self) -> None:
        if not hasattr(self, "store"):
            return
        self.opened = open_generation(self.index_dir, former=self.opened)
        name = self.opened.name
        with closing(Deletions(self.index_dir / "record.sqlite")) as deletions:
            gone = deletions.after(self.opened.manifest.sequence)
        assert gone >= self.deleted[name]
        assert not (gone - self.deleted[name]) & set(self.kept[name])
        seen = self.opened.without(gone)
        expected = {i: a for i, a in self.kept[name].items() if i not in gone}
        listed = seen.articles(after=None, limit=99)
        assert listed == [expected[article_id] for article_id in sorted(expected)]
        self._check_search(seen, expected)

    def _check_search(self, seen: Generation, expected: Content) -> None:
        hits = (
            HybridRetriever(seen, self.encoder)
            .retrieve("cat ship tax red", filters=Filters(), limit=500)
            .passages
        )
        assert {hit.passage.article_id for hit in hits} == set(expected)
        for hit in hits:
            passage = hit.passage
            assert expected[passage.article_id].text[passage.start : passage.end] == passage.text
            [vector] = AxisEncoder().encode([passage.text])
            asked = self.encoder.encode_question("cat ship tax red")
            assert np.isclose(hit.cosine, vector @ asked, atol=1e-6)
        ids = [hit.passage.passage_id for hit in hits]
        assert len(set(ids)) == len(ids) == seen.tables.counts().passages
        sea = (
            HybridRetriever(seen, self.encoder)
            .retrieve("cat", filters=Filters(tags=("sea",)), limit=500)
            .passages
        )
        assert {h.passage.article_id for h in sea} == {
            article_id for article_id, article in expected.items() if "sea" in article.tags
        }


def test_the_index_always_holds_what_a_dict_would_hold() -> None:
    run_state_machine_as_test(
        IndexMachine,
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            # A failure takes minutes to make smaller, and is short enough as it is.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
