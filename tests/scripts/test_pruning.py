"""Making a trained MPNet narrow: what is left out, what makes up for it, and what learns on."""

import copy
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor
from transformers import AutoModelForQuestionAnswering, MPNetConfig, PreTrainedModel

from qa.reading.reader import OnnxReader
from qa.reading.reader_folder import SHIPPED_READER
from scripts import prune_reader, train_reader
from scripts.export_reader import write_reader
from scripts.exporting.reader_graph import fused
from scripts.exporting.trained_network import open_network
from scripts.pruning.cut import Written, leave_out
from scripts.pruning.evidence import Evidence, gather_evidence
from scripts.pruning.narrowed import fit_span_head, narrowed, parts_of
from scripts.training.loss import Batch, states_loss
from scripts.training.mix import MIX
from scripts.training.network import open_tokenizer
from scripts.training.span_model import SpanModel, WholeTeacher
from tests.scripts.conftest import EndsWithLine
from tests.scripts.training_examples import write_question_sets, write_small_reader

WIDTH, HEADS, NEURONS, LAYERS = 32, 4, 24, 3
LAYER_WEIGHTS = LAYERS * (4 * WIDTH * WIDTH + 2 * WIDTH * NEURONS)
drawn: Callable[[MPNetConfig], PreTrainedModel] = AutoModelForQuestionAnswering.from_config


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A small MPNet with drawn weights."""
    folder = tmp_path / "whole"
    torch.manual_seed(7)
    tokenizer = open_tokenizer(SHIPPED_READER)
    config = MPNetConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=NEURONS,
        max_position_embeddings=300,
        initializer_range=0.3,
    )
    drawn(config).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture
def model(whole: Path) -> SpanModel:
    model = SpanModel(whole)
    model.train(mode=False)
    return model


@pytest.fixture
def batches() -> list[Batch]:
    """Questions of 10 tokens, passages of 30; the first and the fourth do not answer."""
    torch.manual_seed(8)
    made = []
    for _ in range(8):
        ids = torch.randint(1000, 2000, (6, 40))
        mask = torch.ones_like(ids)
        mask[2, 30:] = 0
        start = torch.tensor([0, 11, 20, 0, 25, 14])
        types = (torch.arange(40) > 10).long().expand(6, 40) * mask
        made.append(Batch(ids, mask, types, start, start + (start > 0).long(), torch.arange(6)))
    return made


def logits(model: SpanModel | PreTrainedModel, batch: Batch) -> Tensor:
    with torch.no_grad():
        if isinstance(model, SpanModel):
            return torch.stack(model(batch))[:, batch.attention_mask.bool()]
        found = model(input_ids=batch.input_ids, attention_mask=batch.attention_mask)
        both = torch.stack([found.start_logits, found.end_logits])
        return both[:, batch.attention_mask.bool()]


def cut(
    model: SpanModel, batches: list[Batch], keep: float, *, layers: int = LAYERS
) -> PreTrainedModel:
    parts = parts_of(model, gather_evidence(model, batches))
    leave_out(parts, keep=round(keep * LAYER_WEIGHTS))
    return narrowed(model, parts, layers=layers).eval()  # type: ignore[no-untyped-call,no-any-return]


def layer_weights(network: PreTrainedModel) -> int:
    return sum(
        weight.numel()
        for name, weight in network.named_parameters()
        if ".encoder.layer." in name and weight.dim() == 2
    )


def test_of_which_nothing_is_left_out_finds_what_it_found(
    model: SpanModel, batches: list[Batch]
) -> None:
    torch.testing.assert_close(
        logits(cut(model, batches, 1.0), batches[0]), logits(model, batches[0]), atol=1e-3, rtol=0
    )


@pytest.mark.parametrize("keep", [0.8, 0.4, 0.1, 0.0])
def test_no_more_is_kept_than_there_is_room_for(
    model: SpanModel, batches: list[Batch], keep: float
) -> None:
    network = cut(model, batches, keep)
    assert layer_weights(network) <= keep * LAYER_WEIGHTS
    # Room for one more head is room that was used.
    assert layer_weights(network) > keep * LAYER_WEIGHTS - 4 * WIDTH * WIDTH / HEADS
    assert logits(network, batches[0]).isfinite().all()


def test_what_another_part_does_as_well_goes_first_and_is_not_missed(
    whole: Path, batches: list[Batch]
) -> None:
    model = SpanModel(whole)
    model.train(mode=False)
    with torch.no_grad():
        for number in range(LAYERS):
            layer = f"mpnet.encoder.layer.{number}."
            for kind in ("weight", "bias"):
                inner = model.whole.get_parameter(f"{layer}intermediate.dense.{kind}")
                inner[5] = inner[6]
    parts = parts_of(model, gather_evidence(model, batches))
    for name, part in parts.items():
        if name.endswith("output.dense"):
            leave_out({name: part}, keep=part.cost * (NEURONS - 1))
            assert len({5, 6} & {*part.kept}) == 1
    network = narrowed(model, parts, layers=LAYERS)
    network.train(mode=False)
    found, wanted = logits(network, batches[0]), logits(model, batches[0])
    assert float((found - wanted).abs().max()) < 0.05 * float(wanted.std())


def test_the_parts_that_stay_make_up_for_those_that_go() -> None:
    torch.manual_seed(3)
    given = torch.randn(500, 12) @ torch.randn(12, 12)
    weights = torch.randn(5, 12)
    written = Written(weights, Evidence(given.T @ given, torch.ones(5)), 1, 1, list(range(12)))
    leave_out({"layer": written}, keep=8)
    found = given[:, written.inputs]
    missing = (found @ written.made_up().T - given @ weights.T).square().sum()
    left_alone = (found @ weights[:, written.inputs].T - given @ weights.T).square().sum()
    assert float(missing) < 0.5 * float(left_alone)
    # No swap of two would be much better.
    others = [part for part in range(12) if part not in written.kept]
    for kept in written.kept:
        for other in others:
            swapped = copy.copy(written)
            swapped.kept = sorted({*written.kept, other} - {kept})
            rest = given[:, swapped.inputs] @ swapped.made_up().T - given @ weights.T
            assert float(rest.square().sum()) > 0.7 * float(missing)


def test_what_the_loss_does_not_depend_on_goes_before_what_it_depends_on() -> None:
    moments = torch.eye(6) * 100
    weights = torch.ones(2, 6)
    parts = {
        name: Written(weights, Evidence(moments.clone(), gradients), 2, 1, [0, 1, 2])
        for name, gradients in (("idle", torch.tensor([0.0, 0.1])), ("busy", torch.ones(2)))
    }
    leave_out(parts, keep=3)
    assert (parts["idle"].kept, parts["busy"].kept) == ([], [0, 1, 2])


def test_heads_keep_their_numbers_and_with_them_their_bias_by_distance(
    model: SpanModel, batches: list[Batch], tmp_path: Path
) -> None:
    once = cut(model, batches, 0.6)
    once.save_pretrained(tmp_path / "once")
    again = SpanModel(tmp_path / "once")
    again.train(mode=False)
    assert torch.equal(logits(again, batches[0]), logits(once, batches[0]))
    twice = cut(again, batches, 0.3)
    for before, after in zip(once.config.heads, twice.config.heads, strict=True):
        assert {*after} <= {*before}
    assert any(heads and heads != list(range(len(heads))) for heads in twice.config.heads)


def test_the_span_head_is_fitted_to_the_layers_that_are_left(
    model: SpanModel, batches: list[Batch]
) -> None:
    network = cut(model, batches, 1.0, layers=LAYERS - 1)
    assert network.config.num_hidden_layers == LAYERS - 1
    wanted = logits(model, batches[0])

    def missing() -> float:
        return float((logits(network, batches[0]) - wanted).square().mean() / wanted.var())

    before = missing()
    found = fit_span_head(network, model, batches)
    assert missing() < before
    assert found == pytest.approx(1 - missing(), abs=0.1)


def test_a_whole_network_has_nothing_to_teach_itself(
    model: SpanModel, batches: list[Batch]
) -> None:
    tokens = batches[0].attention_mask.bool()
    with torch.no_grad():
        own = model.read(batches[0], states=True).states
    assert float(states_loss(own, own, tokens)) == 0
    other = [state + 0.5 * state.std() * torch.randn_like(state) for state in own]
    assert float(states_loss(other, own, tokens)) == pytest.approx(8 * 0.25, rel=0.1)
    padded = [state.clone() for state in own]
    for state in padded:
        state[~tokens] = 1e6
    assert float(states_loss(padded, own, tokens)) == 0


def test_a_whole_network_teaches_what_was_cut_from_it(
    whole: Path, model: SpanModel, batches: list[Batch], tmp_path: Path
) -> None:
    cut(model, batches, 0.5).save_pretrained(tmp_path / "narrow")
    learner = SpanModel(tmp_path / "narrow")
    teacher = WholeTeacher(whole, torch.device("cpu"), bf16=False)

    def distance() -> float:
        return float((logits(learner, batches[0]) - logits(model, batches[0])).square().mean())

    before = distance()
    optimizer = torch.optim.AdamW(learner.parameters(), lr=1e-3)
    for batch in batches * 3:
        optimizer.zero_grad()
        teacher.loss(learner, batch, label_share=0.0).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    assert distance() < 0.8 * before


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "train"
    context = "The Tagus flows through Lisbon to the sea."
    questions = [(context, "Which river flows through Lisbon?", "The Tagus")] * 3
    write_question_sets(folder, MIX, questions)
    return folder


def test_one_command_cuts_and_another_goes_on_to_a_reader_that_can_be_exported(
    whole: Path,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    narrow, out = tmp_path / "narrow", tmp_path / "trained"
    given = ["--model", str(whole), "--data", str(data), "--out", str(narrow)]
    given += ["--keep", "0.5", "--layers", "2", "--step", "0.3", "--batches", "2"]
    monkeypatch.setattr(sys, "argv", ["prune_reader", *given])
    prune_reader.main()
    told = json.loads(capsys.readouterr().out)
    assert told["kept"] <= 0.5
    assert len(told["heads"]) == len(told["neurons"]) == 2
    words = SpanModel(narrow).whole.get_parameter("mpnet.embeddings.word_embeddings.weight")
    assert len(words[1234].unique()) < WIDTH
    learned = ["--data", str(data), "--init", str(narrow), "--teacher", str(whole)]
    learned += [
        "--out",
        str(out),
        "--questions",
        "20",
        "--max-tokens",
        "64",
        "--batch-tokens",
        "256",
    ]
    monkeypatch.setattr(sys, "argv", ["train_reader", *learned])
    train_reader.main()
    write_reader(open_network(str(out)), tmp_path / "reader", name="narrow", write=fused)
    asked, passage = "Which river flows through Lisbon?", "The Tagus flows through Lisbon."
    assert next(OnnxReader.load(tmp_path / "reader", threads=1).read(asked, [passage]))


def test_what_is_no_mpnet_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_small_reader(tmp_path / "bert", width=16, layers=1, places=64)
    given = ["--model", str(tmp_path / "bert"), "--data", "x", "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", ["prune_reader", *given])
    with pytest.raises(SystemExit):
        prune_reader.main()
    assert "bert is a bert, not an MPNet" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_without_a_network_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_with_line: EndsWithLine
) -> None:
    given = ["--model", str(tmp_path), "--data", "x", "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", ["prune_reader", *given])
    with ends_with_line(r" it lacks config\.json$"):
        prune_reader.main()


def test_teachers_that_are_asked_meanwhile_are_not_for_questions_that_were_taught_before(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--taught", "x", "--teacher", "x", "--init", "x", "--out", "x"]
    monkeypatch.setattr(sys, "argv", ["train_reader", *given])
    with pytest.raises(SystemExit):
        train_reader.main()
    assert "leave --taught away" in capsys.readouterr().err
