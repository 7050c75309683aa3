"""Which cards are sick or cordoned, and the taints that say so."""
