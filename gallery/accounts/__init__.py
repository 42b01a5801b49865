"""Users, signing in, sessions and the log of what admins looked at."""
