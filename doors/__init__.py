"""Where outside bytes come in: strict JSON and base64url, and every way to say no."""
