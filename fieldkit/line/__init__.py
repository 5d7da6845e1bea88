"""Who came and who sits: credentials, sequence numbers, the door and the chair."""
