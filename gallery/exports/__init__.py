"""All that is somebody's, to be taken away as one zip: what it holds, and how it is made ready."""
