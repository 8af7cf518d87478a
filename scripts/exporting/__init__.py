"""How a trained reader becomes an ONNX file: traced, fused, measured on windows, in integers."""
