"""`mrv serve`: the nightly run on schedule, with a Prefect server of its own."""

import signal
import sys
from contextlib import nullcontext
from pathlib import Path
from types import FrameType

import click

from flows.environment import prepare
from flows.server import ServerFault, own_server, page
from mrv.cli.common import OK, home_option, output_options, print_json, refuse, say
from mrv.cli.homes import opened


@click.command("serve", short_help="夜间定时运行 / the nightly schedule")
@home_option
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=4200,
    show_default=True,
    help="Prefect 服务端口 / port of the server",
)
@click.option("--cron", default="0 2 * * *", show_default=True, help="运行时刻（cron） / when to run (cron)")
@click.option("--name", default="nightly", show_default=True, help="部署名称 / name of the deployment")
@output_options
def command(home_path: Path, port: int, cron: str, name: str, as_json: bool, lang: str) -> None:
    """按时间表每夜运行，直到 Ctrl+C 或 SIGTERM；上一夜未结束时跳过。

    Run every night on schedule, until Ctrl+C or SIGTERM; a night is skipped while another is at work.
    """
    signal.signal(signal.SIGTERM, _leave)
    with opened(home_path, lang, as_json) as (home, _):
        settings = home.settings
    prepare(home.path, settings.prefect_api_url or f"{page(port)}/api", port)
    from flows.serving import nightly_deployment, serve_nightly

    try:
        deployment = nightly_deployment(home.path, name, cron, settings.timezone)
    except ValueError:
        refuse(lang, as_json, "bad_cron", f"不是有效的 cron 表达式：{cron}", f"not a cron expression: {cron}")
    if not settings.prefect_api_url and not as_json:
        say(lang, "正在启动 Prefect 服务（首次约需半分钟）…", "Starting the Prefect server (half a minute at first) …")
    server = nullcontext(settings.prefect_api_url) if settings.prefect_api_url else own_server(home.path, port)
    try:
        with server as api:
            _announce(api, f"nightly/{name}", cron, settings.timezone, as_json, lang)
            serve_nightly(deployment)
    except ServerFault as fault:
        refuse(lang, as_json, "no_server", fault.zh, fault.en)
    except KeyboardInterrupt:  # while the server was starting
        pass
    if not as_json:
        say(lang, "已停止。", "Stopped.")
    sys.exit(OK)


def _announce(api: str, deployment: str, cron: str, timezone: str, as_json: bool, lang: str) -> None:
    at = api.removesuffix("/api")
    if as_json:
        print_json({"page": at, "api": api, "deployment": deployment, "cron": cron, "timezone": timezone})
    else:
        say(lang, f"Prefect 页面：{at}", f"Prefect page: {at}", bold=True)
        say(
            lang,
            f"已部署 {deployment}：按 “{cron}”（{timezone}）运行，上一次未结束时跳过。",
            f'Deployed {deployment}: runs at "{cron}" ({timezone}), skipped while another is at work.',
        )
        say(
            lang,
            f"立即运行一次：在该页面 Deployments → {deployment} → Run。按 Ctrl+C 停止。",
            f"To run it now: Deployments → {deployment} → Run on that page. Ctrl+C stops.",
        )
    sys.stdout.flush()


def _leave(number: int, frame: FrameType | None) -> None:
    """SIGTERM as Ctrl+C: whatever we started is ended on the way out."""
    raise KeyboardInterrupt
