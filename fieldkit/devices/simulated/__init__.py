"""Devices made of software that the real loops drive: for rehearsals, training and tests."""
