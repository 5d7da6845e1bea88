"""What the camera gave: card folders, EXIF, ingest, blobs, the state of cards."""
