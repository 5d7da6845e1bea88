"""Is it good: faces, quality and the crop, by a profile."""
