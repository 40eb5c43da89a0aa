"""Start and run the office from the command line: init, serve, token, journal verify, doctor."""

from issuer.commands import main

if __name__ == "__main__":
    main()
