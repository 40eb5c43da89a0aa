"""The holder's wallet: it receives credentials, keeps them sealed, and shows what the holder agrees to show."""
