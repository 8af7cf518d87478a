"""The dense layers of a fused graph: products of activations with a matrix of weights."""

import onnx

# The span head is two columns wide and decides by small differences: it stays in floats.
_LEAST_OUTPUTS = 8


def dense_layers(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    """Return the products with stored weights, in the graph's order, the span head left out."""
    stored = {table.name: table.dims for table in model.graph.initializer}
    return [
        node
        for node in model.graph.node
        if node.op_type == "MatMul"
        and node.input[1] in stored
        and stored[node.input[1]][0]
        and stored[node.input[1]][1] >= _LEAST_OUTPUTS
    ]
