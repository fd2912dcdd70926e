#!/usr/bin/env python3
"""Shows the events in both failure queues and, once told to, sends them to the function again.

usage: redrive.py function region failures-queue-url undelivered-queue-url [yes]

It is Python with nothing but the AWS command line beside it: whoever has make has python3 too
(Apple's command line tools bring both, every Linux has it), and the command line has the operator's
credentials, profile or single sign-on. A shell would need jq for the events within the records.

A message is deleted only after the function has answered to its event. Until the question is
answered nothing is held back: the messages are visible to everybody again once they were shown.
"""

import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timezone

# The function's time-out, and what the command line takes on top of it.
LONGEST_INVOCATION = 310
# For as long as a batch is being sent nobody else may receive it. A batch is sent all at once.
HELD_WHILE_SENT = 400
HELD_WHILE_SHOWN = 60
BATCH = 10  # SQS gives no more at once.
LONGEST_TEXT = 300

# How EventBridge marks an event that a schedule or a rule could not deliver; the body is the
# target's input as it is.
# https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html#eb-rule-dlq
EVENTBRIDGE_MARKS = ("SCHEDULE_ARN", "RULE_ARN", "ERROR_CODE", "EXECUTION_ID")

# What the function answers from where a launch could still begin, and did not: it was too late.
NOT_LAUNCHED = (None, "SCHEDULED", "LAUNCH_FAILED")


class Refused(Exception):
    """The AWS command line failed; the message is what it said."""


def aws(*arguments):
    """What the AWS command line answers, as JSON; nothing where it answers nothing."""
    environment = dict(os.environ, AWS_PAGER="")
    # The command line would invoke again after a lost answer, and Lambda would run the event twice.
    if arguments[:2] == ("lambda", "invoke"):
        environment["AWS_MAX_ATTEMPTS"] = "1"
    try:
        done = subprocess.run(
            ("aws",) + arguments + ("--output", "json"),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except FileNotFoundError:
        raise Refused("This needs the AWS command line, and there is no 'aws' on the path.")
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise Refused(said or "aws ended with %d" % done.returncode)
    return json.loads(done.stdout) if done.stdout.strip() else {}


def printable(text):
    """On one line, without what could forge another one, and not too long."""
    line = "".join(c if c.isprintable() else " " for c in str(text))
    return line if len(line) <= LONGEST_TEXT else line[:LONGEST_TEXT] + "…"


def unambiguous(members):
    """An object, unless a name comes twice: the function refuses such an event, so it must stay."""
    names = [name for name, _ in members]
    if len(set(names)) != len(names):
        raise ValueError("it has a name twice")
    return dict(members)


def machine(event):
    """The machine that EC2 tells of; none where the event is not EC2's."""
    if event.get("source") != "aws.ec2" or "meeting_id" in event or "action" in event:
        return None
    detail = event.get("detail")
    told = detail.get("instance-id") if isinstance(detail, dict) else None
    return told if isinstance(told, str) else None


class Message:
    """A message of a queue: the event in it and why it failed, or why there is no event to send."""

    def __init__(self, queue, received):
        self.queue = queue
        self.id = received["MessageId"]
        self.receipt = received["ReceiptHandle"]
        self.event = None
        self.reason = ""
        self.problem = ""
        sent = received["Attributes"]["SentTimestamp"]
        self.since = datetime.fromtimestamp(int(sent) / 1000, timezone.utc)
        marks = {
            name: mark.get("StringValue", "")
            for name, mark in received.get("MessageAttributes", {}).items()
        }
        self.body = received["Body"]
        try:
            content = json.loads(self.body, object_pairs_hook=unambiguous)
        except ValueError as e:
            self.problem = "holds no JSON (%s)" % e
            return
        if isinstance(content, dict) and {"requestPayload", "requestContext"} <= content.keys():
            self.read_record(content)
        elif any(mark in marks for mark in EVENTBRIDGE_MARKS):
            self.read_undelivered(content, marks)
        else:
            self.problem = "is neither a record of Lambda's nor an event of EventBridge's"
        if not self.problem and not isinstance(self.event, dict):
            self.problem = "holds an event that is no JSON object"

    def read_record(self, record):
        """Lambda's record of an asynchronous invocation that failed for good.

        https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
        """
        self.event = record["requestPayload"]
        context = record["requestContext"] if isinstance(record["requestContext"], dict) else {}
        answer = record.get("responsePayload")
        why = (
            "%s: %s" % (answer.get("errorType", "?"), answer.get("errorMessage", ""))
            if isinstance(answer, dict)
            else "no answer"
        )
        self.reason = "%s after %s tries; %s" % (
            context.get("condition", "?"),
            context.get("approximateInvokeCount", "?"),
            why,
        )

    def read_undelivered(self, content, marks):
        self.event = content
        if marks.get("IS_PAYLOAD_TRUNCATED", "false").lower() == "true":
            self.problem = "holds an event of which EventBridge has cut off a part"
        self.reason = "%s after %s tries; %s: %s" % (
            marks.get("EXHAUSTED_RETRY_CONDITION", "Undeliverable"),
            marks.get("RETRY_ATTEMPTS", "?"),
            marks.get("ERROR_CODE", "?"),
            marks.get("ERROR_MESSAGE", ""),
        )

    def key(self):
        """What the event asks for: the same for all deliveries of one meeting's or machine's."""
        event = self.event
        if machine(event):
            return json.dumps([event.get("detail-type"), event["detail"]], sort_keys=True)
        if isinstance(event.get("meeting_id"), str):
            asked = {name: event[name] for name in ("action", "dry_run") if name in event}
            return json.dumps([event["meeting_id"].strip(), asked], sort_keys=True)
        return json.dumps(event, sort_keys=True)

    def told(self):
        """The event as it is shown; of EC2's what matters, because a line is not long enough."""
        if not machine(self.event):
            return self.event
        return {name: self.event.get(name) for name in ("detail-type", "time", "detail")}

    def name(self):
        if self.problem:
            return "A message"
        asked = self.event.get("meeting_id", self.event.get("action", machine(self.event)))
        return printable(asked.strip() if isinstance(asked, str) else json.dumps(self.event))


class Queue:
    def __init__(self, url, region):
        self.url = url
        self.region = region
        self.name = url.rsplit("/", 1)[-1]
        # Version 1 of the command line would take an endpoint of its own, whatever is configured.
        self.endpoint = url.rsplit("/", 2)[0]

    def __call__(self, operation, *arguments):
        return aws(
            "sqs", operation,
            "--region", self.region,
            "--endpoint-url", self.endpoint,
            "--queue-url", self.url,
            *arguments
        )  # fmt: skip

    def receive(self, seconds):
        """Some messages that nobody else receives for so long; none where there are no more."""
        answer = self(
            "receive-message",
            "--max-number-of-messages", str(BATCH),
            "--visibility-timeout", str(seconds),
            "--wait-time-seconds", "1",  # Only then SQS asks all of its servers.
            "--attribute-names", "SentTimestamp",
            "--message-attribute-names", "All",
        )  # fmt: skip
        return [Message(self, received) for received in answer.get("Messages", [])]

    def release(self, messages):
        """Lets everybody receive them again."""
        self.in_batches("change-message-visibility-batch", messages, {"VisibilityTimeout": 0})

    def delete(self, messages):
        failed = self.in_batches("delete-message-batch", messages, {})
        if failed:
            why = (len(failed), self.name, failed[0].get("Message", ""))
            raise Refused("%d messages of %s could not be deleted: %s" % why)

    def in_batches(self, operation, messages, more):
        failed = []
        for start in range(0, len(messages), BATCH):
            entries = [
                dict(more, Id=str(number), ReceiptHandle=message.receipt)
                for number, message in enumerate(messages[start : start + BATCH])
            ]
            failed += self(operation, "--entries", json.dumps(entries)).get("Failed", [])
        return failed


class Function:
    def __init__(self, name, region):
        self.name = name
        self.region = region

    def invoke(self, event):
        """Whether the function has answered, and what became of the event, in words."""
        with tempfile.TemporaryDirectory() as directory:
            payload = os.path.join(directory, "event")
            reply = os.path.join(directory, "reply")
            with open(payload, "w") as file:
                json.dump(event, file)
            try:
                answer = aws(
                    "lambda", "invoke",
                    "--region", self.region,
                    "--function-name", self.name,
                    "--payload", "fileb://" + payload,
                    "--cli-read-timeout", str(LONGEST_INVOCATION),
                    reply,
                )  # fmt: skip
            except Refused as e:
                return False, "not sent: %s" % e
            with open(reply, encoding="utf-8", errors="replace") as file:
                text = file.read()
        try:
            said = json.loads(text)
        except ValueError:
            said = None
        if "FunctionError" in answer:
            said = said if isinstance(said, dict) else {}
            why = (said.get("errorType", "?"), said.get("errorMessage", text))
            return False, "failed again: %s: %s" % why
        a_launch = "meeting_id" in event and not event.get("dry_run")
        expected = "outcome" if machine(event) else "instances" if a_launch else None
        if not isinstance(said, dict) or (expected and expected not in said):
            return False, "an answer that makes no sense: %s" % text
        return True, outcome(said)


def outcome(reply):
    """What the function's answer says, in words."""
    if reply.get("action") == "recovery":
        return recovered(reply)
    if "instances" not in reply:
        return "answered: %s" % json.dumps(reply)
    status = reply.get("status")
    if "why" in reply:
        return "nothing to launch yet: %s" % reply["why"]
    machines = named_by_role(reply["instances"])
    if status in NOT_LAUNCHED:
        return "too late: the meeting began too long ago, and nothing more is launched"
    if status == "LAUNCHED":
        return "launched: %s" % machines
    return "nothing to launch: the meeting is %s" % status


def recovered(reply):
    """What became of a machine that ended, in words."""
    words = str(reply.get("outcome"))
    if words == "replaced":
        words += ", %s has %s" % (reply.get("meeting_id"), named_by_role(reply.get("instances", {})))
    return "%s: %s" % (words, reply.get("why"))


def named_by_role(instances):
    return ", ".join("%s %s" % instance for instance in sorted(instances.items()))


def every_message(queues):
    """What is in the queues, each message once. They are visible again at the end."""
    found = []
    for queue in queues:
        seen = {}
        try:
            while True:
                received = queue.receive(HELD_WHILE_SHOWN)
                if not received:
                    break
                seen.update((message.id, message) for message in received)
        finally:
            queue.release(list(seen.values()))
        found += seen.values()
    return found


def show(messages):
    for message in messages:
        print()
        since = message.since.strftime("%Y-%m-%d %H:%M:%S UTC")
        print("%s, in %s since %s" % (message.name(), message.queue.name, since))
        if not message.problem:
            print("  event   %s" % printable(json.dumps(message.told())))
        if message.reason:
            print("  failed  %s" % printable(message.reason))
        if message.problem:
            print("  It %s, and is left alone." % message.problem)
            print("  body    %s" % printable(message.body))


def delete(queue, messages, held):
    queue.delete(messages)
    for message in messages:
        del held[message.id]


def send(function, queues, shown):
    """Sends the events that were shown; says of each whether the function has answered."""
    results = {}
    with concurrent.futures.ThreadPoolExecutor(BATCH) as hands:
        for queue in queues:
            held = {}
            try:
                while True:
                    received = queue.receive(HELD_WHILE_SENT)
                    if not received:
                        break
                    # What has failed comes back in a long run; what is new nobody has agreed to.
                    by_key = {}
                    for message in received:
                        if message.id in shown and message.id not in held and not message.problem:
                            by_key.setdefault(message.key(), []).append(message)
                    held.update((message.id, message) for message in received)
                    for key, messages in by_key.items():
                        if results.get(key):
                            delete(queue, messages, held)
                    futures = {
                        hands.submit(function.invoke, messages[0].event): messages
                        for key, messages in by_key.items()
                        if key not in results
                    }
                    for future in concurrent.futures.as_completed(futures):
                        messages = futures[future]
                        answered, words = future.result()
                        results[messages[0].key()] = answered
                        print("%s: %s" % (messages[0].name(), printable(words)), flush=True)
                        if answered:
                            delete(queue, messages, held)
            finally:
                queue.release(list(held.values()))
    return list(results.values())


def confirmed(events):
    if "yes" in sys.argv[5:]:
        return True
    what = "this event" if events == 1 else "these %d events" % events
    print('Send %s again? Only "yes" does it: ' % what, end="", flush=True)
    answer = sys.stdin.readline()
    print()
    return answer.strip() == "yes"


def main():
    name, region, failures, undelivered = sys.argv[1:5]
    queues = [Queue(failures, region), Queue(undelivered, region)]
    messages = every_message(queues)
    if not messages:
        print("Both failure queues are empty.")
        return 0
    show(messages)
    print()
    left_alone = sum(1 for message in messages if message.problem)
    events = {message.key() for message in messages if not message.problem}
    if not events:
        print("There is no event to send again.")
        return 1
    if not confirmed(len(events)):
        print("Nothing was sent.")
        return 1
    results = send(Function(name, region), queues, {message.id for message in messages})
    failed = results.count(False)
    print()
    print(
        "Answered: %d. Failed again, and still in their queue: %d. Left alone: %d."
        % (results.count(True), failed, left_alone)
    )
    return 1 if failed or left_alone else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")
    try:
        sys.exit(main())
    except Refused as e:
        sys.exit("%s" % e)
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. What was not answered is still in its queue.")
