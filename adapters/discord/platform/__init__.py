"""What Discord is: its limits, roles, names, languages, and how it is answered."""
