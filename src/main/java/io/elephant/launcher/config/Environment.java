package io.elephant.launcher.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.util.Optional;

/**
 * The function's environment variables, unchecked.
 *
 * <p>Every value is text and optional here, because Quarkus would end the process at the first one
 * that is missing or does not convert, and Lambda would start it again and again without naming the
 * cause. {@link ConfigurationCheck} judges them all at once.
 */
@ConfigMapping(prefix = "")
public interface Environment {

  String DEFAULT_REGION = "us-west-2";

  /** The image to boot, {@code ami-…}. Required. */
  @WithName("AMI_ID")
  Optional<String> amiId();

  /** The instance profile's name, not its ARN. Required. */
  @WithName("IAM_PROFILE")
  Optional<String> iamProfile();

  /** Instance types in order of preference, such as {@code t3.large,t3a.large}. Required. */
  @WithName("INSTANCE_TYPE")
  Optional<String> instanceType();

  /** The key pair's name. Required. */
  @WithName("KEY_NAME")
  Optional<String> keyName();

  /** Security groups, {@code sg-…}, separated by commas. Required. */
  @WithName("SECURITY_GROUP_IDS")
  Optional<String> securityGroupIds();

  /** The meetings' table, whose key is {@code id}, a string. */
  @WithName("TABLE_NAME")
  @WithDefault("elephant-meetings")
  Optional<String> tableName();

  /** The region of the table and of EC2, whatever region the function runs in. */
  @WithName("LAUNCH_REGION")
  @WithDefault(DEFAULT_REGION)
  Optional<String> launchRegion();

  /** The zones that may be used, in order of preference, separated by commas. */
  @WithName("AVAILABILITY_ZONES")
  @WithDefault("us-west-2a,us-west-2b,us-west-2c")
  Optional<String> availabilityZones();

  /**
   * {@code zone=subnet} pairs in order of preference, separated by commas. Where given, no subnet
   * is looked up and {@code AVAILABILITY_ZONES} does not count.
   */
  @WithName("SUBNETS")
  Optional<String> subnets();

  /** The roles of a meeting, one instance each, separated by commas. */
  @WithName("ROLES")
  @WithDefault("teacher,student")
  Optional<String> roles();

  /** The value of the instances' tag {@code Project}. */
  @WithName("PROJECT_TAG")
  @WithDefault("Elephant")
  Optional<String> projectTag();

  /** The image's root device; another name would add a second disk. */
  @WithName("ROOT_DEVICE_NAME")
  @WithDefault("/dev/xvda")
  Optional<String> rootDeviceName();

  /** The root volume's size, in GiB. */
  @WithName("VOLUME_SIZE_GIB")
  @WithDefault("60")
  Optional<String> volumeSizeGib();

  /** The root volume's type: {@code gp2}, {@code gp3} or {@code standard}. */
  @WithName("VOLUME_TYPE")
  @WithDefault("gp2")
  Optional<String> volumeType();

  /** Whether the root volume is encrypted: {@code true} or {@code false}. */
  @WithName("VOLUME_ENCRYPTED")
  @WithDefault("true")
  Optional<String> volumeEncrypted();

  /** The ARN of the KMS key that encrypts the root volume, if not the account's default one. */
  @WithName("VOLUME_KMS_KEY_ARN")
  Optional<String> volumeKmsKeyArn();

  /**
   * A launch template and the number of its version, {@code lt-…:7}: it has what the function's own
   * parameters do not say.
   */
  @WithName("LAUNCH_TEMPLATE")
  Optional<String> launchTemplate();

  /** Where to buy, in order of preference: {@code on-demand}, {@code spot}, or both. */
  @WithName("MARKET")
  @WithDefault("on-demand")
  Optional<String> market();

  /** IMDSv2's session tokens: {@code required} or {@code optional}. */
  @WithName("IMDS_TOKENS")
  @WithDefault("required")
  Optional<String> imdsTokens();

  /** The value of the tag {@code LaunchedBy}, by which the sweep knows its own instances. */
  @WithName("STACK_NAME")
  @WithDefault("elephant-launch-ec2")
  Optional<String> stackName();

  /** How old an instance must be before the sweep calls it a stray, as ISO 8601. */
  @WithName("SWEEP_GRACE")
  @WithDefault("PT10M")
  Optional<String> sweepGrace();

  /** What the sweep does about a stray: {@code report} or {@code terminate}. */
  @WithName("SWEEP_MODE")
  @WithDefault("report")
  Optional<String> sweepMode();

  /**
   * What is done about an instance that died after it was recorded: {@code replace} or {@code
   * report}.
   */
  @WithName("RECOVERY_MODE")
  @WithDefault("replace")
  Optional<String> recoveryMode();

  /** How long after the row's {@code meet_time} a launch still makes sense, as ISO 8601. */
  @WithName("MAX_LATENESS")
  @WithDefault("PT1H")
  Optional<String> maxLateness();

  /** How long before the row's {@code meet_time} a launch makes sense already, as ISO 8601. */
  @WithName("MAX_EARLINESS")
  @WithDefault("PT1H")
  Optional<String> maxEarliness();
}
