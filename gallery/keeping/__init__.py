"""What keeps a gallery from being lost: backups, and the checks of what is stored."""
