"""Python imports this as it starts when its folder is on PYTHONPATH, as in every process a test starts."""

from loopback_only import enforce

enforce()
