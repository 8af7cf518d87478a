"""Write training questions that nobody asked: `... --data DIR --generator DIR --out FILE`.

A network that `scripts.train_question_generator` trained asks about places of the training sets'
passages that no question has been asked about. What is written is a question set as those are,
gzipped JSON lines; a question's answer is the place that it was written for, which the passage
need not confirm: let teachers read it, `scripts.ask_teachers --generated FILE`.
"""

import argparse
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import torch

from scripts.command_line.failing import told_in_one_line
from scripts.command_line.option_types import not_negative, positive, share
from scripts.training.askable import Range, askable_places
from scripts.training.features import FeatureMaker
from scripts.training.mix import POOL
from scripts.training.network import free_device
from scripts.training.question_generator import QuestionGenerator
from scripts.training.question_sets import TrainingQuestion, read_training_questions

# Sets whose passages make sense alone, with enough in them to ask about.
SETS = ("squad1_train", "qed_train", "squad2_dev_a", "timeqa_human_train", "fairytaleqa_train")
_BATCH = 128
_MAX_QUESTION_TOKENS = 32


def asked_places(data: Path) -> dict[str, list[Range]]:
    """Return the passages of the training sets, each with the places that answer a question."""
    places: dict[str, list[Range]] = defaultdict(list)
    for name in SETS:
        for question in read_training_questions(data / f"{name}.jsonl.gz"):
            answers = [(start, start + len(text)) for start, text in question.answers]
            places[question.context].extend(answers)
    return places


def places_to_ask(
    asked: Mapping[str, Sequence[Range]], per_passage: int, seed: int
) -> list[TrainingQuestion]:
    """Return questions still to be written, with their answers, in an order that `seed` fixes."""
    generator = random.Random(seed)
    wanted = [
        TrainingQuestion("", passage, ((start, passage[start:end]),))
        for passage, taken in asked.items()
        for start, end in islice(askable_places(passage, taken, generator), per_passage)
    ]
    generator.shuffle(wanted)
    return wanted


def written(
    wanted: Sequence[TrainingQuestion],
    generator: QuestionGenerator,
    options: argparse.Namespace,
) -> Iterator[tuple[str, TrainingQuestion]]:
    """Yield each question that the generator brought to an end, with what it was written for."""
    maker = FeatureMaker(generator.tokenizer, options.max_tokens, near_miss_rate=0)
    chance = random.Random(options.seed)
    drawing = torch.Generator(free_device()).manual_seed(options.seed)
    for first in range(0, len(wanted), POOL):
        pool = [(maker.group(one, chance)[0], one) for one in wanted[first : first + POOL]]
        pool.sort(key=lambda pair: len(pair[0].ids))
        for start in range(0, len(pool), _BATCH):
            features, asked = zip(*pool[start : start + _BATCH], strict=True)
            drawn = generator.write(
                features, drawing, top_p=options.top_p, max_tokens=_MAX_QUESTION_TOKENS
            )
            texts = (generator.tokenizer.decode(ids) for ids in drawn)
            yield from ((text, one) for text, one in zip(texts, asked, strict=True) if text)


def row(number: int, question: str, asked: TrainingQuestion) -> dict[str, object]:
    """Return a written question as a line of a question set."""
    [(start, text)] = asked.answers
    return {
        "id": f"generated-{number:07d}",
        "dataset": "generated",
        "split": "train",
        "title": "",
        "context": asked.context,
        "question": question,
        "answers": [{"text": text, "answer_start": start}],
    }


def parse_options() -> argparse.Namespace:
    """Read the command's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets")
    parser.add_argument("--generator", type=Path, required=True, help="folder of the network")
    parser.add_argument("--out", type=Path, required=True, help="file to write (.jsonl.gz)")
    parser.add_argument("--questions", type=positive, default=100_000, help="at most so many")
    parser.add_argument(
        "--per-passage", type=positive, default=4, help="places of a passage, at most"
    )
    parser.add_argument("--max-tokens", type=positive, default=118, help="tokens of a window")
    parser.add_argument(
        "--top-p", type=share, default=0.9, help="probability of the tokens chosen from; 0 to 1"
    )
    parser.add_argument(
        "--seed", type=not_negative, default=17, help="decides places, order and questions"
    )
    parser.add_argument("--bf16", action="store_true", help="bfloat16 products: twice as fast here")
    return parser.parse_args()


def main() -> None:
    """Write the file, saying after each thousand questions how far it is."""
    options = parse_options()
    with told_in_one_line():
        generator = QuestionGenerator(options.generator)
        wanted = places_to_ask(asked_places(options.data), options.per_passage, options.seed)
    generator.to(free_device()).eval()
    if options.bf16:
        generator.compute_in_bf16()
    questions = written(wanted[: options.questions], generator, options)
    with gzip.open(options.out, "wt", encoding="utf-8") as file:
        for number, (question, asked) in enumerate(questions):
            file.write(json.dumps(row(number, question, asked), ensure_ascii=False) + "\n")
            if number % 1_000 == 999:
                print(json.dumps({"questions": number + 1}), flush=True)


if __name__ == "__main__":
    main()
