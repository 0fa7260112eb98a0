"""How good is the check of support? Measured on claims that people wrote about quotes."""
