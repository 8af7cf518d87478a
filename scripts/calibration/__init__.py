"""What `quoth calibrate` is made of: trials of the whole product, and the models fitted to them."""
