"""Train the reader: `python -m scripts.train_reader --data DIR --init DIR --out DIR`.

Killed at any point, the same command goes on from the last checkpoint. The learning rate is
constant until the last `--decay` questions and then falls to zero, so that a run can be made
longer or shorter while it stands on the constant part (Hu et al. 2024, arXiv:2404.06395).
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertForQuestionAnswering

from scripts.training.features import FeatureMaker, Group, batches
from scripts.training.loss import collate, reader_loss
from scripts.training.question_sets import TrainingQuestion, endless, read_rows, with_near_misses

# Questions drawn from each set, as parts of the whole: the mix was chosen on dev sets.
MIX = {
    "squad1_train": 46,
    "squad1_train_hardneg": 7,
    "squad2_dev_a": 8,
    "qed_train": 9,
    "squadshifts_reddit": 4,
    "qamr_dev": 3,
    "qamr_test": 3,
    "timeqa_human_train": 1,
    "fairytaleqa_train": 3,
}
POOL = 4096
SAVE_EVERY_S = 240


@dataclass(frozen=True, slots=True)
class Schedule:
    """Learning rate by questions seen: warm-up, constant, then linear decay to zero."""

    peak: float
    warmup: int
    total: int
    decay: int

    def rate(self, seen: int) -> float:
        """Return the learning rate after `seen` questions."""
        rise = min(1.0, (seen + 1) / max(1, self.warmup))
        fall = min(1.0, max(0.0, (self.total - seen) / max(1, self.decay)))
        return self.peak * rise * fall


def question_pools(data: Path, seed: int) -> Iterator[list[TrainingQuestion]]:
    """Yield pools of questions, mixed as `MIX` says, in an order that `seed` fixes."""
    sets = {name: list(read_rows(data / f"{name}.jsonl.gz")) for name in MIX}
    asked = [name for name in MIX if name not in ("squad1_train_hardneg", "squadshifts_reddit")]
    pooled = with_near_misses(
        [question for name in asked for question in sets[name]], per_question=4, depth=16
    )
    rows = iter(pooled)
    for name in asked:
        sets[name] = [next(rows) for _ in sets[name]]
    streams = {
        name: endless(questions, seed + i) for i, (name, questions) in enumerate(sets.items())
    }
    generator = random.Random(seed)
    while True:
        names = generator.choices(list(MIX), weights=list(MIX.values()), k=POOL)
        yield [next(streams[name]) for name in names]


def training_batches(
    pools: Iterator[list[TrainingQuestion]], maker: FeatureMaker, *, max_tokens: int, seed: int
) -> Iterator[tuple[int, list[Group]]]:
    """Yield (batch number, batch) without end; the same seed gives the same batches."""
    number = 0
    for pool_number, pool in enumerate(pools):
        generator = random.Random(f"{seed}-{pool_number}")
        ready = list(
            batches([maker.group(question, generator) for question in pool], max_tokens=max_tokens)
        )
        generator.shuffle(ready)
        for batch in ready:
            yield number, batch
            number += 1


def main() -> None:
    """Train, saving a checkpoint every few minutes and the finished model at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets")
    parser.add_argument(
        "--init", type=Path, required=True, help="folder of the weights to start from"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint and result")
    parser.add_argument("--questions", type=int, default=100_000)
    parser.add_argument("--decay", type=int, default=30_000)
    parser.add_argument("--warmup", type=int, default=2_000)
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--batch-tokens", type=int, default=5_000)
    parser.add_argument("--max-tokens", type=int, default=256)
    parser.add_argument("--near-miss-rate", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    options.out.mkdir(parents=True, exist_ok=True)
    checkpoint, progress = options.out / "checkpoint.pt", options.out / "progress.json"
    config = BertConfig.from_json_file(options.init / "config.json")
    # A question is seen about once, so dropout only costs time: 1.4 times more on a CPU.
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    model = BertForQuestionAnswering(config)
    weights = {name: w.float() for name, w in load_file(options.init / "model.safetensors").items()}
    model.load_state_dict(weights, strict=False)
    model.to(device).train()  # type: ignore[arg-type]  # the stub of `to` is wrong
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=options.learning_rate, weight_decay=0.01, fused=True
    )
    done_batches = seen = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        done_batches, seen = state["batches"], state["questions"]
        print(f"resumed after {seen} questions", flush=True)
    schedule = Schedule(options.learning_rate, options.warmup, options.questions, options.decay)
    maker = FeatureMaker(
        Tokenizer.from_file(str(options.init / "tokenizer.json")),
        max_tokens=options.max_tokens,
        near_miss_rate=options.near_miss_rate,
        drop_question_mark_rate=0.15,
    )
    maker.tokenizer.no_truncation()
    maker.tokenizer.no_padding()
    forward = torch.compile(model, dynamic=True) if options.compile else model

    def save() -> None:
        state = {
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "batches": done_batches,
            "questions": seen,
        }
        torch.save(state, checkpoint.with_suffix(".tmp"))
        checkpoint.with_suffix(".tmp").replace(checkpoint)

    pools = question_pools(options.data, options.seed)
    stream = training_batches(pools, maker, max_tokens=options.batch_tokens, seed=options.seed)
    saved_at = began = time.monotonic()
    seen_at_start, losses = seen, []
    for number, groups in stream:
        if number < done_batches:
            continue
        batch = collate(groups, device)
        for part in optimizer.param_groups:
            part["lr"] = schedule.rate(seen)
        with torch.autocast(device.type, torch.bfloat16, enabled=options.bf16):
            output = forward(
                input_ids=batch.input_ids,
                attention_mask=batch.attention_mask,
                token_type_ids=batch.token_type_ids,
            )
        loss = reader_loss(output.start_logits, output.end_logits, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        seen += len(groups)
        done_batches = number + 1
        if done_batches % 50 == 0:
            rate = (seen - seen_at_start) / (time.monotonic() - began)
            line = {
                "questions": seen,
                "loss": round(sum(losses) / len(losses), 4),
                "learning_rate": round(schedule.rate(seen), 7),
                "questions_per_s": round(rate, 2),
                "minutes_left": round((options.questions - seen) / rate / 60, 1),
            }
            print(json.dumps(line), flush=True)
            progress.write_text(json.dumps(line))
            losses = []
        if time.monotonic() - saved_at > SAVE_EVERY_S:
            save()
            saved_at = time.monotonic()
        if seen >= options.questions:
            break
    save()
    half = {name: w.half().contiguous() for name, w in model.state_dict().items()}
    save_file(half, options.out / "model.safetensors")
    config.save_pretrained(options.out)
    maker.tokenizer.save(str(options.out / "tokenizer.json"))


if __name__ == "__main__":
    main()
