"""The kubelet's side: its gRPC interfaces (generated from proto/) and the server that speaks them. The one door to gRPC."""
