package io.elephant.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.aws.MeetingsTable;
import io.elephant.launcher.aws.Stack;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.LaunchRequest.LaunchTemplate;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Placement;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.launch.Recovery;
import io.elephant.launcher.sweep.Sweep;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.regions.Region;

class ConfigurationCheckTest {

  private static final String VOLUME_KEY =
      "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab";
  private static final List<Role> ROLES = List.of(new Role("teacher"), new Role("student"));

  private final Map<String, String> variables = new HashMap<>();
  private final Map<String, String> sdk = new HashMap<>();

  ConfigurationCheckTest() {
    variables.putAll(
        Map.of(
            "AMI_ID", "ami-0e7fd79d17e852d18",
            "IAM_PROFILE", "EC2-S3-ReadOnly-Role",
            "INSTANCE_TYPE", "t3.large",
            "KEY_NAME", "shaundano-elephant",
            "SECURITY_GROUP_IDS", "sg-0123456789abcdef0, sg-0fedcba9876543210"));
  }

  @Test
  void needsNothingButTheFiveThatHaveNoDefault() {
    assertThat(check())
        .isEqualTo(
            new Settings(
                Region.US_WEST_2,
                new MeetingsTable("elephant-meetings", ROLES),
                new Stack("elephant-launch-ec2", "Elephant"),
                new LaunchPlan(
                    ROLES,
                    List.of(Market.ON_DEMAND),
                    List.of("t3.large"),
                    new Placement.InZones(
                        List.of(
                            new Zone("us-west-2a"),
                            new Zone("us-west-2b"),
                            new Zone("us-west-2c"))),
                    new InstanceTemplate(
                        "ami-0e7fd79d17e852d18",
                        "shaundano-elephant",
                        List.of("sg-0123456789abcdef0", "sg-0fedcba9876543210"),
                        "EC2-S3-ReadOnly-Role",
                        new RootVolume("/dev/xvda", 60, "gp2", true, Optional.empty()),
                        ImdsTokens.REQUIRED,
                        Optional.empty(),
                        "Elephant",
                        "elephant-launch-ec2"),
                    Duration.ofHours(1),
                    Duration.ofHours(1)),
                Duration.ofMinutes(10),
                Sweep.Mode.REPORT,
                Recovery.Mode.REPLACE));
  }

  @Test
  void namesEveryVariableThatIsMissingInOneMessage() {
    variables.clear();

    assertThatExceptionOfType(BadConfiguration.class)
        .isThrownBy(this::check)
        .withMessageContainingAll(
            "AMI_ID is missing or empty",
            "IAM_PROFILE is missing or empty",
            "INSTANCE_TYPE is missing or empty",
            "KEY_NAME is missing or empty",
            "SECURITY_GROUP_IDS is missing or empty");
  }

  /** A variable and malformed values of it, in each line. */
  private static final String MALFORMED =
      """
      AMI_ID|ami-123|i-0e7fd79d17e852d18|ami-0E7FD79D17E852D18
      IAM_PROFILE|arn:aws:iam::123456789012:instance-profile/desk|a b
      INSTANCE_TYPE|t3|large|t3 large|t3.large,|t3.large,t3.large
      KEY_NAME|schlüssel
      SECURITY_GROUP_IDS|default|sg-0123456789abcdef0,|sg-0123456789abcdef0;sg-0fedcba9876543210|sg-0123456789abcdef0,sg-0123456789abcdef0
      TABLE_NAME|ab|elephant meetings|
      LAUNCH_REGION|Oregon|us-west|
      AVAILABILITY_ZONES|us-east-1a|us-west-2|us-west-2a,us-west-2a|us-west-2a,,us-west-2b|
      SUBNETS|us-west-2a|us-west-2a=|=subnet-0a11111111111111a|us-east-1a=subnet-0a11111111111111a|us-west-2a=subnet-1|us-west-2a:subnet-0a11111111111111a|us-west-2a=subnet-0a11111111111111a,
      SUBNETS|us-west-2a=subnet-0a11111111111111a,us-west-2a=subnet-0a11111111111111a|us-west-2a=subnet-0a11111111111111a,us-west-2b=subnet-0a11111111111111a
      ROLES|teacher,teacher|teacher;student|a-role-of-18-chars||teacher,failure|teacher,completed_by
      ROLES|student,student-1|student-12,student|teacher,co-teacher|co-teacher-1,teacher|teacher-1,co-teacher|1|teacher,7|1-1
      PROJECT_TAG|a<b|
      ROOT_DEVICE_NAME|xvda
      VOLUME_SIZE_GIB|0|-1|60GB|16385|99999999999
      VOLUME_TYPE|gp4|st1
      VOLUME_KMS_KEY_ARN|alias/aws/ebs|1234abcd-12ab-34cd-96ef-1234567890ab|arn:aws:kms:us-west-2:123456789012:alias/disks|arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab
      LAUNCH_TEMPLATE|lt-0e1efa27000000001|desktop:1|lt-0e1efa27000000001:|lt-0e1efa27000000001:0|lt-0e1efa27000000001:v1|lt-0e1efa27000000001:$Latest|lt-0e1efa27000000001:$Default|lt-1:1
      MARKET|reserved|spot,spot
      IMDS_TOKENS|none
      VOLUME_ENCRYPTED|yes
      STACK_NAME|
      SWEEP_GRACE|10m|PT0S|PT8M59S|P8D
      SWEEP_MODE|delete
      MAX_LATENESS|1h|-PT1H|P8D
      MAX_EARLINESS|1h|-PT1H|P8D
      """;

  static Stream<Arguments> malformed() {
    return MALFORMED
        .lines()
        .map(line -> List.of(line.split("\\|", -1)))
        .flatMap(
            fields -> fields.stream().skip(1).map(value -> Arguments.of(fields.getFirst(), value)));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void namesAVariableThatIsMalformedAndOnlyThat(String variable, String value) {
    variables.put(variable, value);

    assertThatExceptionOfType(BadConfiguration.class)
        .isThrownBy(this::check)
        .withMessageStartingWith("The function's configuration is wrong: " + variable + " is ")
        .satisfies(bad -> assertThat(bad.getMessage()).doesNotContain("; "));
  }

  @Test
  void takesTypesAndMarketsInOrderOfPreference() {
    variables.put("INSTANCE_TYPE", "t3.large, t3a.large,m7i-flex.large");
    variables.put("MARKET", "spot,on-demand");

    assertThat(check().plan().instanceTypes())
        .containsExactly("t3.large", "t3a.large", "m7i-flex.large");
    assertThat(check().plan().markets()).containsExactly(Market.SPOT, Market.ON_DEMAND);
  }

  @Test
  void takesTheSubnetsInTheirOrderAndAsksForNoZoneWhereThereAreAny() {
    variables.put("AVAILABILITY_ZONES", "not asked");
    variables.put(
        "SUBNETS", "us-west-2b=subnet-0b22222222222222b, us-west-2-lax-1a=subnet-0a1111111");

    assertThat(check().plan().placement())
        .isEqualTo(
            new Placement.InSubnets(
                List.of(
                    new Subnet("subnet-0b22222222222222b", new Zone("us-west-2b")),
                    new Subnet("subnet-0a1111111", new Zone("us-west-2-lax-1a")))));

    variables.put("SUBNETS", " ");
    variables.put("AVAILABILITY_ZONES", "us-west-2b");
    assertThat(check().plan().placement())
        .isEqualTo(new Placement.InZones(List.of(new Zone("us-west-2b"))));
  }

  @Test
  void takesALaunchTemplateAndAKeyOfTheRegionWhereThereAreAny() {
    variables.put("LAUNCH_TEMPLATE", " lt-0e1efa27:12 ");
    variables.put("VOLUME_KMS_KEY_ARN", VOLUME_KEY);

    assertThat(check().plan().template().launchTemplate())
        .contains(new LaunchTemplate("lt-0e1efa27", 12));
    assertThat(check().plan().template().rootVolume().keyArn()).contains(VOLUME_KEY);

    variables.put("LAUNCH_TEMPLATE", "");
    variables.put("VOLUME_KMS_KEY_ARN", " ");
    assertThat(check().plan().template().launchTemplate()).isEmpty();
    assertThat(check().plan().template().rootVolume().keyArn()).isEmpty();
  }

  @Test
  void takesNoKeyForAVolumeThatIsNotEncrypted() {
    variables.put("VOLUME_KMS_KEY_ARN", VOLUME_KEY);
    variables.put("VOLUME_ENCRYPTED", "false");

    assertThatExceptionOfType(BadConfiguration.class)
        .isThrownBy(this::check)
        .withMessageEndingWith(
            "VOLUME_KMS_KEY_ARN is \"%s\", which is not allowed where VOLUME_ENCRYPTED is false"
                .formatted(VOLUME_KEY));
  }

  @Test
  void asksForZonesOfAnotherRegionWithTheRegion() {
    variables.put("LAUNCH_REGION", "eu-central-1");
    assertThatExceptionOfType(BadConfiguration.class)
        .isThrownBy(this::check)
        .withMessageContaining("AVAILABILITY_ZONES")
        .withMessageContaining("a zone of the region eu-central-1");

    variables.put("AVAILABILITY_ZONES", "eu-central-1b , eu-central-1a");
    assertThat(check().plan().zones())
        .extracting(Zone::name)
        .containsExactly("eu-central-1b", "eu-central-1a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"us-gov-west-1", "cn-north-1", "eusc-de-east-1"})
  void takesTheRegionsOfEveryPartition(String region) {
    variables.put("LAUNCH_REGION", region);
    variables.put("AVAILABILITY_ZONES", region + "a");

    assertThat(check().region().id()).isEqualTo(region);
  }

  @Test
  void namesEverythingThatIsWrongAtOnce() {
    variables.remove("KEY_NAME");
    variables.put("AMI_ID", "latest");
    variables.put("MAX_LATENESS", "an hour");
    variables.put("VOLUME_SIZE_GIB", "many");

    assertThatExceptionOfType(BadConfiguration.class)
        .isThrownBy(this::check)
        .withMessageContainingAll(
            "KEY_NAME is missing", "AMI_ID is \"latest\"", "MAX_LATENESS", "VOLUME_SIZE_GIB");
  }

  @Test
  void leavesRoomForFiveDigitsOfAnAttemptInTheLongestToken() {
    String longestId = "m".repeat(MeetingId.MAX_LENGTH);
    String longestRole = "r".repeat(Role.MAX_LENGTH);

    assertThat(longestId + "-" + longestRole + "-99999").hasSizeLessThanOrEqualTo(64);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "teacher,student",
        "student-a,student-b",
        "host_1,host_2",
        "teacher,coteacher",
        "teacher,co-teachers",
        "teacher-1,student-1",
      })
  void takesRolesWhoseTokensDiffer(String roles) {
    variables.put("ROLES", roles);

    assertThat(check().plan().roles()).extracting(Role::value).containsExactly(roles.split(","));
  }

  @Test
  void saysWhyRolesMayNotBeUsedTogether() {
    variables.put("ROLES", "student,student-1");

    assertThatExceptionOfType(BadConfiguration.class)
        .isThrownBy(this::check)
        .withMessageEndingWith(
            "ROLES is \"student,student-1\", which is not a list of roles with client tokens of"
                + " their own: an attempt for \"student\" and one for \"student-1\" could have"
                + " the same client token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"$", "$$", "a$b", "${AMI_ID}", "${AMI_ID:x}", "\\${AMI_ID}", "${nothing}", "${"})
  void takesEveryValueLiterally(String key) {
    variables.put("KEY_NAME", key);

    assertThat(check().plan().template().keyName()).isEqualTo(key);
  }

  @Test
  void writesNoOtherVariableIntoATag() {
    variables.put("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    variables.put("PROJECT_TAG", "${AWS_ACCESS_KEY_ID}");

    assertThatExceptionOfType(BadConfiguration.class)
        .isThrownBy(this::check)
        .withMessageContaining("PROJECT_TAG is \"${AWS_ACCESS_KEY_ID}\"");
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_MAX_ATTEMPTS,many",
    "AWS_MAX_ATTEMPTS,0",
    "AWS_ENDPOINT_URL,nonsense",
    "AWS_ENDPOINT_URL,localhost:4566",
    "AWS_ENDPOINT_URL_EC2,ftp://localhost",
    "AWS_ENDPOINT_URL_DYNAMODB,http://",
    "AWS_RETRY_MODE,never",
    "AWS_DEFAULTS_MODE,fast",
    "AWS_USE_FIPS_ENDPOINT,yes",
  })
  void namesAVariableOfTheSdkThatIsMalformed(String variable, String value) {
    sdk.put(variable, value);

    assertThatExceptionOfType(BadConfiguration.class)
        .isThrownBy(this::check)
        .withMessageStartingWith(
            "The function's configuration is wrong: " + variable + " is \"" + value + "\"");
  }

  @Test
  void takesEmptyVariablesOfTheSdkForAbsentOnes() {
    sdk.put("AWS_ENDPOINT_URL", "http://localhost:4566");
    sdk.put("AWS_ENDPOINT_URL_EC2", "");
    sdk.put("AWS_ENDPOINT_URL_DYNAMODB", " ");
    sdk.put("AWS_MAX_ATTEMPTS", "");
    check();

    SdkVariables variablesOfTheSdk = new SdkVariables(sdk);
    assertThat(Stream.of("EC2", "DYNAMODB").map(variablesOfTheSdk::endpoint))
        .containsExactly(
            Optional.of(URI.create("http://localhost:4566")),
            Optional.of(URI.create("http://localhost:4566")));
    sdk.put("AWS_ENDPOINT_URL", "");
    assertThat(variablesOfTheSdk.endpoint("EC2")).isEmpty();
  }

  private Settings check() {
    return ConfigurationCheck.settings(
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredInterceptors()
            .withMapping(Environment.class)
            .withSources(new PropertiesConfigSource(variables, "test", 100))
            .build()
            .getConfigMapping(Environment.class),
        new SdkVariables(sdk));
  }
}
