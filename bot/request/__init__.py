"""What may be asked: the request, its options, the commands, and how text becomes them."""
