"""Other retrieval stacks beside ours: the same documents, weights and questions, each stack in
processes of its own. What they import is imported there alone, and may be missing."""
