"""The place's own pages: people, any gallery, the jobs, the log."""
