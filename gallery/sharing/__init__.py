"""Links that show photos to people without an account, until they are switched off."""
