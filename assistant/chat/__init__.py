"""The chat in the browser: a web server of our own with Chainlit's page and socket in it."""
