"""Session plans, scored by ten rules and measured."""
