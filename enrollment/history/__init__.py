"""Row history: what people edit keeps what it was before, by whom and by which act."""
