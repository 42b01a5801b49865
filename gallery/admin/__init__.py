"""The place's own pages: people, any gallery, the log."""
