"""What every answer says besides its body: what a page may load, and who may keep it."""

import random

from flask import Flask, Request, Response, current_app, g

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


EVERYWHERE = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    app.before_request(name_request)
    app.after_request(add_headers)


def asked_again(request: Request, answer: Response) -> Response:
    """Let the browser keep an answer, and ask each time whether it still holds."""
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.add("Cookie")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def name_request() -> None:
    # It need not be hard to guess: to ask the system for secrets hands the turn to other threads.
    g.request_id = f"{random.getrandbits(32):08x}"


def add_headers(response: Response) -> Response:
    said = {name.lower() for name, _ in response.headers}
    for name, value in EVERYWHERE.items():
        if name.lower() not in said:
            response.headers.add(name, value)
    if "no-cache" in response.headers.get("Cache-Control", "no-cache"):
        response.headers["Cache-Control"] = "private, no-cache"
    if current_app.config["PUBLIC_URL"].startswith("https:"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
