"""How dense search and retrieval grow with the number of passages."""

from pydantic import Field

from scripts.markdown import markdown_table
from scripts.performance.results import Machine, Result, Times

AIMED_AT = 1_000_000
LEAST_RECALL = 0.95
MOST_P95_MS = 25
MOST_RESIDENT_MIB = 1536
_ABOUT_WHOLE = (
    "Dense search, BM25 and fusion, with the kind of dense search that is chosen by size "
    "(`quoth index --vector-index auto`). Resident memory is that of a process that has opened the "
    "index and asked all questions, with the pages of mapped files that it has touched; own memory "
    "is without these, which the system may take back at any time."
)
_ABOUT_KINDS = (
    "Only the vectors. Each kind's candidates are ranked by their float16 vectors, so that kinds "
    "differ in what they find and never in how it is scored. How widely a kind searches (lists "
    "read, breadth) is the least with which the build finds 0.97 of what exact search finds. Where "
    "at most 20,000 are allowed, all are compared."
)


class LikenessResult(Result):
    """Median cosines of neighbours at some ranks, of real vectors and of as many synthetic."""

    ranks: tuple[int, ...]
    real_passages: tuple[float, ...]
    synthetic_passages: tuple[float, ...]
    real_questions: tuple[float, ...]
    synthetic_questions: tuple[float, ...]


class KindResult(Result):
    """One kind of dense search over one size; memory in MiB, of a process with nothing else."""

    passages: int
    kind: str
    described: str
    build_s: float
    file_bytes: int
    resident_mib: int
    own_mib: int
    dense: Times
    recall: float
    measured_recall: float | None = Field(description="What the build measured by itself.")


class WholeResult(Result):
    """A whole generation of one size, searched densely as chosen by size, and by words."""

    passages: int
    described: str
    build_s: float
    file_bytes: int
    open_s: float
    resident_mib: int
    own_mib: int
    dense: Times
    whole: Times
    recall: float
    is_real: bool = False


class ScaleResults(Result):
    """A run of `scripts.benchmark_index`, or several of different sizes, a command each."""

    commands: tuple[str, ...]
    machine: Machine
    data: str
    real_passages: int
    questions: int
    threads: int
    likeness: LikenessResult
    kinds: tuple[KindResult, ...]
    whole: tuple[WholeResult, ...]
    remarks: tuple[str, ...] = Field((), description="What a reader of the figures should know.")
    plot: str | None = Field(None, description="File name of the plot, in the same folder.")

    def with_other_sizes_of(self, former: "ScaleResults") -> "ScaleResults":
        """Return these results and those of the sizes that only the former ones have."""
        here = {one.passages for one in self.whole}
        whole = [*self.whole, *(one for one in former.whole if one.passages not in here)]
        kinds = [*self.kinds, *(one for one in former.kinds if one.passages not in here)]
        return self.model_copy(
            update={
                "commands": tuple(dict.fromkeys([*former.commands, *self.commands])),
                "remarks": tuple(dict.fromkeys([*former.remarks, *self.remarks])),
                "whole": tuple(sorted(whole, key=lambda one: (not one.is_real, one.passages))),
                "kinds": tuple(sorted(kinds, key=lambda one: one.passages)),
            }
        )


def section(found: ScaleResults) -> str:
    """Return the section of a run."""
    plot = [f"![Latency by number of passages](index/{found.plot})"] if found.plot else []
    return "\n\n".join(
        [
            "## By size",
            _how(found),
            "```\n" + "\n".join(found.commands) + "\n```",
            *plot,
            "### Retrieval as a whole",
            _ABOUT_WHOLE,
            _whole_table(found),
            " ".join([_verdict(found), *found.remarks]),
            "### Kinds of dense search",
            _ABOUT_KINDS,
            _kinds_table(found),
            "### Are the synthetic vectors like real ones?",
            _likeness_table(found.likeness),
        ]
    )


def _how(found: ScaleResults) -> str:
    return (
        f"Vectors are drawn as `scripts/index_scale/synthetic.py` describes, from those of "
        f"{found.real_passages:,} real passages ({found.data}): topics with the covariance of real "
        f"ones, more topics for more passages. Texts are real sentences of the same topic, put "
        f"together to passages of real length. Recall is the part of the 50 best by exact float32 "
        f"search that is found, over {found.questions:,} questions that lie to their passages as "
        f"real ones do; encoding a question is not in the times. Builds use {found.threads} "
        f"threads, a graph one. {found.machine.described()}."
    )


def _whole_table(found: ScaleResults) -> str:
    head = ["passages", "dense search", "recall@50", "dense", "retrieval", "resident (own)",
            "build without encoding", "on disk", "open"]  # fmt: skip
    return markdown_table(
        head,
        [
            [
                f"{one.passages:,}" + (" real" if one.is_real else ""),
                one.described,
                f"{one.recall:.3f}",
                _times(one.dense),
                _times(one.whole),
                f"{one.resident_mib:,} ({one.own_mib:,}) MiB",
                f"{one.build_s:,.0f} s" if one.build_s else "",
                f"{one.file_bytes / 2**20:,.0f} MiB",
                f"{one.open_s:.1f} s",
            ]
            for one in found.whole
        ],
    )


def _kinds_table(found: ScaleResults) -> str:
    head = ["passages", "kind", "recall@50", "at the build", "median", "p95", "resident (own)",
            "build", "on disk"]  # fmt: skip
    return markdown_table(
        head,
        [
            [
                f"{one.passages:,}",
                one.described,
                f"{one.recall:.3f}",
                "" if one.measured_recall is None else f"{one.measured_recall:.3f}",
                f"{one.dense.median_ms:.1f} ms",
                f"{one.dense.p95_ms:.1f} ms",
                f"{one.resident_mib:,} ({one.own_mib:,}) MiB",
                f"{one.build_s:,.0f} s",
                f"{one.file_bytes / 2**20:,.0f} MiB",
            ]
            for one in found.kinds
        ],
    )


def _verdict(found: ScaleResults) -> str:
    sizes = sorted((one for one in found.whole if not one.is_real), key=lambda one: one.passages)
    smallest = sizes[0]
    aimed_at = next((one for one in sizes if one.passages == AIMED_AT), sizes[-1])
    aims = (
        f"At {aimed_at.passages:,} passages: recall@50 {aimed_at.recall:.3f} (aim: at least "
        f"{LEAST_RECALL}), p95 of retrieval {aimed_at.whole.p95_ms:.1f} ms (aim: under "
        f"{MOST_P95_MS} ms), resident memory {aimed_at.resident_mib:,} MiB (aim: under "
        f"{MOST_RESIDENT_MIB:,} MiB)."
    )
    growth = [
        f"From {smallest.passages:,} to {one.passages:,} passages, "
        f"{one.passages / smallest.passages:.0f} times as many, the median of dense search "
        f"grows {one.dense.median_ms / smallest.dense.median_ms:.1f} times and that of "
        f"retrieval {one.whole.median_ms / smallest.whole.median_ms:.1f} times."
        for one in sizes[1:]
    ]
    return " ".join([aims, *growth])


def _likeness_table(likeness: LikenessResult) -> str:
    rows = {
        "a real passage's neighbours": likeness.real_passages,
        "a synthetic passage's": likeness.synthetic_passages,
        "a real question's": likeness.real_questions,
        "a synthetic question's": likeness.synthetic_questions,
    }
    head = ["median cosine", *(f"rank {rank}" for rank in likeness.ranks)]
    said = "Neighbours among as many synthetic passages as there are real ones:"
    return f"{said}\n\n" + markdown_table(
        head, [[name, *(f"{value:.3f}" for value in values)] for name, values in rows.items()]
    )


def _times(times: Times) -> str:
    return f"{times.median_ms:.1f} ms, p95 {times.p95_ms:.1f} ms"
