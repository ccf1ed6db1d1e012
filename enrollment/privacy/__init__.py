"""Personal data: encrypted fields, search digests, masks."""
