"""Session plans for coaches: from a brief and the coaching data to a timed plan."""
