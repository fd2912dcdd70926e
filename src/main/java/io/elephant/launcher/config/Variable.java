package io.elephant.launcher.config;

import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchRecord;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The environment variables, with the default of each and what it, or each element of its list, may
 * be. What depends on another variable is in {@link Settings}.
 */
public enum Variable {
  AMI_ID("ami-" + Variable.ID, "the id of an image, ami-…"),
  IAM_PROFILE(
      "[A-Za-z0-9_+=,.@-]{1,128}", "the name of an instance profile (its name, not its ARN)"),
  INSTANCE_TYPE("[a-z][a-z0-9-]*\\.[a-z0-9-]+", "an instance type, such as t3.large"),
  KEY_NAME("\\p{ASCII}{1,255}", "the name of a key pair: at most 255 ASCII characters"),
  SECURITY_GROUP_IDS("sg-" + Variable.ID, "the id of a security group, sg-…"),

  TABLE_NAME(
      "elephant-meetings",
      "[A-Za-z0-9_.-]{3,255}",
      "the name of a table: 3 to 255 characters of A-Z a-z 0-9 _ . -"),
  LAUNCH_REGION("us-west-2", Variable.REGION, "the name of a region, such as us-west-2"),
  AVAILABILITY_ZONES(
      "us-west-2a,us-west-2b,us-west-2c", Variable.ZONE, "a zone, such as us-west-2a"),
  SUBNETS(
      Variable.ZONE + "=subnet-" + Variable.ID,
      "a zone, an equals sign and the id of a subnet, such as us-west-2a=subnet-…"),
  ROLES(
      "teacher,student",
      "(?!(" + LaunchRecord.FAILURE + "|" + LaunchRecord.COMPLETED_BY + ")$)" + Role.SHAPE,
      "a role of 1 to 17 characters of A-Z a-z 0-9 _ - other than failure and completed_by"),
  PROJECT_TAG("Elephant", Variable.TAG, Variable.TAG_IN_WORDS),
  STACK_NAME("elephant-launch-ec2", Variable.TAG, Variable.TAG_IN_WORDS),
  INSTANCE_TAGS("{}", _ -> true, "a JSON object of strings, such as {\"CostCentre\": \"4711\"}"),
  INSTANCE_METADATA_TAGS("enabled", "enabled|disabled", "enabled or disabled"),
  ROOT_DEVICE_NAME("/dev/xvda", "/dev/[a-z][a-z0-9/]*", "a device, such as /dev/xvda"),
  VOLUME_SIZE_GIB("60", "[1-9][0-9]{0,4}", "a whole number of GiB, at least 1"),
  VOLUME_TYPE(
      "gp2",
      "gp2|gp3|standard",
      "gp2, gp3 or standard (other types need more settings, or cannot boot)"),
  VOLUME_ENCRYPTED("true", "true|false", "true or false"),
  VOLUME_KMS_KEY_ARN(
      "arn:aws[a-z-]*:kms:" + Variable.REGION + ":\\d{12}:key/[A-Za-z0-9-]+",
      "the ARN of a KMS key, not of an alias"),
  LAUNCH_TEMPLATE(
      "lt-" + Variable.ID + ":[1-9][0-9]{0,8}",
      "the id of a launch template, lt-…, a colon and the number of a version"),
  MARKET("on-demand", "on-demand|spot", "on-demand or spot"),
  IMDS_TOKENS("required", "required|optional", "required or optional"),
  /** Not less than the function's time-out in Terraform: a younger one may yet be recorded. */
  SWEEP_GRACE("PT10M", isDuration("PT9M"), "an ISO 8601 duration from PT9M to P7D, such as PT1H"),
  SWEEP_MODE("report", "report|terminate", "report or terminate"),
  RECOVERY_MODE("replace", "replace|report", "replace or report"),
  MAX_LATENESS("PT1H", isDuration("PT0S"), Variable.DURATION),
  MAX_EARLINESS("PT1H", isDuration("PT0S"), Variable.DURATION),

  // The AWS SDK's own, of which it does not say the name. Others it refuses itself.
  // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
  AWS_ENDPOINT_URL("", Variable::isUrl, Variable.URL),
  AWS_ENDPOINT_URL_EC2("", Variable::isUrl, Variable.URL),
  AWS_ENDPOINT_URL_DYNAMODB("", Variable::isUrl, Variable.URL);

  private static final String ID = "[0-9a-f]{8,17}";
  private static final String REGION = "[a-z]+(-[a-z]+)+-\\d";

  /**
   * Of a region, a Local Zone (us-west-2-lax-1a) or a Wavelength Zone (us-east-1-wl1-bos-wlz-1).
   */
  private static final String ZONE = REGION + "([a-z]|(-[a-z0-9]+)+)";

  private static final String TAG = "[\\p{L}\\p{N} _.:/=+@-]{1,256}";
  private static final String TAG_IN_WORDS =
      "a tag's value: at most 256 letters, digits, spaces and _ . : / = + - @";
  private static final String DURATION = "an ISO 8601 duration from PT0S to P7D, such as PT1H";
  private static final String URL = "a URL, such as http://localhost:4566";

  private final String byDefault;

  @SuppressWarnings("ImmutableEnumChecker") // No rule has a state.
  private final Predicate<String> rule;

  private final String wanted;

  /** For a variable without a default. */
  Variable(String pattern, String wanted) {
    this("", pattern, wanted);
  }

  Variable(String byDefault, String pattern, String wanted) {
    this(byDefault, Pattern.compile(pattern).asMatchPredicate(), wanted);
  }

  Variable(String byDefault, Predicate<String> rule, String wanted) {
    this.byDefault = byDefault;
    this.rule = rule;
    this.wanted = wanted;
  }

  /** What an absent variable stands for; empty where it has no default. */
  public String byDefault() {
    return byDefault;
  }

  boolean takes(String value) {
    return rule.test(value);
  }

  /** What it takes, in words. */
  String wanted() {
    return wanted;
  }

  /** Whether it is the AWS SDK's, and not this function's. */
  public boolean isOfSdk() {
    return name().startsWith("AWS_");
  }

  private static Predicate<String> isDuration(String shortest) {
    return text -> {
      try {
        Duration duration = Duration.parse(text);
        return duration.compareTo(Duration.parse(shortest)) >= 0
            && duration.compareTo(Duration.ofDays(7)) <= 0;
      } catch (DateTimeException _) {
        return false;
      }
    };
  }

  private static boolean isUrl(String text) {
    try {
      URI uri = new URI(text);
      return uri.getHost() != null && String.valueOf(uri.getScheme()).matches("(?i)https?");
    } catch (URISyntaxException _) {
      return false;
    }
  }
}
