"""What people leave behind: conversations, accounts, feedback. Nothing here knows a model."""
