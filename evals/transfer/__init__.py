"""Cases from other tools and from feedback, as proposals for a person; and back."""
