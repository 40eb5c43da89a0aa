"""Generated hostile input against every parser: nothing but a refusal may come out, soon."""
