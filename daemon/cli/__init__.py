"""The command ``noticed``: each module here is one command and exposes it as ``command``."""

from __future__ import annotations

import re
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

from daemon import __version__
from daemon.registry import names


class Commands(click.Group):
    """Finds commands by file name and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return names(__name__)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in names(__name__):
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List what every command does in a line, importing none of them."""
        rows = [(name, short_help(name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in names(__name__) and not args[0].startswith("-"):
            near = get_close_matches(args[0], names(__name__), 1)
            hint = f' Did you mean "{near[0]}"?' if near else " See: noticed --help"
            raise click.UsageError(f'There is no command "{args[0]}".{hint}')
        return super().resolve_command(ctx, args)


def short_help(name: str) -> str:
    """Return what a command does in a line, as its file says: its ``short_help``, or how its help begins."""
    spec = find_spec(f"{__name__}.{name}")
    if spec is None or spec.origin is None:
        return ""
    found = _SHORT.search(Path(spec.origin).read_text(encoding="utf-8"))
    return (found["given"] or found["first"]) if found is not None else ""


_SHORT = re.compile(
    r'''^@click\.\w+\(.*?short_help="(?P<given>[^"]+)"|^def command\(.*?"""(?P<first>[^\n"]+)''',
    re.DOTALL | re.MULTILINE,
)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="noticed %(version)s")
@click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path, readable=False),
    help="The settings file (else $NOTICED_CONFIG, ./noticed.toml, /etc/noticed/noticed.toml).",
)
@click.pass_context
def main(ctx: click.Context, config: Path | None) -> None:
    """Reads the answers to takedown notices, moves each URL's status, chases the silent, reports weekly.

    Exit codes: 0 fine, 1 problems, 2 wrong usage, 3 something could not be reached.
    """
    ctx.obj = config
