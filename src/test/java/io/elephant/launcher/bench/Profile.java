package io.elephant.launcher.bench;

import io.elephant.launcher.local.LocalAws;
import java.time.Duration;
import java.util.List;

/** The conditions under which a launch is measured. */
enum Profile {
  /** The stand-ins answer as fast as they can, over HTTP. */
  PLAIN("no delays", 5, false, false, 0),

  /** The stand-ins take as long as AWS does, over HTTP. */
  AWS_LIKE("AWS-like delays", 1, true, false, 0),

  /** The stand-ins answer as fast as they can, over HTTPS: a cold start pays the handshakes. */
  TLS("HTTPS", 5, false, true, 0),

  /** HTTPS, AWS-like delays, and from the event on the processor's share of so much memory. */
  SHARE_512("Lambda's share at 512 MB", 1, true, true, 512),
  SHARE_256("Lambda's share at 256 MB", 1, true, true, 256),
  SHARE_128("Lambda's share at 128 MB", 1, true, true, 128);

  /** Under which a launch is measured by what it takes beyond the delays. */
  static final List<Profile> SHARES = List.of(SHARE_512, SHARE_256, SHARE_128);

  static final Duration RUN_INSTANCES = Duration.ofSeconds(1);
  private static final Duration DESCRIBE = Duration.ofMillis(100);
  static final Duration DYNAMO_DB = Duration.ofMillis(10);

  /** The row, the claim, the instances side by side, the record. */
  static final Duration DELAYS_ON_THE_CRITICAL_PATH =
      DYNAMO_DB.plus(DYNAMO_DB).plus(RUN_INSTANCES).plus(DYNAMO_DB);

  final String title;

  /** How often a process is invoked after its cold start. */
  final int warmInvocations;

  private final boolean delays;
  final boolean tls;

  /** In megabytes; zero where the process has whole processors. */
  final int memory;

  Profile(String title, int warmInvocations, boolean delays, boolean tls, int memory) {
    this.title = title;
    this.warmInvocations = warmInvocations;
    this.delays = delays;
    this.tls = tls;
    this.memory = memory;
  }

  /** Tells the stand-ins, which have just been reset, how long to take. */
  void prepare(LocalAws aws) {
    if (delays) {
      aws.ec2().on("RunInstances").delayWork(RUN_INSTANCES);
      aws.ec2().on("DescribeVpcs").delayWork(DESCRIBE);
      aws.ec2().on("DescribeSubnets").delayWork(DESCRIBE);
      aws.ec2().on("DescribeInstances").delayWork(DESCRIBE);
      aws.dynamoDbProxy().script().onEveryCall().delayWork(DYNAMO_DB);
    }
  }

  /** A Java that starts on a twelfth of a processor takes a minute, and nobody deploys it so. */
  boolean measures(Contender contender) {
    return memory == 0 || !contender.name().equals(Contender.JVM);
  }
}
