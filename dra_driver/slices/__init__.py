"""What the node offers of its cards: offers, devices, and the ResourceSlices that are kept so."""
