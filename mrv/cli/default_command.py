"""A group that may be called without naming a command: `mrv findings PLANT` beside `mrv findings remark …`."""

import click


class DefaultGroup(click.Group):
    """Calls the command `list` unless the first word is a command of the group or asks for help."""

    default = "list"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = [self.default, *args]
        return super().parse_args(ctx, args)
