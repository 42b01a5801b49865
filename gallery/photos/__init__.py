"""The heart: photos taken in, shown, served, trashed."""
