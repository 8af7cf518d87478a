"""What `scripts.train_reader` is made of: question sets, features, batches, loss and the loop."""
