"""OpenAI's shapes: chat completions, responses and models, made of quotations alone."""
