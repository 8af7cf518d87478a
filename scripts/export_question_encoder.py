"""Write the graph of the default encoder: `python -m scripts.export_question_encoder`.

It holds how the weights of the packaged model are used, and none of them.
"""

import argparse
from pathlib import Path

from safetensors.numpy import load_file

from index.encoding.encoder import packaged_model
from index.encoding.question_encoder import GRAPH
from scripts.exporting.sentence_encoder_graph import encoder_graph


def write_graph(path: Path) -> None:
    """Write the graph for the weights of the packaged model; raises ModelError."""
    weights = packaged_model() / "model.safetensors"
    shapes = {name: weight.shape for name, weight in load_file(weights).items()}
    path.write_bytes(encoder_graph(shapes, weights_file=weights.name).SerializeToString())


def main() -> None:
    """Write the graph to where the encoder looks for it, or to `--out`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=GRAPH, help="file to write")
    write_graph(parser.parse_args().out)


if __name__ == "__main__":
    main()
