"""Reports on a run. All of them are written from one `evals.results.Run`."""
