"""Which of the things that hami-dra rests on work on which Kubernetes: seen on emulated control planes, not read off a list of features."""
