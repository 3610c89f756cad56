"""What stands before the first layer: from what comes in to events."""
