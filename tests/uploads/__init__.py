"""The upload engine alone, on bare Flask applications."""
