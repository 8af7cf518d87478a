"""Write the graphs of the default encoder: `python -m scripts.export_question_encoder`.

They hold how the weights of the packaged model are used, and none of them.
"""

import argparse
from pathlib import Path

from safetensors.numpy import load_file

from index.encoding.encoder import packaged_model
from index.encoding.question_encoder import PASSAGE_GRAPH, QUESTION_GRAPH, in_integers
from scripts.exporting.sentence_encoder_graph import encoder_graph


def write_graphs(folder: Path) -> None:
    """Write the graphs for the weights of the packaged model; raises ModelError."""
    packaged = packaged_model() / "model.safetensors"
    weights = load_file(packaged)
    passages = encoder_graph(weights, weights_file=packaged.name, rounds=False)
    (folder / PASSAGE_GRAPH.name).write_bytes(passages.SerializeToString())
    questions = encoder_graph(in_integers(weights), weights_file=packaged.name, rounds=True)
    (folder / QUESTION_GRAPH.name).write_bytes(questions.SerializeToString())


def main() -> None:
    """Write the graphs to where the encoder looks for them, or to `--out`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=PASSAGE_GRAPH.parent, help="folder to write to")
    write_graphs(parser.parse_args().out)


if __name__ == "__main__":
    main()
