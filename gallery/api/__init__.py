"""The acts of the pages, spoken in JSON: doors for programs and for the pages' scripts."""
