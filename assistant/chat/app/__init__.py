"""What Chainlit calls, and the files of the page."""
