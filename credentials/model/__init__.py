"""The rules of the W3C data model 2.0, each as one small check over a document."""
