"""`python -m gallery.upload`: sends files and folders to a gallery elsewhere; needs no database."""
