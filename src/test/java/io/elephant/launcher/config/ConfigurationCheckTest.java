package io.elephant.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.ec2.Stack;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.sweep.Sweep;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationCheckTest {

  private final Map<String, String> variables = new HashMap<>();

  ConfigurationCheckTest() {
    variables.put("AMI_ID", "ami-0e7fd79d17e852d18");
    variables.put("IAM_PROFILE", "EC2-S3-ReadOnly-Role");
    variables.put("INSTANCE_TYPE", "t3.large");
    variables.put("KEY_NAME", "shaundano-elephant");
    variables.put("SECURITY_GROUP_IDS", "sg-0123456789abcdef0, sg-0fedcba9876543210");
  }

  @Test
  void needsNothingButTheFiveThatHaveNoDefault() {
    Settings settings = check();

    assertThat(settings.region().id()).isEqualTo("us-west-2");
    assertThat(settings.table().name()).isEqualTo("elephant-meetings");
    assertThat(settings.plan().roles())
        .extracting(Object::toString)
        .containsExactly("teacher", "student");
    assertThat(settings.plan().zones())
        .extracting(Zone::name)
        .containsExactly("us-west-2a", "us-west-2b", "us-west-2c");
    assertThat(settings.plan().maxLateness()).isEqualTo(Duration.ofHours(1));
    assertThat(settings.plan().machine().project()).isEqualTo("Elephant");
    assertThat(settings.plan().machine().imdsTokens()).isEqualTo(ImdsTokens.REQUIRED);
    assertThat(settings.plan().instanceTypes()).containsExactly("t3.large");
    assertThat(settings.plan().markets()).containsExactly(Market.ON_DEMAND);
    assertThat(settings.stack()).isEqualTo(new Stack("elephant-launch-ec2", "Elephant"));
    assertThat(settings.sweepGrace()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.sweepMode()).isEqualTo(Sweep.Mode.REPORT);
    assertThat(settings.plan().machine().rootVolume())
        .isEqualTo(new RootVolume("/dev/xvda", 60, "gp2", true));
    assertThat(settings.plan().machine().securityGroupIds())
        .containsExactly("sg-0123456789abcdef0", "sg-0fedcba9876543210");
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      emptyValue = "",
      value = {
        "AMI_ID|ami-123",
        "AMI_ID|i-0e7fd79d17e852d18",
        "AMI_ID|ami-0E7FD79D17E852D18",
        "IAM_PROFILE|arn:aws:iam::123456789012:instance-profile/desk",
        "IAM_PROFILE|a b",
        "INSTANCE_TYPE|t3",
        "INSTANCE_TYPE|large",
        "INSTANCE_TYPE|t3 large",
        "KEY_NAME|schlüssel",
        "SECURITY_GROUP_IDS|default",
        "SECURITY_GROUP_IDS|sg-0123456789abcdef0,",
        "SECURITY_GROUP_IDS|sg-0123456789abcdef0;sg-0fedcba9876543210",
        "SECURITY_GROUP_IDS|sg-0123456789abcdef0,sg-0123456789abcdef0",
        "TABLE_NAME|ab",
        "TABLE_NAME|elephant meetings",
        "TABLE_NAME|``",
        "LAUNCH_REGION|Oregon",
        "LAUNCH_REGION|us-west",
        "LAUNCH_REGION|``",
        "AVAILABILITY_ZONES|us-east-1a",
        "AVAILABILITY_ZONES|us-west-2",
        "AVAILABILITY_ZONES|us-west-2a,us-west-2a",
        "AVAILABILITY_ZONES|us-west-2a,,us-west-2b",
        "AVAILABILITY_ZONES|``",
        "ROLES|teacher,teacher",
        "ROLES|teacher;student",
        "ROLES|a-role-of-18-chars",
        "ROLES|``",
        "PROJECT_TAG|a<b",
        "PROJECT_TAG|``",
        "ROOT_DEVICE_NAME|xvda",
        "VOLUME_SIZE_GIB|0",
        "VOLUME_SIZE_GIB|-1",
        "VOLUME_SIZE_GIB|60GB",
        "VOLUME_SIZE_GIB|16385",
        "VOLUME_SIZE_GIB|99999999999",
        "VOLUME_TYPE|gp4",
        "VOLUME_TYPE|st1",
        "INSTANCE_TYPE|t3.large,",
        "INSTANCE_TYPE|t3.large,t3.large",
        "MARKET|reserved",
        "MARKET|spot,spot",
        "IMDS_TOKENS|none",
        "VOLUME_ENCRYPTED|yes",
        "STACK_NAME|``",
        "SWEEP_GRACE|10m",
        "SWEEP_MODE|delete",
        "ROLES|teacher,failure",
        "MAX_LATENESS|1h",
        "MAX_LATENESS|-PT1H",
        "MAX_LATENESS|P8D",
      })
  void namesAVariableThatIsMalformedAndOnlyThat(String variable, String value) {
    variables.put(variable, value);

    assertThatExceptionOfType(BadConfiguration.class)
        .isThrownBy(this::check)
        .withMessageStartingWith("The function's configuration is wrong: " + variable + " is ")
        .satisfies(bad -> assertThat(bad.getMessage()).doesNotContain(";  "));
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
    String longestId = "m".repeat(io.elephant.launcher.id.MeetingId.MAX_LENGTH);
    String longestRole = "r".repeat(io.elephant.launcher.id.Role.MAX_LENGTH);

    assertThat(longestId + "-" + longestRole + "-99999").hasSizeLessThanOrEqualTo(64);
  }

  private Settings check() {
    return ConfigurationCheck.settings(
        new SmallRyeConfigBuilder()
            .withMapping(Environment.class)
            .withSources(new PropertiesConfigSource(variables, "test", 100))
            .build()
            .getConfigMapping(Environment.class));
  }
}
