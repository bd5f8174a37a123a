"""What one paints with: the canvas, the pen, colours and styles."""
