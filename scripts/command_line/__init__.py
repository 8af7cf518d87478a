"""What commands share: their options, how they tell, how they fail, and the files they write."""
