"""What was recovered, against what is there."""
