"""Score frames as people write them: read by their file's ending, understood by the catalogue, repairs announced."""
