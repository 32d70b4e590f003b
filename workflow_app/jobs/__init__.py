"""The background edge: due work is rows, a job is only a nudge."""
