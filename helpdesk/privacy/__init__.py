"""What is kept about a person: handing it out, erasing it, and forgetting it in time."""
