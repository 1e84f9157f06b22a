"""How much of a file is read, so that no file can take the ingest's time or memory; see `ingest.guard`, too."""

FILE_BYTES = 64 << 20
"""Of one release, in its file or unpacked."""
CONTAINER_BYTES = 2 << 30
"""Of an archive, a table or a mailbox export on disk."""
UNPACKED_BYTES = 4 << 30
"""Of everything unpacked from one container."""
MEMBERS = 100_000
"""Releases in one container."""
RATIO = 200
"""How many times larger than packed a member may unpack, beyond RATIO_FREE_BYTES: text rarely shrinks to a tenth."""
RATIO_FREE_BYTES = 1 << 20
NESTING = 3
"""Containers in containers: an archive of mails with attachments is two deep."""
TEXT_CHARACTERS = 16_000_000
"""Of one release: more than any is long, and what can be prepared in the time that a file has."""
PAGES = 2_000
"""Of one PDF document."""
NAME_BYTES = 200
"""Of the name of a member; more is cut, and a number makes it unique."""
