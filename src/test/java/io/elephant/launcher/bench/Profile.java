package io.elephant.launcher.bench;

import io.elephant.launcher.local.LocalAws;
import java.time.Duration;

/** The conditions under which a launch is measured. */
enum Profile {
  /** The stand-ins answer as fast as they can, over HTTP. */
  PLAIN("no delays", 5),

  /** The stand-ins take as long as AWS does, over HTTP. */
  AWS_LIKE("AWS-like delays", 1) {
    @Override
    void prepare(LocalAws aws) {
      aws.ec2().on("RunInstances").delayWork(RUN_INSTANCES);
      aws.ec2().on("DescribeVpcs").delayWork(DESCRIBE);
      aws.ec2().on("DescribeSubnets").delayWork(DESCRIBE);
      aws.ec2().on("DescribeInstances").delayWork(DESCRIBE);
      aws.dynamoDbProxy().script().onEveryCall().delayWork(DYNAMO_DB);
    }
  },

  /** The stand-ins answer as fast as they can, over HTTPS: a cold start pays the handshakes. */
  TLS("HTTPS", 5);

  private static final Duration RUN_INSTANCES = Duration.ofSeconds(1);
  private static final Duration DESCRIBE = Duration.ofMillis(100);
  private static final Duration DYNAMO_DB = Duration.ofMillis(10);

  /** The subnets (the row takes less), the claim, the machines side by side, the record. */
  static final Duration DELAYS_ON_THE_CRITICAL_PATH =
      DESCRIBE.plus(DYNAMO_DB).plus(RUN_INSTANCES).plus(DYNAMO_DB);

  final String title;

  /** How often a process is invoked after its cold start. */
  final int warmInvocations;

  Profile(String title, int warmInvocations) {
    this.title = title;
    this.warmInvocations = warmInvocations;
  }

  /** Tells the stand-ins, which have just been reset, how long to take. */
  void prepare(LocalAws aws) {}
}
