"""What people, communities and the owner decide for themselves."""
