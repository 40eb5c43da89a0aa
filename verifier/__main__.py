"""Ask for credentials and judge them from the command line: init, request, verify, pack, serve, explain, casefile."""

from verifier.commands import main

if __name__ == "__main__":
    main()
