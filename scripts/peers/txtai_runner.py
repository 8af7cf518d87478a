"""txtai as a system in a comparison; runs in the environment of requirements-txtai.txt.

A hybrid index finds the passages. `passages` lets the Questions pipeline read each of them and
takes the answer with the highest score; `joined` is the RAG pipeline as documented, which joins
the passages to one text and cuts it to what the model can read.
"""

import sys
from typing import Any

import torch
from txtai import RAG, Embeddings
from txtai.pipeline import Questions

import scripts.training.narrow_mpnet  # noqa: F401  # the reader's network, for transformers
from scripts.peers.protocol import Answer, Setup, read_passages, serve


class ScoredQuestions(Questions):  # type: ignore[misc]  # txtai ships no types
    """The Questions pipeline, which also keeps the score of each answer.

    The original fails where the best span is not in the passage, as it is where a model says "no
    answer here"; such a passage has no answer.
    """

    model: Any

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.scores: list[float] = []
        self._read = self.model
        self.model = self._keep_score

    def _keep_score(self, **tokens: Any) -> Any:
        outputs = self._read(**tokens)
        named = hasattr(outputs, "start_logits")
        start, end = (outputs.start_logits, outputs.end_logits) if named else outputs
        # The score that the pipeline itself compares with its threshold of 0.05.
        self.scores.append(float(start.softmax(dim=-1).max() * end.softmax(dim=-1).max()))
        return outputs

    def answer(self, context: str, tokens: Any, start: Any, end: Any) -> str | None:
        """Return the text of the span, or None if it is not in the passage."""
        if tokens.token_to_sequence(int(start)) != 1 or tokens.token_to_sequence(int(end)) != 1:
            return None
        return str(super().answer(context, tokens, start, end))


class Txtai:
    """Hybrid embeddings and the Questions pipeline."""

    packages = ("txtai", "transformers", "torch", "onnxruntime", "faiss-cpu")

    def __init__(self, embeddings: Embeddings, questions: ScoredQuestions, depth: int) -> None:
        self._embeddings = embeddings
        self._questions = questions
        self._depth = depth
        self.configuration: list[str] = []

    def answer(self, question: str) -> Answer:
        """Return the answer with the highest score of those of the passages."""
        found = self._embeddings.search(question, self._depth)
        contexts = [row["text"] for row in found]
        self._questions.scores.clear()
        answers = self._questions([question] * len(contexts), contexts)
        scored = zip(self._questions.scores, answers, strict=True)
        given = [(score, answer) for score, answer in scored if answer]
        if not given:
            return Answer("", 0.0, 0.0)
        score, text = max(given, key=lambda pair: pair[0])
        return Answer(text, score, score)


class TxtaiJoined:
    """The RAG pipeline over hybrid embeddings."""

    packages = Txtai.packages

    def __init__(self, embeddings: Embeddings, questions: ScoredQuestions, depth: int) -> None:
        self._questions = questions
        self._rag = RAG(embeddings, questions, context=depth, output="flatten")
        self.configuration: list[str] = []

    def answer(self, question: str) -> Answer:
        """Return the answer in the joined passages."""
        self._questions.scores.clear()
        text = self._rag([question])[0]
        if not text:
            return Answer("", 0.0, 0.0)
        return Answer(text, self._questions.scores[-1], self._questions.scores[-1])


def prepare(setup: Setup) -> Txtai | TxtaiJoined:
    """Index the passages and load the reader."""
    torch.set_num_threads(setup.threads)
    embeddings = Embeddings(path=setup.encoder, hybrid=True, content=True, gpu=False)
    passages = read_passages(setup.passages)
    embeddings.index((passage["id"], passage["text"], None) for passage in passages)
    in_torch = "torch" in sys.argv[1:]
    model = setup.float_reader if in_torch else setup.onnx_reader
    questions = ScoredQuestions((model, setup.float_reader), gpu=False)
    joined = "joined" in sys.argv[1:]
    system = (TxtaiJoined if joined else Txtai)(embeddings, questions, setup.depth)
    system.configuration = [
        "Questions pipeline with the float weights in PyTorch"
        if in_torch
        else "Questions pipeline with our 8-bit ONNX file, by ONNX Runtime with a thread a core",
        "RAG pipeline: passages joined and cut to 512 tokens"
        if joined
        else "each passage read by itself, the answer with the highest score taken",
        "a span outside the passage counts as no answer, where the original raises an error",
        "hybrid index (dense and BM25, equal weights, its default fusion)",
        "both scores are the product of its start and end probabilities",
    ]
    return system


if __name__ == "__main__":
    serve(prepare)
