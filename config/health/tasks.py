"""The pulse: beat sends it every minute, so its time tells that beat is alive."""

from config.celery import app


@app.task(name="config.pulse", ignore_result=True)
def pulse() -> None:
    """Nothing; that it was sent is the message."""
