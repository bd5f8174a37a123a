"""What the words of a prompt mean: terms, their spellings, ages, and what pairs of them say."""
