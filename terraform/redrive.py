#!/usr/bin/env python3
"""Shows the events in both failure queues and, once told to, sends each to the function again.

usage: redrive.py function region failures-queue-url undelivered-queue-url [yes]

Python and the AWS command line only, because a shell would need jq for the events in the records.
Each message is received once, and deleted only after the function has answered its event. An event
that is sent twice starts nothing twice.
"""

import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import time

AT_ONCE = 10  # SQS returns no more at once, and a new account runs no more.
MOST = 500  # Messages of a queue in one run.
SENDING = 1800  # For how many seconds events are sent; the last ones are waited for.
LONGEST = 900  # The longest time that Lambda allows an invocation.
HELD = 7200  # Longer than a run, so that no message is received twice.

# How EventBridge marks an event that a schedule or a rule could not deliver; the body is the event.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html#eb-rule-dlq
EVENTBRIDGE_MARKS = {"SCHEDULE_ARN", "RULE_ARN", "ERROR_CODE", "EXECUTION_ID"}


class Refused(Exception):
    """The AWS command line failed, with this message."""


def aws(*arguments):
    """What the AWS command line answers, as JSON; nothing where it answers nothing."""
    # The command line would invoke again after a lost answer, while the first still runs.
    env = dict(os.environ, AWS_PAGER="", AWS_MAX_ATTEMPTS="1")
    command = ("aws",) + arguments + ("--output", "json")
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode != 0:
        raise Refused(done.stderr.decode("utf-8", "replace").strip() or "aws failed")
    return json.loads(done.stdout) if done.stdout.strip() else {}


def printable(text):
    """On one line that the text cannot end, and not too long."""
    line = "".join(c if c.isprintable() else " " for c in str(text))
    return line if len(line) <= 300 else line[:300] + "…"


def unambiguous(members):
    """An object, unless a name occurs twice: the function refuses such an event, so it is kept."""
    if len({name for name, _ in members}) != len(members):
        raise ValueError("it has a name twice")
    return dict(members)


class Message:
    """A message of a queue: the event in it and why it failed, or the problem with it."""

    event, reason, problem, answered = None, "", "", False

    def __init__(self, received):
        self.receipt = received["ReceiptHandle"]
        self.body = received["Body"]
        sent = time.gmtime(int(received["Attributes"]["SentTimestamp"]) / 1000)
        self.since = time.strftime("%Y-%m-%d %H:%M:%S UTC", sent)
        marks = received.get("MessageAttributes", {})
        marks = {name: mark.get("StringValue", "") for name, mark in marks.items()}
        try:
            content = json.loads(self.body, object_pairs_hook=unambiguous)
        except ValueError as e:
            self.problem = "Kept: it is not JSON (%s)" % e
            return
        if isinstance(content, dict) and {"requestPayload", "requestContext"} <= content.keys():
            # https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
            self.event = content["requestPayload"]
            answer = content.get("responsePayload") or {}
            self.reason = "%s: %s" % (answer.get("errorType"), answer.get("errorMessage"))
        elif EVENTBRIDGE_MARKS & marks.keys():
            self.event = content
            self.reason = "%s: %s" % (marks.get("ERROR_CODE"), marks.get("ERROR_MESSAGE"))
        else:
            self.problem = "Kept: it is neither a record of Lambda nor an event of EventBridge"
        if marks.get("IS_PAYLOAD_TRUNCATED", "false").lower() == "true":
            self.problem = "Kept: EventBridge has truncated its event"
        elif not self.problem and not isinstance(self.event, dict):
            self.problem = "Kept: its event is not a JSON object"

    def name(self):
        if self.problem:
            return "A message"
        detail = self.event.get("detail")
        instance = detail.get("instance-id") if isinstance(detail, dict) else None
        asked = self.event.get("meeting_id") or self.event.get("action")
        return printable(asked or instance).strip()


class Queue:
    def __init__(self, url, region):
        self.url, self.region, self.name, self.messages = url, region, url.rsplit("/", 1)[-1], []

    def call(self, operation, *arguments):
        # Version 1 of the command line would take an endpoint of its own, whatever is configured.
        endpoint = ("--region", self.region, "--endpoint-url", self.url.rsplit("/", 2)[0])
        return aws("sqs", operation, *endpoint, "--queue-url", self.url, *arguments)

    def show(self):
        """Receives all messages, so that nobody else receives them meanwhile, and shows them."""
        while len(self.messages) < MOST:
            answer = self.call(
                "receive-message", "--max-number-of-messages", str(AT_ONCE),
                "--visibility-timeout", str(HELD),
                "--wait-time-seconds", "1",  # Without it SQS asks only some of its servers.
                "--attribute-names", "SentTimestamp", "--message-attribute-names", "All",
            )  # fmt: skip
            received = [Message(message) for message in answer.get("Messages", [])]
            if not received:
                return
            self.messages += received
            for message in received:
                print("\n%s, in %s since %s" % (message.name(), self.name, message.since))
                print("  event   %s" % printable(json.dumps(message.event or message.body)))
                print("  %s" % printable(message.problem or "failed  " + message.reason))

    def send(self, function, end):
        """Has the function answer the events until the time is up, and deletes those messages."""
        events = [message for message in self.messages if not message.problem]
        for start in range(0, len(events), AT_ONCE):
            if time.monotonic() > end:
                return
            batch = events[start : start + AT_ONCE]
            with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
                answers = pool.map(lambda event: invoke(function, self.region, event.event), batch)
            for message, (message.answered, words) in zip(batch, answers):
                print("%s: %s" % (message.name(), printable(words)), flush=True)
            self.batch("delete-message-batch", [each for each in batch if each.answered])

    def batch(self, operation, messages, **more):
        for start in range(0, len(messages), AT_ONCE):
            entries = [
                dict(more, Id=str(number), ReceiptHandle=message.receipt)
                for number, message in enumerate(messages[start : start + AT_ONCE])
            ]
            for failed in self.call(operation, "--entries", json.dumps(entries)).get("Failed", []):
                print("%s of %s: %s" % (operation, self.name, printable(failed.get("Message"))))


def invoke(function, region, event):
    """Whether the function has answered, and what it said."""
    with tempfile.NamedTemporaryFile("w") as payload, tempfile.NamedTemporaryFile("rb") as reply:
        json.dump(event, payload)
        payload.flush()
        try:
            answer = aws(
                "lambda", "invoke", "--region", region, "--function-name", function, "--payload",
                "fileb://" + payload.name, "--cli-read-timeout", str(LONGEST), reply.name,
            )  # fmt: skip
        except Refused as e:
            return False, "not sent: %s" % e
        text = reply.read().decode("utf-8", "replace")
    if "FunctionError" in answer or not text.startswith("{"):
        return False, "failed again: %s" % text
    return True, "answered: %s" % text


def main():
    queues = [Queue(url, sys.argv[2]) for url in sys.argv[3:5]]
    try:
        for queue in queues:
            queue.show()
        messages = queues[0].messages + queues[1].messages
        if not messages:
            print("Both failure queues are empty.")
            return 0
        print()
        if "yes" not in sys.argv[5:]:
            print('Send these events again? Only "yes" sends them: ', end="", flush=True)
            if sys.stdin.readline().strip() != "yes":
                print("\nNothing was sent.")
                return 1
        end = time.monotonic() + SENDING
        for queue in queues:
            queue.send(sys.argv[1], end)
        answered = sum(message.answered for message in messages)
        left = len(messages) - answered
        print("\nAnswered: %d. Still in their queue: %d." % (answered, left))
        return 1 if left else 0
    finally:
        for queue in queues:
            left = [message for message in queue.messages if not message.answered]
            queue.batch("change-message-visibility-batch", left, VisibilityTimeout=0)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")
    try:
        sys.exit(main())
    except (Refused, KeyboardInterrupt) as e:
        sys.exit("\n%s" % (e if str(e) else "Interrupted: unanswered events are still in their queues."))
