"""Who is this person: consent, the document's fields, the register's answer, and the face against the portrait."""
