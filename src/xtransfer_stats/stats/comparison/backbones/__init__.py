"""One study run from several backbones: whether what intermediate training adds differs between them."""
