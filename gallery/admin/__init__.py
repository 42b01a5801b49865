"""The place's own pages: people, any gallery, the storage, the jobs, the log."""
