"""What can go wrong, as exceptions whose message says what happened, to what, and what to do.

    CommuniqueError
    ├── SettingsError      a setting that cannot be used
    ├── CorpusError        a corpus or one of its files that cannot be read
    ├── IndexBusyError     another process is writing the index
    ├── IndexMismatchError the index was built by another model, splitter or schema
    ├── IndexDamagedError  the catalog or the vector store cannot be read
    ├── StorageError       the data folder cannot be written
    ├── EmbeddingsError    the embedding model cannot be loaded or called
    ├── ChatModelError     the chat model cannot be called
    ├── KeyStoreError      an API key that cannot be made or found
    ├── BackupError        a backup that cannot be made or read
    ├── ServerError        a server that cannot be started
    └── QuestionError      a question that cannot be asked

It knows no library: each module turns its library's exceptions into these where it calls it.
"""


class CommuniqueError(Exception):
    """The root: edges catch this and show its message."""


class SettingsError(CommuniqueError):
    """A setting that cannot be used."""


class CorpusError(CommuniqueError):
    """A corpus or one of its files that cannot be read."""


class IndexBusyError(CommuniqueError):
    """Another process is writing the index."""


class IndexMismatchError(CommuniqueError):
    """The index was built by another model, splitter or schema."""


class IndexDamagedError(CommuniqueError):
    """The catalog or the vector store cannot be read."""


class StorageError(CommuniqueError):
    """The data folder cannot be written."""


class EmbeddingsError(CommuniqueError):
    """The embedding model cannot be loaded or called."""


class ChatModelError(CommuniqueError):
    """The chat model cannot be called."""


class KeyStoreError(CommuniqueError):
    """An API key that cannot be made or found."""


class BackupError(CommuniqueError):
    """A backup that cannot be made or read."""


class ServerError(CommuniqueError):
    """A server that cannot be started."""


class QuestionError(CommuniqueError):
    """A question that cannot be asked."""
