"""Runs the command; every foreseen error ends in clear sentences and an exit code, never in a traceback."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

import click

from daemon import cli
from daemon.errors import ConfigError, NoticedError, PermanentError, TransientError, UsageError
from daemon.health.logs import configure

EXIT_PROBLEM, EXIT_USAGE, EXIT_UNREACHABLE, EXIT_INTERRUPTED = 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``noticed`` and return its exit code."""
    try:
        code = cli.main(
            args=list(arguments) if arguments is not None else None, prog_name="noticed", standalone_mode=False
        )
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return EXIT_USAGE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Abort:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except NoticedError as error:
        return _tell(error)
    except Exception as error:
        configure()
        logging.getLogger("noticed").exception("bug")
        click.echo(f"noticed: a bug in noticed itself ({type(error).__name__}); see the line above", err=True)
        return EXIT_PROBLEM


def _tell(error: NoticedError) -> int:
    problems = error.problems if isinstance(error, ConfigError) else (str(error),)
    for problem in problems:
        click.echo(f"noticed: {problem}", err=True)
    if isinstance(error, TransientError):
        return EXIT_UNREACHABLE
    if isinstance(error, UsageError):
        return EXIT_USAGE
    assert isinstance(error, ConfigError | PermanentError | NoticedError)
    return EXIT_PROBLEM


if __name__ == "__main__":
    sys.exit(main())
