"""Questions with reference answers, and the measures that the product is held to."""
