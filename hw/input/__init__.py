"""What stands in front of the first layer: blocks that turn words or values into its events."""
