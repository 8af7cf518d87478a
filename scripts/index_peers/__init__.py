"""Other stores beside Quoth's index: what each holds, what it does at a change, and at a kill."""
