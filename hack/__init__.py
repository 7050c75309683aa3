"""What the project is developed and shown with: the local cluster, images, the demo, benchmarks. Nothing that a product needs."""
