"""The order of steps, written once: one plain function per use case, called by the command line, Prefect and the portal."""
