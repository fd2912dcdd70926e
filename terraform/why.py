#!/usr/bin/env python3
"""Says why launches failed: the last line of each invocation that did, read for people.

usage: why.py log-group region hours [meeting]
       why.py - [meeting] < log

With a meeting it tells all of that meeting's invocations, those that went well too. An invocation
that was killed has no last line; then Lambda's own report of it stands in.
"""

import json
import os
import subprocess
import sys
import time

MOST = 20
MOST_ATTEMPTS = 6

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
FAILED = "{ %s }" % " || ".join(
    ['($.outcome = "LaunchFailed")']
    + ['($.record.status = "%s")' % status for status in ("error", "failure", "timeout")]
)
OF_MEETING = '{ $.meetingId = "%s" }'


def from_cloudwatch(group, region, hours, meeting):
    """The lines of the last hours; CloudWatch leaves out what is not asked for."""
    command = (
        "aws", "logs", "filter-log-events",
        "--region", region,
        "--log-group-name", group,
        "--start-time", str(int((time.time() - float(hours) * 3600) * 1000)),
        "--filter-pattern", OF_MEETING % meeting if meeting else FAILED,
        "--output", "json",
    )  # fmt: skip
    done = subprocess.run(
        command, env=dict(os.environ, AWS_PAGER=""), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    if done.returncode != 0:
        sys.exit(done.stderr.decode("utf-8", "replace").strip())
    return [event["message"] for event in json.loads(done.stdout)["events"]]


def is_asked_for(line, meeting):
    if meeting:
        return "outcome" in line and line.get("meetingId") == meeting
    if line.get("type") == "platform.report":
        return line.get("record", {}).get("status") != "success"
    return line.get("outcome") == "LaunchFailed"


def tell(line):
    if line.get("type") == "platform.report":
        record = line["record"]
        what = (line.get("time", "?"), record.get("status", "?"), record.get("requestId", "?"))
        print("\n%s  an invocation ended with %s and told nothing; requestId %s" % what)
        return
    took = "%.1f s" % (line.get("durationMs", 0) / 1000)
    words = [line.get("outcome", "?"), line.get("reason"), "after " + took]
    print("\n%s  %s" % (line.get("timestamp", "?"), " ".join(word for word in words if word)))
    print("  %s" % printable(line.get("message", "")))
    found = line.get("found")
    if found:
        print("  found    %s" % printable(json.dumps(found)))
    attempts = line.get("attempts", [])
    skipped = line.get("attemptsInAll", len(attempts)) - len(attempts[-MOST_ATTEMPTS:])
    if skipped > 0:
        print("  … %d attempts before these" % skipped)
    for attempt in attempts[-MOST_ATTEMPTS:]:
        where = " ".join(str(attempt.get(name, "?")) for name in ("role", "attempt", "zone", "instanceType", "market"))
        became = attempt.get("instance") or "%s: %s" % (attempt.get("errorCode"), attempt.get("errorMessage", ""))
        print("  attempt  %s  %s" % (where, printable(became)))
    for call in line.get("calls", []):
        if "errorCode" in call:
            what = (call.get("call"), call["errorCode"], call.get("awsRequestId", "none"))
            print("  call     %s  %s, awsRequestId %s" % what)
    print("  requestId %s" % line.get("requestId", "?"))


def printable(text):
    return "".join(c if c.isprintable() else " " for c in str(text))


def main():
    if sys.argv[1] == "-":
        meeting = sys.argv[2] if len(sys.argv) > 2 else ""
        lines = sys.stdin.read().splitlines()
    else:
        meeting = sys.argv[4] if len(sys.argv) > 4 else ""
        lines = from_cloudwatch(sys.argv[1], sys.argv[2], sys.argv[3], meeting)
    asked_for = []
    for text in lines:
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict) and is_asked_for(line, meeting):
            asked_for.append(line)
    # Lambda reports on an invocation that has told its story too.
    told = {line["requestId"] for line in asked_for if "requestId" in line}
    asked_for = [line for line in asked_for if not told & {line.get("record", {}).get("requestId")}]
    asked_for.sort(key=lambda line: line.get("timestamp", line.get("time", "")))
    if not asked_for:
        print("Nothing is told of %s." % meeting if meeting else "No launch has failed.")
        return
    for line in asked_for[-MOST:]:
        tell(line)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")
    main()
