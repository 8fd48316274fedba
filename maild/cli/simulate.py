"""`maild simulate`: do the stories of these scenarios come out as they say?"""

from pathlib import Path
from typing import Annotated

import typer

from maild.cli.codes import BAD_CONFIG, BAD_INPUT, DOES_NOT_HOLD, DONE
from maild.cli.output import console, note, say, show_json_line


def simulate(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE|FOLDER...", help="Scenarios, or folders of them.")],
    rules: Annotated[
        Path | None, typer.Option("--rules", metavar="FILE", help="In place of the scenarios' own.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a scenario.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Only the scenarios that fail, and the summary.")] = False,
) -> int:
    """Play scenarios with a virtual clock, and say which expectations do not hold."""
    import asyncio
    import logging

    from maild.cli.inside import run_inside
    from maild.cli.logs import log_to_stderr
    from maild.errors import BadConfig, BadInput
    from maild.simulate.in_memory import world_factory
    from maild.simulate.runner import StoryStopped, run_scenario
    from maild.simulate.scenario import find_scenarios
    from maild.simulate.timeline import as_json as result_json
    from maild.simulate.timeline import print_so_far, print_story

    log_to_stderr(logging.ERROR)
    factory = world_factory(run_inside)
    passed = failed = unusable = 0
    code = DONE
    for path in find_scenarios(paths):
        try:
            result = asyncio.run(run_scenario(path, rules, factory))
        except (BadInput, BadConfig) as error:
            unusable += 1
            code = max(code, BAD_INPUT if isinstance(error, BadInput) else BAD_CONFIG)
            if isinstance(error, StoryStopped) and not as_json:
                print_so_far(error.so_far, console())
                say()
            note(str(error))
            if as_json:
                show_json_line({"file": str(path), "passed": False, "error": str(error)})
            continue
        passed, failed = passed + result.passed, failed + (not result.passed)
        code = max(code, DONE if result.passed else DOES_NOT_HOLD)
        if as_json:
            show_json_line(result_json(result))
        elif not (quiet and result.passed):
            print_story(result, console())
            say()
    if not as_json:
        say(f"{passed} passed, {failed} failed" + (f", {unusable} could not be played" if unusable else ""))
    return code
