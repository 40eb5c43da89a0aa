"""Random inputs can be repeated: a failure prints the blob that makes it again; time limits are off, since machines are shared."""

from hypothesis import settings

settings.register_profile("shared-machine", print_blob=True, deadline=None)
settings.load_profile("shared-machine")
