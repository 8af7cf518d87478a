"""The mean of readers: each weight is the mean, and what does not fit together is refused."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from qa.errors import ModelError
from scripts.average_readers import average


def write_model(folder: Path, weights: dict[str, list[float]], *, vocabulary: str = "{}") -> Path:
    folder.mkdir()
    tensors = {name: torch.tensor(values).half() for name, values in weights.items()}
    save_file(tensors, folder / "model.safetensors")
    (folder / "config.json").write_text("{}")
    (folder / "tokenizer.json").write_text(vocabulary)
    return folder


def test_each_weight_is_the_mean_of_all_models_and_the_rest_is_the_first_ones(
    tmp_path: Path,
) -> None:
    models = [
        write_model(tmp_path / "a", {"head": [1, 2], "body": [0]}, vocabulary='{"of": "a"}'),
        write_model(tmp_path / "b", {"head": [3, 4], "body": [3]}),
        write_model(tmp_path / "c", {"head": [5, 0], "body": [9]}),
    ]
    average(models, tmp_path / "mean")
    mean = load_file(tmp_path / "mean" / "model.safetensors")
    assert {name: weight.tolist() for name, weight in mean.items()} == {
        "head": [3, 2],
        "body": [4],
    }
    assert {weight.dtype for weight in mean.values()} == {torch.float16}
    assert (tmp_path / "mean" / "tokenizer.json").read_text() == '{"of": "a"}'
    assert (tmp_path / "mean" / "config.json").read_text() == "{}"


def test_many_small_numbers_are_added_without_losing_any(tmp_path: Path) -> None:
    # In float16, 2,048 + 1 is 2,048.
    models = [write_model(tmp_path / "big", {"head": [2048]})]
    small = [1, 1, 1, 1, 1, 1, 0]
    models += [write_model(tmp_path / str(n), {"head": [one]}) for n, one in enumerate(small)]
    average(models, tmp_path / "mean")
    assert load_file(tmp_path / "mean" / "model.safetensors")["head"].tolist() == [256.75]


@pytest.mark.parametrize("weights", [{"head": [1.0]}, {"head": [1.0, 2.0], "more": [1.0]}])
def test_models_of_different_shape_are_refused(
    tmp_path: Path, weights: dict[str, list[float]]
) -> None:
    one = write_model(tmp_path / "one", {"head": [1, 2]})
    other = write_model(tmp_path / "other", weights)
    with pytest.raises(
        ModelError, match=r"other/model\.safetensors does not have the same weights"
    ):
        average([one, other], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    one = write_model(tmp_path / "one", {"head": [1]})
    with pytest.raises(ModelError, match=r"cannot read .*nowhere/model\.safetensors"):
        average([one, tmp_path / "nowhere"], tmp_path / "mean")
