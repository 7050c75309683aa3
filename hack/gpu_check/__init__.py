"""`make gpu-check`: what the interceptor holds on a real GPU, and whether what it charges is what the card gives."""
