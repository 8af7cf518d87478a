"""What every request and response passes, whatever its route."""
