"""What a coach takes away: answers, conversations, plans and series as files."""
