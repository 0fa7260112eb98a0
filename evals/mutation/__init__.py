"""Mutation testing of judges: does one notice that the meaning of a sentence changed?"""
