"""Start the resolver from the command line."""

from didresolver.commands import main

if __name__ == "__main__":
    main()
