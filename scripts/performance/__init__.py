"""What the benchmarks are made of: loads, the service under them, results and their page."""
