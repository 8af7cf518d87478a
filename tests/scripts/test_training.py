"""Training on a tiny model and a handful of questions: batches, loss, resuming."""

import argparse
import gzip
import hashlib
import json
import random
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import MPNetConfig, MPNetModel

from qa.reading.reader_folder import SHIPPED_READER
from scripts import (
    ask_teachers,
    prepare_teacher,
    train_question_generator,
    train_reader,
    write_questions,
)
from scripts.average_readers import average
from scripts.training import mix
from scripts.training.features import (
    LEAST_WINDOW_TOKENS,
    Feature,
    FeatureMaker,
    Group,
    batches,
)
from scripts.training.loss import SpanLogits, batch_loss, collate, reader_loss, teaching_loss
from scripts.training.mix import (
    MIX,
    add_mix_option,
    feature_pools,
    question_pools,
    training_batches,
)
from scripts.training.network import open_tokenizer
from scripts.training.question_sets import TrainingQuestion, with_near_misses
from scripts.training.run import Schedule, TrainingRun
from scripts.training.span_model import SpanModel, Teachers
from scripts.training.taught import PARTS, part_path, read_part, taught_pools, write_part
from tests.scripts.conftest import EndsWithLine
from tests.scripts.training_examples import write_question_sets, write_small_reader

CONTEXTS = (
    ("Lisbon is the capital of Portugal.", "What is the capital of Portugal?", "Lisbon"),
    ("Oslo is the capital of Norway.", "What is the capital of Norway?", "Oslo"),
    (
        "The Tagus flows through Lisbon to the sea.",
        "Which river flows through Lisbon?",
        "The Tagus",
    ),
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return open_tokenizer(SHIPPED_READER)


@pytest.fixture
def maker(tokenizer: Tokenizer) -> FeatureMaker:
    return FeatureMaker(tokenizer, max_tokens=64, near_miss_rate=0.5)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "train"
    write_question_sets(folder, MIX, CONTEXTS)
    return folder


@pytest.fixture
def start(tmp_path: Path) -> Path:
    folder = tmp_path / "start"
    write_small_reader(folder, width=16, layers=1, places=64)
    return folder


def question(context: str, asked: str, answer: str) -> TrainingQuestion:
    return TrainingQuestion(asked, context, ((context.index(answer), answer),))


def test_the_labelled_tokens_are_the_answer(tokenizer: Tokenizer, maker: FeatureMaker) -> None:
    for context, asked, answer in CONTEXTS:
        [feature, *_] = maker.group(question(context, asked, answer), random.Random(1))
        labelled = feature.ids[feature.start : feature.end + 1].tolist()
        assert tokenizer.decode(labelled) == answer.lower()


def test_a_window_of_a_long_passage_holds_the_answer(
    tokenizer: Tokenizer, maker: FeatureMaker
) -> None:
    context = "filler " * 300 + "Lisbon" + " filler" * 300
    for seed in range(20):
        [feature, *_] = maker.group(question(context, "Which city?", "Lisbon"), random.Random(seed))
        assert len(feature.ids) == 64
        assert tokenizer.decode(feature.ids[feature.start : feature.end + 1].tolist()) == "lisbon"


@pytest.mark.parametrize("size", [LEAST_WINDOW_TOKENS, 64])
def test_the_longest_question_leaves_room_for_the_answer(tokenizer: Tokenizer, size: int) -> None:
    maker = FeatureMaker(tokenizer, max_tokens=size, near_miss_rate=0)
    asked = "Which city? " * 50
    [feature] = maker.group(question("It is Lisbon.", asked, "Lisbon"), random.Random(1))
    assert len(feature.ids) <= size
    assert tokenizer.decode(feature.ids[feature.start : feature.end + 1].tolist()) == "lisbon"


def test_a_near_miss_never_contains_the_answer() -> None:
    [lisbon, oslo, tagus] = with_near_misses(
        [question(*row) for row in CONTEXTS], per_question=4, depth=10
    )
    assert lisbon.near_misses == (CONTEXTS[1][0],)  # the Tagus passage has "Lisbon" in it
    assert set(oslo.near_misses) == {CONTEXTS[0][0], CONTEXTS[2][0]}
    assert tagus.near_misses[0] == CONTEXTS[0][0]  # the best one first


def test_a_batch_never_holds_more_padded_tokens_than_allowed() -> None:
    lengths = [5, 90, 17, 33, 90, 8, 60, 12]
    groups = [(Feature(np.zeros(length, np.int32), 3, 0, 0),) for length in lengths]
    made = list(batches(groups, max_tokens=120))
    assert sorted(len(f.ids) for batch in made for (f,) in batch) == sorted(lengths)
    for batch in made:
        assert len(batch) * max(len(f.ids) for (f,) in batch) <= 120


def test_the_loss_falls_when_the_gold_tokens_rise_above_those_of_all_passages() -> None:
    own = Feature(np.arange(8, dtype=np.int32), 3, 4, 5)
    near_miss = Feature(np.arange(8, dtype=np.int32), 3, 0, 0)
    batch = collate([(own, near_miss)], torch.device("cpu"))
    flat = torch.zeros(2, 8)
    right_start, right_end, misled = flat.clone(), flat.clone(), flat.clone()
    right_start[0, 4] = right_end[0, 5] = 5.0
    misled[1, 6] = 5.0
    level = reader_loss(SpanLogits(flat, flat), batch)
    assert reader_loss(SpanLogits(right_start, right_end), batch) < level
    assert reader_loss(SpanLogits(misled, misled), batch) > level


def test_a_reader_that_says_what_its_teacher_says_has_nothing_to_learn_from_it() -> None:
    windows = [Feature(np.arange(8, dtype=np.int32), 3, place, place) for place in (4, 0, 0)]
    batch = collate([(windows[0], windows[1]), (windows[2],)], torch.device("cpu"))
    generator = torch.Generator().manual_seed(2)
    teacher = SpanLogits(*(3 * torch.randn(2, 3, 8, generator=generator)))
    best = [one.clone().requires_grad_() for one in teacher]
    teaching_loss(SpanLogits(*best), teacher, batch).backward()  # type: ignore[no-untyped-call]
    for one in best:
        assert one.grad is not None
        assert one.grad.abs().max() < 1e-5
    other = SpanLogits(teacher.start.flip(1), teacher.end)
    assert teaching_loss(other, teacher, batch) > teaching_loss(teacher, teacher, batch)


def test_the_learning_rate_rises_holds_and_falls_to_zero() -> None:
    schedule = Schedule(peak=1.0, warmup=10, total=100, decay=40)
    assert [schedule.rate(seen) for seen in (4, 9, 30, 60, 80, 100)] == pytest.approx(
        [0.5, 1.0, 1.0, 1.0, 0.5, 0.0]
    )


def trained(data: Path, start: Path, maker: FeatureMaker, steps: int, checkpoint: Path) -> Path:
    """Train up to `steps` batches, from the checkpoint where there is one; returns the weights."""
    torch.manual_seed(3)
    model = SpanModel(start)
    run = TrainingRun(model, Schedule(1e-3, 4, 10_000, 100), bf16=False)
    if checkpoint.exists():
        run.load_checkpoint(checkpoint)
    pools = feature_pools(question_pools(data, 17), maker, 17)
    stream = training_batches(pools, max_tokens=256, seed=17)
    for groups in islice(stream, run.batches, steps):
        batch = collate(groups, torch.device("cpu"))
        run.learn(batch_loss(model(batch), batch), len(groups))
    run.save_checkpoint(checkpoint)
    folder = checkpoint.parent / f"model-{checkpoint.stem}-{steps}"
    folder.mkdir()
    run.save_model(folder)
    return folder / "model.safetensors"


def test_a_run_that_was_interrupted_ends_with_the_weights_of_one_that_was_not(
    data: Path, start: Path, maker: FeatureMaker, tmp_path: Path
) -> None:
    whole = load_file(trained(data, start, maker, 6, tmp_path / "whole.pt"))
    trained(data, start, maker, 2, tmp_path / "parts.pt")
    parts = load_file(trained(data, start, maker, 6, tmp_path / "parts.pt"))
    untrained = load_file(start / "model.safetensors")
    for name, weights in whole.items():
        assert torch.equal(weights, parts[name]), name
    assert not torch.equal(whole["qa_outputs.weight"], untrained["qa_outputs.weight"].half())


def test_weights_of_moments_on_the_way_are_kept_and_can_be_averaged(
    data: Path,
    start: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "run"
    options = ["--questions", "33", "--decay", "8", "--snapshot-every", "16", "--max-tokens", "64"]
    folders = ["--data", str(data), "--init", str(start), "--out", str(out)]
    monkeypatch.setattr("sys.argv", ["train_reader", *folders, *options, "--batch-tokens", "128"])
    train_reader.main()
    kept = sorted(out.glob("after-*"))
    assert [int(folder.name.removeprefix("after-")) // 16 for folder in kept] == [1, 2]
    average(kept, tmp_path / "mean")
    first, second = (load_file(folder / "model.safetensors") for folder in kept)
    mean = load_file(tmp_path / "mean" / "model.safetensors")
    name = "qa_outputs.weight"
    assert not torch.equal(first[name], second[name])
    expected = (first[name].float() + second[name].float()) / 2
    assert torch.allclose(mean[name].float(), expected, atol=1e-3)


def test_weights_that_are_kept_as_halves_are_trained_as_floats(start: Path) -> None:
    config = json.loads((start / "config.json").read_text())
    (start / "config.json").write_text(json.dumps(config | {"dtype": "float16"}))
    assert {weight.dtype for weight in SpanModel(start).parameters()} == {torch.float32}


def test_frozen_layers_stay_as_they_are_and_the_others_learn(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, out = tmp_path / "start", tmp_path / "run"
    write_small_reader(start, width=16, layers=2, places=64)
    folders = ["--data", str(data), "--init", str(start), "--out", str(out)]
    options = ["--questions", "8", "--max-tokens", "64", "--frozen-layers", "1", "--bf16"]
    options += ["--learning-rate", "0.01", "--warmup", "1", "--decay", "1"]
    monkeypatch.setattr("sys.argv", ["train_reader", *folders, *options])
    train_reader.main()
    before, after = (load_file(folder / "model.safetensors") for folder in (start, out))
    kept = {name for name in before if torch.equal(before[name].half(), after[name])}
    frozen = {name for name in before if "embeddings." in name or ".layer.0." in name}
    assert kept == frozen


def test_questions_are_drawn_in_the_proportions_that_are_told(data: Path, tmp_path: Path) -> None:
    asked = "Where does the Douro end?"
    write_question_sets(tmp_path / "qed", ["qed_train"], [("It ends in Porto.", asked, "Porto")])
    shutil.copy(tmp_path / "qed" / "qed_train.jsonl.gz", data)
    none = dict.fromkeys(MIX, 0)
    (data / "squad1_train.jsonl.gz").unlink()  # A set of which nothing is drawn is not read.
    half = next(question_pools(data, 17, none | {"qed_train": 2, "qamr_dev": 2}))
    share = sum(question.question == asked for question in half) / len(half)
    assert share == pytest.approx(0.5, abs=0.05)
    with pytest.raises(ValueError, match="no parts of any set"):
        question_pools(data, 17, none)


def test_the_proportions_of_single_sets_can_be_told_to_a_command() -> None:
    parser = argparse.ArgumentParser()
    add_mix_option(parser)
    told = parser.parse_args(["--mix", "qed_train=30", "--mix", "qamr_dev=0"]).mix
    assert told == MIX | {"qed_train": 30, "qamr_dev": 0}
    assert parser.parse_args([]).mix == MIX


@pytest.mark.parametrize(
    ("told", "message"),
    [("qed=3", "'qed' is none of squad1_train, "), ("qed_train=x", "'x' is not a whole number")],
)
def test_proportions_that_cannot_be_are_refused(
    told: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    add_mix_option(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--mix", told])
    assert message in capsys.readouterr().err


@pytest.fixture
def mpnet(tmp_path: Path, tokenizer: Tokenizer) -> Path:
    """A small MPNet whose vocabulary is that of all-mpnet-base-v2: BERT's, behind four others."""
    folder = tmp_path / "mpnet"
    folder.mkdir()
    vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
    vocabulary = {token: number + 4 for token, number in vocabulary.items()}
    vocabulary |= {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
    words: dict[str, object] = {
        "type": "WordPiece",
        "unk_token": "[UNK]",
        "continuing_subword_prefix": "##",
    }
    words |= {"max_input_chars_per_word": 100, "vocab": vocabulary}
    (folder / "tokenizer.json").write_text(json.dumps({"version": "1.0", "model": words}))
    torch.manual_seed(0)
    config = MPNetConfig(
        vocab_size=len(vocabulary),
        hidden_size=24,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=80,
    )
    MPNetModel(config).save_pretrained(folder)
    return folder


@pytest.fixture
def teacher(mpnet: Path, start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "teacher"
    weights = (mpnet / "model.safetensors").read_bytes()
    monkeypatch.setattr(prepare_teacher, "MPNET_SHA256", hashlib.sha256(weights).hexdigest())
    prepare_teacher.prepare(mpnet, SHIPPED_READER, folder)
    return folder


def test_a_teacher_reads_the_tokens_of_its_student(
    teacher: Path, mpnet: Path, tokenizer: Tokenizer
) -> None:
    ids = np.array(tokenizer.encode("Who lives in Lisbon?", "Ana.").ids, dtype=np.int32)
    batch = collate([(Feature(ids, 7, 0, 0),)], torch.device("cpu"))
    with torch.no_grad():
        found = SpanModel(teacher).whole.base_model(batch.input_ids).last_hidden_state
        special = {tokenizer.token_to_id("[CLS]"): 0, tokenizer.token_to_id("[SEP]"): 2}
        of_mpnet = [special.get(number, number + 4) for number in ids.tolist()]
        own = MPNetModel.from_pretrained(mpnet)(torch.tensor([of_mpnet])).last_hidden_state
    assert torch.allclose(found, own, atol=1e-5)


def test_other_weights_are_no_teacher(mpnet: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has sha256"):
        prepare_teacher.prepare(mpnet, SHIPPED_READER, tmp_path / "teacher")
    assert not (tmp_path / "teacher").exists()


def give_head(folder: Path, *, seed: int) -> None:
    weights = load_file(folder / "model.safetensors")
    generator = torch.Generator().manual_seed(seed)
    weights["qa_outputs.weight"] = 3 * torch.randn(2, 24, generator=generator)
    weights["qa_outputs.bias"] = torch.zeros(2)
    save_file(weights, folder / "model.safetensors")


@pytest.fixture
def teachers(teacher: Path) -> Teachers:
    give_head(teacher, seed=4)
    return Teachers([teacher], torch.device("cpu"), bf16=False)


@pytest.fixture
def pool(data: Path, maker: FeatureMaker) -> list[Group]:
    return next(feature_pools(question_pools(data, 17), maker, 17))


def test_a_student_comes_nearer_to_its_teacher_than_labels_alone_bring_it(
    teachers: Teachers, pool: list[Group], start: Path
) -> None:
    taught = ask_teachers.taught(pool[:100], teachers, batch_tokens=256)
    labelled = [tuple(replace(feature, taught=None) for feature in group) for group in taught]
    probe = collate(taught[:10], teachers.device)

    def distance(learned: Sequence[Group], label_share: float) -> float:
        model = SpanModel(start)
        run = TrainingRun(model, Schedule(3e-3, 1, 10_000, 100), bf16=False)
        for groups in training_batches([learned], max_tokens=256, seed=17):
            batch = collate(groups, teachers.device)
            run.learn(batch_loss(model(batch), batch, label_share=label_share), len(groups))
        assert probe.taught is not None
        with torch.no_grad():
            return float(teaching_loss(model(probe), probe.taught, probe))

    from_labels = distance(labelled[10:], 1.0)
    assert distance(taught[10:], 0.0) < distance(taught[10:], 0.5) < from_labels
    assert distance(taught[10:], 1.0) == pytest.approx(from_labels)


def test_what_teachers_say_stays_beside_the_tokens_it_is_about(
    teachers: Teachers, pool: list[Group], tmp_path: Path
) -> None:
    assert {len(group) for group in pool[:40]} == {1, 2}
    write_part(part_path(tmp_path, 0), ask_teachers.taught(pool[:40], teachers, batch_tokens=256))
    kept = read_part(part_path(tmp_path, 0))
    assert sum(len(group) for group in kept) == sum(len(group) for group in pool[:40])
    for group in kept:
        alone = teachers.logits(collate([group], teachers.device))
        for row, feature in enumerate(group):
            assert feature.taught is not None
            said = torch.stack(alone)[:, row, : len(feature.ids)].numpy()
            assert np.allclose(feature.taught, said, atol=0.02)


def test_each_pass_over_taught_questions_has_all_of_them_in_an_order_of_its_own(
    tmp_path: Path,
) -> None:
    def windows(first: int) -> list[Group]:
        return [
            (Feature(np.array([n], np.int32), 0, 0, 0, np.zeros((2, 1), np.float16)),)
            for n in range(first, first + 30)
        ]

    write_part(part_path(tmp_path, 0), windows(0))
    write_part(part_path(tmp_path, 1), windows(30))
    passes = islice(taught_pools([tmp_path], 5), 3)
    orders = [[int(feature.ids[0]) for (feature,) in pool] for pool in passes]
    assert all(sorted(order) == list(range(60)) for order in orders)
    assert orders[0] != orders[1] != orders[2]


def test_teachers_are_asked_once_and_learned_from_by_one_command_each(
    teacher: Path, start: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_head(teacher, seed=4)
    monkeypatch.setattr(ask_teachers, "POOL", 8)
    monkeypatch.setattr(mix, "POOL", 8)
    kept, out = tmp_path / "kept", tmp_path / "run"
    asked = ["--data", str(data), "--teacher", str(teacher), "--questions", "20"]
    sizes = ["--max-tokens", "64", "--batch-tokens", "256"]
    monkeypatch.setattr(sys, "argv", ["ask_teachers", *asked, "--out", str(kept), *sizes])
    ask_teachers.main()
    parts = {path: path.stat().st_mtime_ns for path in kept.glob(PARTS)}
    assert len(parts) == 3
    part_path(kept, 1).unlink()
    ask_teachers.main()
    again = {path: path.stat().st_mtime_ns for path in kept.glob(PARTS)}
    assert [path.name for path in parts if parts[path] != again[path]] == ["part-00001.npz"]
    learned = ["--taught", str(kept), "--init", str(start), "--out", str(out)]
    monkeypatch.setattr(sys, "argv", ["train_reader", *learned, "--questions", "30", *sizes])
    train_reader.main()
    assert not torch.equal(
        load_file(out / "model.safetensors")["qa_outputs.weight"].float(),
        load_file(start / "model.safetensors")["qa_outputs.weight"],
    )


@pytest.mark.parametrize(
    ("option", "value"), [("--seed", "18"), ("--max-tokens", "32"), ("--teacher", None)]
)
def test_parts_that_other_options_made_are_not_gone_on_with(
    option: str,
    value: str | None,
    start: Path,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ends_with_line: EndsWithLine,
) -> None:
    monkeypatch.setattr(ask_teachers, "POOL", 8)
    monkeypatch.setattr(mix, "POOL", 8)
    kept = tmp_path / "kept"
    given = ["ask_teachers", "--data", str(data), "--teacher", str(start), "--out", str(kept)]
    given += ["--max-tokens", "64"]
    monkeypatch.setattr(sys, "argv", [*given, "--questions", "8"])
    ask_teachers.main()
    monkeypatch.setattr(sys, "argv", [*given, "--questions", "16", "--batch-tokens", "300"])
    ask_teachers.main()
    assert part_path(kept, 1).exists()
    other = [option, value or str(shutil.copytree(start, tmp_path / "other"))]
    monkeypatch.setattr(sys, "argv", [*given, "--questions", "24", *other])
    with ends_with_line(f" was begun with {option} "):
        ask_teachers.main()
    assert not part_path(kept, 2).exists()
    (kept / "run.json").unlink()
    ask_teachers.main()
    assert part_path(kept, 2).exists()
    assert not (kept / "run.json").exists()


def test_a_run_goes_on_to_another_end_and_not_with_other_options(
    start: Path,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ends_with_line: EndsWithLine,
) -> None:
    out = tmp_path / "run"
    given = ["train_reader", "--data", str(data), "--init", str(start), "--out", str(out)]
    given += ["--batch-tokens", "128", "--max-tokens", "64", "--questions"]
    monkeypatch.setattr(sys, "argv", [*given, "4", "--decay", "2"])
    train_reader.main()
    monkeypatch.setattr(sys, "argv", [*given, "8", "--decay", "3"])
    train_reader.main()
    monkeypatch.setattr(sys, "argv", [*given, "12", "--dropout", "0.1"])
    with ends_with_line(r"was begun with --dropout 0\.0, not 0\.1; give the same"):
        train_reader.main()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param(["--data", "x", "--skip", "60000"], "give 57344 or 61440", id="part-of-pool"),
        pytest.param(["--taught", "x", "--skip", "4096"], "not of --taught", id="with-taught"),
    ],
)
def test_questions_that_cannot_be_skipped_are_refused(
    given: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["train_reader", *given, "--init", "x", "--out", "x"])
    with pytest.raises(SystemExit):
        train_reader.main()
    assert message in capsys.readouterr().err


def test_a_folder_without_taught_questions_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no questions that"):
        taught_pools([tmp_path], 17)


def test_several_teachers_say_the_mean_of_what_each_says(teacher: Path, tmp_path: Path) -> None:
    second = shutil.copytree(teacher, tmp_path / "second")
    give_head(teacher, seed=4)
    give_head(second, seed=5)
    device = torch.device("cpu")
    batch = collate([(Feature(np.arange(12, dtype=np.int32), 4, 0, 0),)], device)
    one, other, both = (
        Teachers(folders, device, bf16=False).logits(batch)
        for folders in ([teacher], [second], [teacher, second])
    )
    assert not torch.allclose(one.start, other.start)
    assert torch.allclose(both.start, (one.start + other.start) / 2)
    assert torch.allclose(both.end, (one.end + other.end) / 2)


def test_dropout_is_of_training_alone(start: Path, tmp_path: Path) -> None:
    device = torch.device("cpu")
    batch = collate([(Feature(np.arange(12, dtype=np.int32), 4, 0, 0),)], device)
    model = SpanModel(start, dropout=0.5)
    run = TrainingRun(model, Schedule(1e-3, 1, 10, 5), bf16=False)
    assert not torch.equal(model(batch).start, model(batch).start)
    shutil.copytree(start, tmp_path / "trained")
    run.save_model(tmp_path / "trained")
    asked = Teachers([tmp_path / "trained"], device, bf16=False)
    assert torch.equal(asked.logits(batch).start, asked.logits(batch).start)


def test_a_folder_that_lacks_weights_is_named(start: Path) -> None:
    weights = load_file(start / "model.safetensors")
    name = "bert.encoder.layer.0.output.dense.weight"
    del weights[name]
    save_file(weights, start / "model.safetensors")
    with pytest.raises(ValueError, match=f"lacks {name}"):
        SpanModel(start)


def test_a_start_that_is_no_trained_network_is_named_without_a_traceback(
    start: Path,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ends_with_line: EndsWithLine,
) -> None:
    (start / "model.safetensors").unlink()
    command = ["train_reader", "--data", str(data), "--init", str(start), "--out", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", command)
    with ends_with_line(r" it lacks model\.safetensors$"):
        train_reader.main()


@pytest.mark.parametrize(
    ("command", "network"),
    [
        (train_reader, "--init"),
        (train_question_generator, "--init"),
        (ask_teachers, "--teacher"),
        (write_questions, "--generator"),
    ],
    ids=lambda given: getattr(given, "__name__", given),
)
def test_a_question_set_that_is_missing_or_wrong_is_named_without_a_traceback(
    command: ModuleType,
    network: str,
    start: Path,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ends_with_line: EndsWithLine,
) -> None:
    given = ["--data", str(data), network, str(start), "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", [command.__name__, *given])
    squad = data / "squad1_train.jsonl.gz"
    squad.write_bytes(gzip.compress(b'{"id": "1", "context": "Ada", "answers": []}\n'))
    with ends_with_line(r"squad1_train\.jsonl\.gz line 1: question: "):
        command.main()
    squad.unlink()
    with ends_with_line(r"cannot read .*squad1_train\.jsonl\.gz: "):
        command.main()
