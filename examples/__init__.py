"""Small real applications on the public interfaces of the three roles, and the demonstration that joins them."""
