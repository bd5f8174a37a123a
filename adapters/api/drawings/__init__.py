"""What is being drawn, what it costs, and how it is answered."""
