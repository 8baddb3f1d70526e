"""The error that a command ends with."""


class CommandError(RuntimeError):
    """A command can't do its work; the message is one clear line."""


class InterruptedCommandError(CommandError):
    """A command was asked to stop, by Ctrl-C or by the system."""
