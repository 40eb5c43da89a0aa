"""The pages of the wallet: the door, the cards, receiving, presenting, the log."""

from runtime.web import Route
from wallet.handlers import answers, cards, door, presenting, receiving

ROUTES: tuple[Route, ...] = (*door.ROUTES, *cards.ROUTES, *receiving.ROUTES, *presenting.ROUTES, *answers.ROUTES)
