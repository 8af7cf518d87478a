"""What responses to questions hold, and the probes', as the OpenAPI description shows it."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from api import examples
from api.explanations import ExplanationBody
from api.links import LinkOf, deep_link, viewer_link
from qa.answers import Answer, Citation, Context, Outcome
from qa.deciding.agreement import Agreement
from qa.notes import NoteKind
from qa.pages import page_of
from qa.retrieval import RetrievedPassage
from qa.values import Article, Sentence


class ArticleReference(BaseModel):
    """Which article a quotation is from; `sha256` is that of its stored text in UTF-8."""

    id: str
    title: str
    url: str | None
    published: date | None
    source: str | None
    sha256: str

    @classmethod
    def of(cls, article: Article) -> "ArticleReference":
        """Describe an article without its text."""
        return cls(
            id=article.article_id,
            title=article.title,
            url=article.url,
            published=article.published,
            source=article.source,
            sha256=article.sha256,
        )


class SentenceRange(BaseModel):
    """A sentence of the article, by its number and its range in code points."""

    index: int
    start: int
    end: int

    @classmethod
    def of(cls, sentence: Sentence) -> "SentenceRange":
        """Render where a sentence stands."""
        return cls(index=sentence.index, start=sentence.start, end=sentence.end)


class AnswerRange(BaseModel):
    """The answer inside the article."""

    text: str
    start: int
    end: int


class ContextBody(BaseModel):
    """An earlier sentence of the article, quoted whole, that the cited one is understood with."""

    quote: str
    sentence: SentenceRange

    @classmethod
    def of(cls, context: Context) -> "ContextBody":
        """Render a context."""
        return cls(quote=context.quote, sentence=SentenceRange.of(context.sentence))


class CitationBody(BaseModel):
    """A source sentence, quoted whole. All offsets are code points of the article's text."""

    id: str
    answer_id: str
    article: ArticleReference
    quote: str
    sentence: SentenceRange
    answer: AnswerRange
    prefix: str
    suffix: str
    offset_unit: str = "codepoint"
    deep_link: str | None
    viewer_link: str = Field(
        description="Where the quote stands marked on a page of Quoth's: a path, to be put behind "
        "the address that the service was asked at."
    )
    page: int | None = Field(
        None,
        description="On which page of its document the quote begins, from 1; null where that is "
        "not known. PDFs have pages, and so has an article whose field `page_starts` lists where "
        "each begins in its text.",
    )
    context: ContextBody | None = Field(
        None,
        description="Where the quote begins with a pronoun or the like: the sentence before that "
        "names whom it speaks of. Where it is a list's item or a table's row: what stands above.",
    )

    @classmethod
    def of(
        cls,
        citation: Citation,
        *,
        citation_id: str,
        answer_id: str,
        link_of: LinkOf,
    ) -> "CitationBody":
        """Render a citation."""
        return cls(
            id=citation_id,
            answer_id=answer_id,
            article=ArticleReference.of(citation.article),
            quote=citation.quote,
            sentence=SentenceRange.of(citation.sentence),
            answer=AnswerRange(
                text=citation.answer, start=citation.answer_start, end=citation.answer_end
            ),
            prefix=citation.prefix,
            suffix=citation.suffix,
            deep_link=deep_link(citation),
            viewer_link=link_of(citation),
            page=citation.page,
            context=None if citation.context is None else ContextBody.of(citation.context),
        )


class AnswerBody(BaseModel):
    """One answer, quoted; `confidence` is the probability that it is right."""

    id: str
    text: str
    confidence: float
    support: int = Field(description="In how many different places it stands.")
    citations: list[CitationBody]


def answer_bodies(
    answers: tuple[Answer, ...], *, link_of: LinkOf = viewer_link
) -> list[AnswerBody]:
    """Render answers, numbering them a1, a2, ... and their citations c1, c2, ... throughout."""
    bodies = []
    cited = 0
    for number, answer in enumerate(answers, start=1):
        citations = [
            CitationBody.of(
                citation, citation_id=f"c{cited + place}", answer_id=f"a{number}", link_of=link_of
            )
            for place, citation in enumerate(answer.citations, start=1)
        ]
        cited += len(citations)
        bodies.append(
            AnswerBody(
                id=f"a{number}",
                text=answer.text,
                confidence=round(answer.confidence, 4),
                support=answer.support,
                citations=citations,
            )
        )
    return bodies


class Timings(BaseModel):
    """Milliseconds spent, by stage; `read` includes deciding and citing."""

    retrieve: float
    read: float
    total: float


class AskResponse(BaseModel):
    """The answers, best first; none where the articles do not answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RESPONSE]})

    question: str
    answered: bool
    answerable_probability: float
    answers: list[AnswerBody]
    generation: str
    cached: bool = Field(
        False, description="Whether the same question was answered from this generation before."
    )
    timings_ms: Timings
    degraded: str | None
    agreement: Agreement | None = Field(
        None,
        description="`single`: one article gives the first answer; `agree`: several do; `differ`: "
        "another article gives another answer that is likely too. Null without answers.",
    )
    note: str | None = Field(
        None,
        description="Why no quotation can answer: it asks for yes or no, counts or compares; that "
        "a table's row was found by comparing; or, without answers, that no article passes the "
        "filters, or which names, offices and numbers of the question nothing that was read "
        "mentions.",
    )
    note_kind: NoteKind | None = Field(
        None, description="What `note` is about, for clients that say it in another language."
    )
    unmentioned: list[str] = Field(
        [],
        description="Without answers: the names, offices and numbers of the question that nothing "
        "that was read mentions.",
    )
    asked: str | None = Field(
        None,
        description="The form of the question that was asked, where earlier turns complete it, "
        'the speaker corrects themselves ("in Poland no wait Belarus"), or a word is misspelt and '
        "asked as the articles spell it. Else null.",
    )
    considered: list[AnswerBody] | None = Field(
        None, description="With `explain`: the best answers, whether given or not."
    )
    explanation: ExplanationBody | None = Field(
        None, description="With `explain`: each step from the passages to the answers."
    )

    @classmethod
    def of(
        cls,
        outcome: Outcome,
        *,
        generation: str,
        explain: bool,
        cached: bool = False,
        link_of: LinkOf = viewer_link,
    ) -> "AskResponse":
        """Render an outcome; `link_of` says where its citations open in our viewer."""
        return cls(
            question=outcome.question,
            answered=outcome.answered,
            answerable_probability=round(outcome.answerable_probability, 4),
            answers=answer_bodies(outcome.answers, link_of=link_of),
            generation=generation,
            cached=cached,
            timings_ms=Timings(
                **{stage: round(spent, 2) for stage, spent in outcome.timings_ms.items()}
            ),
            degraded=outcome.degraded,
            agreement=outcome.agreement,
            note=outcome.note,
            note_kind=outcome.note_kind,
            unmentioned=list(outcome.unmentioned),
            asked=outcome.asked,
            considered=answer_bodies(outcome.considered, link_of=link_of) if explain else None,
            explanation=_explanation(outcome) if explain else None,
        )


def _explanation(outcome: Outcome) -> ExplanationBody | None:
    return None if outcome.explanation is None else ExplanationBody.of(outcome.explanation)


class PassageBody(BaseModel):
    """A passage that bears on the question; ranks count from 1, null where it was not found."""

    article: ArticleReference
    text: str
    start: int
    end: int
    page: int | None = Field(
        None, description="On which page it begins, from 1; null where that is not known."
    )
    score: float
    cosine: float
    dense_rank: int | None
    keyword_score: float
    keyword_rank: int | None

    @classmethod
    def of(cls, found: RetrievedPassage, article: Article) -> "PassageBody":
        """Render a retrieved passage of an article."""
        return cls(
            article=ArticleReference.of(article),
            text=found.passage.text,
            start=found.passage.start,
            end=found.passage.end,
            page=page_of(article, found.passage.start),
            score=round(found.fused_score, 6),
            cosine=round(found.cosine, 4),
            dense_rank=found.dense_rank,
            keyword_score=round(found.keyword_score, 4),
            keyword_rank=found.keyword_rank,
        )


class SearchResponse(BaseModel):
    """Passages, best first."""

    question: str
    asked: str | None = Field(
        None,
        description="The question as it was searched, where a word is misspelt and searched as "
        "the articles spell it. Else null.",
    )
    passages: list[PassageBody]
    generation: str


class Health(BaseModel):
    """The process is up."""

    status: str = "ok"


class Readiness(BaseModel):
    """Questions can be answered."""

    status: str = "ready"
    generation: str
    articles: int
    passages: int
