"""The page in the browser: drawing, and the moderators' view of cases and rules."""
