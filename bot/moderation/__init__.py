"""Who looks at prompts and pictures, who decides, and what follows from it."""
