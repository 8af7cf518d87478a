"""What happens when a fuzzer sends what the OpenAPI description allows, and what it does not."""
