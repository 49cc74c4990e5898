"""Scores a company and a CSV file, and pages through the watchlist. `ASSAY_URL` and `ASSAY_KEY` name the API and a key of intent."""

import os
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from assay_client import AuthenticatedClient
from assay_client.api.intent import bulk_read, bulk_submit, score, watch_list
from assay_client.models import BulkSubmitFilesBody, Error
from assay_client.types import UNSET, File

client = AuthenticatedClient(os.environ["ASSAY_URL"], os.environ["ASSAY_KEY"])


def call(endpoint, *arguments, **options):
    """The response of an endpoint; it is asked again when `Retry-After` says so."""
    while True:
        response = endpoint.sync_detailed(*arguments, client=client, **options)
        if wait := response.headers.get("Retry-After"):
            print(f"waiting {wait} s", flush=True)
            time.sleep(int(wait))
        elif isinstance(response.parsed, Error):
            sys.exit(response.parsed.error.message)
        else:
            return response


company = call(score, domain="stripe.com").parsed
print(f"{company.domain}: {company.score} {company.band}")

with Path(sys.argv[1]).open("rb") as file:
    body = BulkSubmitFilesBody(file=File(file, file_name="companies.csv", mime_type="text/csv"))
    job = call(bulk_submit, body=body).parsed
while job.status in ("queued", "running"):
    time.sleep(0.5)
    job = call(bulk_read, job.job_id).parsed
    print(f"{job.rows.done} of {job.rows.valid} rows", flush=True)
print(f"{job.status}: {job.credits_.charged} credits, {job.download_url}")

cursor = UNSET
while True:
    page = call(watch_list, limit=2, cursor=cursor)
    for entry in page.parsed:
        print(f"watching {entry.domain}: {entry.score}")
    if not (link := page.headers.get("Link")):
        break
    cursor = parse_qs(urlsplit(link.split(">")[0]).query)["cursor"][0]
