"""Asking a model over any OpenAI-compatible endpoint, and getting typed answers.

`answers` says what is asked and answered, `asking` holds the client, `transport` sends
requests and retries them in the one place where that is done, `gate` holds the calls of
all threads back as `pacing` and `outages` have learned, `faults` words what goes wrong
on the way, `replies` reads and salvages what comes back, `weighing` what it tells of
choices. Every question ends in an `Answer` or in one `ModelError`, and no message or
log record holds a key, a prompt or a reply.

openai and instructor are imported at the first question: that takes about a second.
"""

from extractor.client.answers import Answer, ChatClient, Interruptible, Message
from extractor.client.asking import TEMPERATURE, Client, endpoint_address
from extractor.client.transport import PATIENCE
from extractor.client.weighing import Weights

__all__ = [
    "PATIENCE",
    "TEMPERATURE",
    "Answer",
    "ChatClient",
    "Client",
    "Interruptible",
    "Message",
    "Weights",
    "endpoint_address",
]
