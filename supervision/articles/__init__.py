"""Articles of law as screens show them: words for what `supervision.statutes` answers."""
