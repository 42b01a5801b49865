"""Cases on real servers, started from wheels."""
