"""`python -m outsourcing_classifier`."""

from .cli import main

if __name__ == "__main__":
    main()
