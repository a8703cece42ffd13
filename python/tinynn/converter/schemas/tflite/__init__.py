"""The schema of `.tflite` files."""
