package io.elephant.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Market;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private static final List<Role> ROLES = List.of(new Role("teacher"), new Role("student"));

  private final Map<String, String> variables =
      new HashMap<>(
          Map.of(
              "AMI_ID", "ami-0e7fd79d17e852d18",
              "IAM_PROFILE", "EC2-S3-ReadOnly-Role",
              "INSTANCE_TYPE", "t3.large",
              "KEY_NAME", "shaundano-elephant",
              "SECURITY_GROUP_IDS", "sg-0123456789abcdef0, sg-0fedcba9876543210"));

  @Test
  void needsNothingButTheFiveThatHaveNoDefault() {
    assertThat(read())
        .isEqualTo(
            new Settings(
                "us-west-2",
                "elephant-meetings",
                "elephant-launch-ec2",
                new LaunchPlan(
                    ROLES,
                    List.of(Market.ON_DEMAND),
                    List.of("t3.large"),
                    zones("us-west-2a", "us-west-2b", "us-west-2c"),
                    new InstanceTemplate(
                        "ami-0e7fd79d17e852d18",
                        "shaundano-elephant",
                        List.of("sg-0123456789abcdef0", "sg-0fedcba9876543210"),
                        "EC2-S3-ReadOnly-Role",
                        new RootVolume("/dev/xvda", 60, "gp2", true, Optional.empty()),
                        ImdsTokens.REQUIRED,
                        Optional.empty(),
                        true),
                    Map.of("Project", "Elephant", "LaunchedBy", "elephant-launch-ec2"),
                    Duration.ofHours(1),
                    Duration.ofHours(1)),
                Duration.ofMinutes(10),
                Sweep.Mode.REPORT,
                Recovery.REPLACE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          AMI_ID | ami-0e7fd79d | imageId=ami-0e7fd79d,
          IAM_PROFILE | desk@1 | instanceProfile=desk@1,
          INSTANCE_TYPE | t3.large, t3a.large,m7i-flex.large | instanceTypes=[t3.large, t3a.large, m7i-flex.large]
          SECURITY_GROUP_IDS | sg-0e1efa27 | securityGroupIds=[sg-0e1efa27]
          TABLE_NAME | meetings | table=meetings,
          STACK_NAME | desks | stack=desks,
          STACK_NAME | desks | LaunchedBy=desks
          PROJECT_TAG | Ele phant | Project=Ele phant
          INSTANCE_METADATA_TAGS | disabled | metadataTags=false
          ROOT_DEVICE_NAME | /dev/sda1 | deviceName=/dev/sda1,
          VOLUME_SIZE_GIB | 16384 | sizeGib=16384,
          VOLUME_TYPE | gp3 | type=gp3,
          VOLUME_ENCRYPTED | false | encrypted=false, keyArn=Optional.empty
          VOLUME_KMS_KEY_ARN | arn:aws:kms:us-west-2:123456789012:key/1234abcd | keyArn=Optional[arn:aws:kms:us-west-2:123456789012:key/1234abcd]
          VOLUME_KMS_KEY_ARN | ` ` | keyArn=Optional.empty
          LAUNCH_TEMPLATE | ` lt-0e1efa27:12 ` | launchTemplate=Optional[lt-0e1efa27:12]
          LAUNCH_TEMPLATE | `` | launchTemplate=Optional.empty
          MARKET | spot,on-demand | markets=[spot, on-demand]
          IMDS_TOKENS | optional | imdsTokens=optional
          INSTANCE_TAGS | {"CostCentre": "a=b,c"} | CostCentre=a=b,c
          SWEEP_GRACE | PT9M | sweepGrace=PT9M
          SWEEP_MODE | terminate | sweepMode=TERMINATE
          RECOVERY_MODE | report | recoveryMode=REPORT
          MAX_LATENESS | PT0S | maxLateness=PT0S
          MAX_EARLINESS | P7D | maxEarliness=PT168H
          ROLES | student-a,student-b | roles=[student-a, student-b]
          ROLES | host_1,host_2 | roles=[host_1, host_2]
          ROLES | teacher,coteacher | roles=[teacher, coteacher]
          ROLES | teacher,co-teachers | roles=[teacher, co-teachers]
          ROLES | teacher-1,student-1 | roles=[teacher-1, student-1]
          """)
  void takesEachVariableThatIsGiven(String variable, String value, String setting) {
    variables.put(variable, value);

    assertThat(read()).asString().contains(setting);
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
      AVAILABILITY_ZONES|us-east-1a|us-west-2|us-west-2ab|us-west-2-|us-west-2-lax-1A|us-east-1-wl1-bos-wlz-1|us-west-2a,us-west-2a|us-west-2a,,us-west-2b|
      SUBNETS|us-west-2a|us-west-2a=|=subnet-0a11111111111111a|us-east-1a=subnet-0a11111111111111a|us-west-2a=subnet-1|us-west-2a:subnet-0a11111111111111a|us-west-2a=subnet-0a11111111111111a,
      SUBNETS|us-west-2a=subnet-0a11111111111111a,us-west-2a=subnet-0a11111111111111a|us-west-2a=subnet-0a11111111111111a,us-west-2b=subnet-0a11111111111111a
      ROLES|teacher,teacher|teacher;student|a-role-of-18-chars||teacher,failure|teacher,completed_by
      ROLES|student,student-1|student-12,student|teacher,co-teacher|co-teacher-1,teacher|teacher-1,co-teacher|1|teacher,7|1-1
      PROJECT_TAG|a<b|
      STACK_NAME|
      INSTANCE_TAGS|CostCentre=4711|[]|"a"|null|{"a":1}|{"a":null}|{"a":["b"]}|{"a":"b"|{"a":"b"} x|{"a":"b"},{}
      INSTANCE_METADATA_TAGS|on|true
      ROOT_DEVICE_NAME|xvda
      VOLUME_SIZE_GIB|0|-1|60GB|16385|99999999999
      VOLUME_TYPE|gp4|st1
      VOLUME_ENCRYPTED|yes
      VOLUME_KMS_KEY_ARN|alias/aws/ebs|1234abcd-12ab-34cd-96ef-1234567890ab|arn:aws:kms:us-west-2:123456789012:alias/disks|arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab
      LAUNCH_TEMPLATE|lt-0e1efa27000000001|desktop:1|lt-0e1efa27000000001:|lt-0e1efa27000000001:0|lt-0e1efa27000000001:v1|lt-0e1efa27000000001:$Latest|lt-0e1efa27000000001:$Default|lt-1:1
      MARKET|reserved|spot,spot
      IMDS_TOKENS|none
      SWEEP_GRACE|10m|PT0S|PT8M59S|P8D
      SWEEP_MODE|delete
      RECOVERY_MODE|off
      MAX_LATENESS|1h|-PT1H|P8D
      MAX_EARLINESS|1h|-PT1H|P8D
      AWS_ENDPOINT_URL|nonsense|localhost:4566
      AWS_ENDPOINT_URL_EC2|ftp://localhost
      AWS_ENDPOINT_URL_DYNAMODB|http://
      """;

  static Stream<Arguments> malformed() {
    return lines(MALFORMED);
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void namesAVariableThatIsMalformedAndOnlyThat(String variable, String value) {
    variables.put(variable, value);

    refuses()
        .withMessageStartingWith("The function's configuration is wrong: " + variable + " is ")
        .satisfies(bad -> assertThat(bad.getMessage()).doesNotContain("; "));
  }

  @Test
  void namesEverythingThatIsMissingOrWrongInOneMessage() {
    variables.clear();
    variables.put("AMI_ID", "latest");
    variables.put("MAX_LATENESS", "an hour");
    variables.put("VOLUME_SIZE_GIB", "many");
    variables.put("AWS_ENDPOINT_URL", "many");
    variables.put("AVAILABILITY_ZONES", "here,us-west-2a,there");

    refuses()
        .withMessageContainingAll(
            "IAM_PROFILE is missing or empty",
            "INSTANCE_TYPE is missing or empty",
            "KEY_NAME is missing or empty",
            "SECURITY_GROUP_IDS is missing or empty",
            "AMI_ID is \"latest\"",
            "MAX_LATENESS is \"an hour\"",
            "VOLUME_SIZE_GIB is \"many\"",
            "AWS_ENDPOINT_URL is \"many\"",
            "AVAILABILITY_ZONES is \"here\"",
            "AVAILABILITY_ZONES is \"there\"");
  }

  @Test
  void takesTheSubnetsInTheirOrderAndAsksForNoZoneWhereThereAreAny() {
    variables.put("AVAILABILITY_ZONES", "not asked");
    variables.put(
        "SUBNETS", "us-west-2b=subnet-0b22222222222222b, us-west-2-lax-1a=subnet-0a1111111");

    assertThat(read().plan().placement())
        .isEqualTo(
            new Placement.InSubnets(
                List.of(
                    new Subnet("subnet-0b22222222222222b", new Zone("us-west-2b")),
                    new Subnet("subnet-0a1111111", new Zone("us-west-2-lax-1a")))));

    variables.put("SUBNETS", " ");
    variables.put("AVAILABILITY_ZONES", "us-west-2b");
    assertThat(read().plan().placement()).isEqualTo(zones("us-west-2b"));
  }

  // A region and zones of it, in each line.
  private static final String ZONES =
      """
      us-west-2|us-west-2d|us-west-2-lax-1a|us-west-2-wl1-las-wlz-1
      us-east-1|us-east-1f|us-east-1-dfw-2a|us-east-1-wl1-bos-wlz-1|us-east-1-wl1-nyc-wlz-1
      us-gov-west-1|us-gov-west-1a
      cn-north-1|cn-north-1a
      eusc-de-east-1|eusc-de-east-1a
      """;

  static Stream<Arguments> zones() {
    return lines(ZONES);
  }

  @ParameterizedTest
  @MethodSource("zones")
  void takesTheRegionsOfEveryPartitionAndZonesOfEveryKind(String region, String zone) {
    variables.put("LAUNCH_REGION", region);
    variables.put("AVAILABILITY_ZONES", zone);

    assertThat(read().region()).isEqualTo(region);
    assertThat(read().plan().placement()).isEqualTo(zones(zone));
  }

  @Test
  void takesNoKeyForAVolumeThatIsNotEncrypted() {
    variables.put("VOLUME_KMS_KEY_ARN", "arn:aws:kms:us-west-2:123456789012:key/1234abcd");
    variables.put("VOLUME_ENCRYPTED", "false");

    refuses()
        .withMessageEndingWith(
            "key/1234abcd\", but must be absent unless VOLUME_ENCRYPTED is true");
  }

  @Test
  void saysWhyRolesMayNotBeUsedTogether() {
    variables.put("ROLES", "student,student-1");

    refuses()
        .withMessageEndingWith(
            "ROLES is wrong: an attempt for \"student\" and one for \"student-1\" could have the same"
                + " client token");
  }

  // What is said of a tag's key, and such tags, in each line.
  private static final String WRONG_TAGS =
      """
      "Project", which this function sets itself|{"Project":"x"}
      "meetingid", which this function sets itself, in any case|{"meetingid":"x"}
      "ROLE", which this function sets itself|{"a":"b","ROLE":"x"}
      "aws:x", which begins with aws:|{"aws:x":"y"}
      "AwS:", which begins with aws:|{"AwS:":"y"}
      "a", which occurs twice|{"a":"b","a":"b"}
      "A", which occurs twice, perhaps in another case|{"a":"b","c":"d","A":"e"}
      "", which must have 1 to 127 characters|{"":"x"}
      "Cost Centre", which may have only letters, digits and + - = . , _ : @|{"Cost Centre":"x"}
      "cost/centre", which may have only|{"cost/centre":"x"}
      "Kostenträger", which may have only|{"Kostenträger":"x"}
      ".", which may have only|{".":"x"}
      "..", which may have only|{"..":"x"}
      "_index", which may have only|{"_index":"x"}
      """;

  static Stream<Arguments> wrongTags() {
    return lines(WRONG_TAGS);
  }

  @ParameterizedTest
  @MethodSource("wrongTags")
  void namesTheKeyOfATagThatEc2WouldRefuse(String problem, String tags) {
    variables.put("INSTANCE_TAGS", tags);

    refuses()
        .withMessageStartingWith(
            "The function's configuration is wrong: INSTANCE_TAGS has the key " + problem);
  }

  @Test
  void takesFortyTagsAndTheLongestOnesAndNoMore() {
    variables.put("INSTANCE_TAGS", "");
    assertThat(organizationsTags()).isEmpty();
    variables.put("INSTANCE_TAGS", tags(40));
    assertThat(organizationsTags()).hasSize(40).containsEntry("k7", "v");
    variables.put("INSTANCE_TAGS", tags(41));
    refuses().withMessageEndingWith("INSTANCE_TAGS is \"41 tags\", but must be at most 40");

    String key = "k".repeat(127);
    String value = "ü".repeat(256);
    variables.put("INSTANCE_TAGS", "{\"%s\":\"%s\"}".formatted(key, value));
    assertThat(organizationsTags()).isEqualTo(Map.of(key, value));
    for (String tooLong :
        List.of(
            "{\"k%s\":\"%s\"}".formatted(key, value), "{\"%s\":\"%sü\"}".formatted(key, value))) {
      variables.put("INSTANCE_TAGS", tooLong);
      refuses()
          .withMessageContainingAll(
              "INSTANCE_TAGS has the key \"",
              key,
              "1 to 127 characters, and its value at most 256");
    }
  }

  @Test
  void takesKeysThatTheMetadataCannotShowWhereItShowsNone() {
    variables.put("INSTANCE_METADATA_TAGS", "disabled");
    variables.put("INSTANCE_TAGS", "{\"a b\":\"1\",\"c/d\":\"2\",\"..\":\"3\"}");

    assertThat(organizationsTags()).isEqualTo(Map.of("a b", "1", "c/d", "2", "..", "3"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"$", "$$", "a$b", "${AMI_ID}", "${AMI_ID:x}", "\\${AMI_ID}", "${nothing}", "${"})
  void takesEveryValueLiterally(String key) {
    variables.put("KEY_NAME", key);

    assertThat(read().plan().template().keyName()).isEqualTo(key);
  }

  @Test
  void takesAnEmptyEndpointForAnAbsentOne() {
    variables.put("AWS_ENDPOINT_URL", "http://localhost:4566");
    variables.put("AWS_ENDPOINT_URL_EC2", "");
    variables.put("AWS_ENDPOINT_URL_DYNAMODB", " ");
    read();

    SdkVariables sdk = new SdkVariables(variables);
    assertThat(Stream.of("EC2", "DYNAMODB").map(sdk::endpoint))
        .containsExactly(
            Optional.of(URI.create("http://localhost:4566")),
            Optional.of(URI.create("http://localhost:4566")));
    variables.put("AWS_ENDPOINT_URL", "");
    assertThat(sdk.endpoint("EC2")).isEmpty();
  }

  // The first field of each line with each of the others.
  private static Stream<Arguments> lines(String table) {
    return table
        .lines()
        .map(line -> line.split("\\|", -1))
        .flatMap(
            fields -> Arrays.stream(fields).skip(1).map(value -> Arguments.of(fields[0], value)));
  }

  private static Placement zones(String... names) {
    return new Placement.InZones(Stream.of(names).map(Zone::new).toList());
  }

  private static String tags(int number) {
    return IntStream.range(0, number)
        .mapToObj("\"k%d\":\"v\""::formatted)
        .collect(Collectors.joining(",", "{", "}"));
  }

  private Map<String, String> organizationsTags() {
    Map<String, String> tags = new HashMap<>(read().plan().tags());
    assertThat(tags.keySet().removeAll(List.of("Project", "LaunchedBy"))).isTrue();
    return tags;
  }

  private ThrowableAssertAlternative<BadConfiguration> refuses() {
    return assertThatExceptionOfType(BadConfiguration.class).isThrownBy(this::read);
  }

  private Settings read() {
    return Settings.of(
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(variables, "test", 100))
            .build());
  }
}
