"""What people read about moderation: those who asked, moderators, the owner."""
