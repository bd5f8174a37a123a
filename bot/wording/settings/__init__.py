"""What people read about a community's settings: its admins, and whoever may see its rules."""
