"""Questions answered by a provider's batch interface: half the price, within a day.

An article is asked about as always, but by a client whose requests are noted instead of
sent: `mailbox` hands back what is answered already and ends the article with `Pending`
where something is not. `spool` collects the requests of all articles in files, `rounds`
uploads them, waits, and has `results` read what came back; then the articles are gone
through again, until none waits. What was submitted is noted in the store before it is
sent, so a killed run collects it and pays for nothing twice.
"""

from extractor.hosted.rounds import HostedRun, Waiting

__all__ = ["HostedRun", "Waiting"]
