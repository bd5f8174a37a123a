"""What the engine runs on: the device, its options, its images, and the words for its failures."""
