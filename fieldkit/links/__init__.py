"""Whose a frame is: recordings, camera clocks, evidence, links, repairs."""
