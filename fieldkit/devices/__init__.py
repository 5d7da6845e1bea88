"""What is plugged in: devices know only the model and emit frozen events."""
