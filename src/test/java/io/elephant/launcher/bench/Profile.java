package io.elephant.launcher.bench;

import io.elephant.launcher.local.LocalAws;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The conditions under which a launch is measured.
 *
 * @param warmInvocations how often a process is invoked after its cold start
 * @param delays whether the stand-ins take as long as AWS does, or answer as fast as they can
 * @param tls whether they are asked over HTTPS: a cold start pays the handshakes
 * @param memory in MB: from the event on the process has Lambda's share of a processor for so much;
 *     zero where it has whole processors
 */
record Profile(String title, int warmInvocations, boolean delays, boolean tls, int memory) {

  static final Profile PLAIN = new Profile("no delays", 5, false, false, 0);
  static final Profile AWS_LIKE = new Profile("AWS-like delays", 1, true, false, 0);
  static final Profile TLS = new Profile("HTTPS", 5, false, true, 0);

  /** Under which a launch is shown by what it takes beyond the path's delays. */
  static final List<Profile> SHARES =
      Stream.of(512, 256, 128)
          .map(memory -> new Profile("Lambda's share at " + memory + " MB", 1, true, true, memory))
          .toList();

  private static final Duration RUN_INSTANCES = Duration.ofSeconds(1);
  private static final Duration DESCRIBE = Duration.ofMillis(100);
  private static final Duration DYNAMO_DB = Duration.ofMillis(10);

  /** What no launch can avoid: the row, the claim, the instances side by side, the record. */
  static final Duration PATH = RUN_INSTANCES.plus(DYNAMO_DB.multipliedBy(3));

  /** Tells the stand-ins, which have just been reset, how long to take. */
  void prepare(LocalAws aws) {
    if (delays) {
      aws.ec2().on("RunInstances").delayWork(RUN_INSTANCES);
      Stream.of("DescribeVpcs", "DescribeSubnets", "DescribeInstances")
          .forEach(action -> aws.ec2().on(action).delayWork(DESCRIBE));
      aws.dynamoDbProxy().script().onEveryCall().delayWork(DYNAMO_DB);
    }
  }
}
