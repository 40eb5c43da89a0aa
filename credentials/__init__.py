"""What a credential is and how it is sealed: values and proofs only, no network, no clock, no files of anybody."""
