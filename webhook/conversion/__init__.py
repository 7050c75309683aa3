"""From a pod with legacy limits to the patch and the template that ask for the same by a claim. Pure; also what `hami-dra convert` runs."""
