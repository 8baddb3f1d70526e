"""Evaluation: how what was extracted compares with labelled papers."""
