"""What the office keeps on record, table by table."""
