#!/usr/bin/env python3
"""Shows what went wrong: the last line of each invocation that met trouble, in readable form.

usage: why.py log-group region hours slow-seconds [meeting]
       why.py - slow-seconds [meeting] < log

Trouble is a launch that failed, was slow or was refused a candidate, an instance that was lost,
stray or overdue, and an invocation that was killed: that one has no last line, and Lambda's own
report is shown. With a meeting it shows all invocations of that meeting, also those that went well.
"""

import json
import os
import subprocess
import sys
import time

MOST = 30
MOST_ATTEMPTS = 6

# What CloudWatch is asked for; is_asked_for decides which lines mean trouble.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
OUTCOMES = "{ %s }" % " || ".join(
    [
        '($.outcome = "%s")' % outcome
        for outcome in ("Launched", "LaunchFailed", "MachineLost", "RunFailed", "Swept")
    ]
    + ['($.missing = "*")', '($.reason = "TooEarly")']
    + ['($.record.status = "%s")' % status for status in ("error", "failure", "timeout")]
)
OF_MEETING = '{ $.meetingId = "%s" }'


def from_cloudwatch(group, region, hours, meeting):
    """The lines of the last hours that match."""
    command = (
        "aws", "logs", "filter-log-events",
        "--region", region,
        "--log-group-name", group,
        "--start-time", str(int((time.time() - float(hours) * 3600) * 1000)),
        "--filter-pattern", OF_MEETING % meeting if meeting else OUTCOMES,
        "--output", "json",
    )  # fmt: skip
    environment = dict(os.environ, AWS_PAGER="")
    try:
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE)
    except FileNotFoundError:
        sys.exit("This needs the AWS command line, and there is no 'aws' on the path.")
    if done.returncode != 0:
        sys.exit(done.returncode)
    return [event["message"] for event in json.loads(done.stdout)["events"]]


def is_asked_for(line, meeting, slow):
    if meeting:
        return "outcome" in line and line.get("meetingId") == meeting
    if line.get("type") == "platform.report":
        return line.get("record", {}).get("status") != "success"
    outcome = line.get("outcome")
    if line.get("missing") or line.get("reason") == "TooEarly":
        return True
    if outcome == "Launched":
        refused = any("errorCode" in attempt for attempt in line.get("attempts", []))
        return refused or line.get("durationMs", 0) > slow * 1000
    trouble = ("LaunchFailed", "MachineLost", "RunFailed")
    found = line.get("strays") or line.get("overdue")
    return outcome in trouble or (outcome == "Swept" and found)


def tell(line):
    if line.get("type") == "platform.report":
        record = line["record"]
        what = (line.get("time", "?"), record.get("status", "?"), record.get("requestId", "?"))
        print("\n%s  An invocation ended with %s and logged nothing; requestId %s" % what)
        return
    took = "%.1f s" % (line.get("durationMs", 0) / 1000)
    words = [line.get("outcome", "?"), line.get("reason"), "after " + took]
    print("\n%s  %s" % (line.get("timestamp", "?"), " ".join(word for word in words if word)))
    print("  %s" % printable(line.get("message", "")))
    for kind, word in (("strays", "stray"), ("overdue", "overdue")):
        for found in line.get(kind, []):
            what = [found.get(name, "") for name in ("instance", "meetingId", "role", "why")]
            if found.get("terminated"):
                what.append("(terminated)")
            print("  %-8s %s" % (word, printable(" ".join(what))))
    if line.get("missing"):
        print("  missing  %s" % printable(line["missing"]))
    if "found" in line:
        print("  found    %s" % printable(json.dumps(line["found"])))
    attempts = line.get("attempts", [])
    left_out = line.get("attemptsInAll", len(attempts)) - len(attempts[-MOST_ATTEMPTS:])
    if left_out > 0:
        print("  … %d attempts before these" % left_out)
    for attempt in attempts[-MOST_ATTEMPTS:]:
        names = ("role", "attempt", "zone", "instanceType", "market")
        where = " ".join(str(attempt.get(name, "?")) for name in names)
        became = attempt.get("instance") or "%s: %s (awsRequestId %s)" % (
            attempt.get("errorCode", "?"),
            attempt.get("errorMessage", ""),
            attempt.get("awsRequestId", "none"),
        )
        print("  attempt  %s  %s" % (where, printable(became)))
    for call in line.get("calls", []):
        if "errorCode" in call and call.get("call") != "RunInstances":
            what = (call.get("call"), call["errorCode"], call.get("awsRequestId", "none"))
            print("  call     %s  %s, awsRequestId %s" % what)
    print("  requestId %s" % line.get("requestId", "?"))


def printable(text):
    return "".join(c if c.isprintable() else " " for c in str(text))


def main():
    if sys.argv[1] == "-":
        slow, meeting = sys.argv[2], "".join(sys.argv[3:4])
        lines = sys.stdin.read().splitlines()
    else:
        group, region, hours, slow = sys.argv[1:5]
        meeting = "".join(sys.argv[5:6])
        lines = from_cloudwatch(group, region, hours, meeting)
    asked_for = []
    for text in lines:
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict) and is_asked_for(line, meeting, float(slow)):
            asked_for.append(line)
    # Lambda also reports on invocations that have a last line.
    told = {line["requestId"] for line in asked_for if "requestId" in line}
    asked_for = [line for line in asked_for if not told & {line.get("record", {}).get("requestId")}]
    asked_for.sort(key=lambda line: line.get("timestamp", line.get("time", "")))
    if not asked_for:
        print("Nothing was done for %s." % meeting if meeting else "Nothing has gone wrong.")
        return
    if len(asked_for) > MOST:
        print("… %d earlier ones are left out" % (len(asked_for) - MOST))
    for line in asked_for[-MOST:]:
        tell(line)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")
    main()
