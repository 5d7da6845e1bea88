"""A made-up school with a simulated line, camera and reader."""
