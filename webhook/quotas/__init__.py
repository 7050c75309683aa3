"""ResourceQuotas on legacy resources, counted for claims."""
