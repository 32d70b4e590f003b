"""What `make bench` measures; see bench/run.py."""
