"""What a clerk has typed and not submitted yet, kept on the server."""
