"""Keep cards and show them from the command line: init, trust, receive, list, show, present, log, export, import, unlock, lock, serve."""

from wallet.commands import main

if __name__ == "__main__":
    main()
