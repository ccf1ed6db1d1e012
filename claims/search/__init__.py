"""What claims let the search box find: claims, payment orders and batches."""
