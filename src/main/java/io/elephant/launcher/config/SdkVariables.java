package io.elephant.launcher.config;

import static software.amazon.awssdk.core.SdkSystemSetting.AWS_DEFAULTS_MODE;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_DISABLE_REQUEST_COMPRESSION;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_MAX_ATTEMPTS;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_RETRY_MODE;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_USE_DUALSTACK_ENDPOINT;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_USE_FIPS_ENDPOINT;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkSystemSetting;

/**
 * The AWS SDK's own variables. The SDK takes one that is empty for malformed, and says of a
 * malformed one only that it is, without its name; here an empty one counts as absent.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html">Settings
 *     reference of the AWS SDKs</a>
 */
record SdkVariables(Map<String, String> variables) {

  private static final String TRUE_OR_FALSE = "(?i)true|false";

  /** A variable, what it may be, and what stands for its absence. */
  private record Setting(SdkSystemSetting name, String pattern, String wanted, String absent) {}

  private static final List<Setting> SETTINGS =
      List.of(
          new Setting(AWS_MAX_ATTEMPTS, "[1-9][0-9]{0,2}", "a whole number, such as 3", "3"),
          new Setting(
              AWS_RETRY_MODE,
              "(?i)legacy|standard|adaptive",
              "legacy, standard or adaptive",
              "legacy"),
          new Setting(
              AWS_DEFAULTS_MODE,
              "(?i)legacy|standard|cross-region|in-region|mobile|auto",
              "legacy, standard, cross-region, in-region, mobile or auto",
              "legacy"),
          trueOrFalse(AWS_USE_FIPS_ENDPOINT),
          trueOrFalse(AWS_USE_DUALSTACK_ENDPOINT),
          trueOrFalse(AWS_IGNORE_CONFIGURED_ENDPOINT_URLS),
          trueOrFalse(AWS_DISABLE_REQUEST_COMPRESSION),
          new Setting(
              AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES,
              "[0-9]{1,8}",
              "a whole number of bytes",
              "10240"));

  private static final String ENDPOINT = "AWS_ENDPOINT_URL";

  /** The services that have a variable of their own for their endpoint. */
  private static final List<String> SERVICES = List.of("EC2", "DYNAMODB");

  private static Setting trueOrFalse(SdkSystemSetting name) {
    return new Setting(name, TRUE_OR_FALSE, "true or false", "false");
  }

  /** Those of the process. */
  static SdkVariables ofProcess() {
    return new SdkVariables(System.getenv());
  }

  void check(Problems problems) {
    SETTINGS.forEach(setting ->
        value(setting.name().environmentVariable())
            .ifPresent(value ->
                problems.check(
                    value.matches(setting.pattern()),
                    setting.name().environmentVariable(),
                    value,
                    setting.wanted())));
    endpoints()
        .forEach(name ->
            value(name)
                .ifPresent(value ->
                    problems.check(
                        url(value).isPresent(),
                        name,
                        value,
                        "a URL, such as http://localhost:4566")));
  }

  /** The SDK asks its system properties first, so that they can stand for an empty variable. */
  void hideEmpty() {
    SETTINGS.stream()
        .filter(setting -> isEmpty(setting.name().environmentVariable()))
        .forEach(setting -> setProperty(setting.name(), setting.absent()));
    if (endpoints().anyMatch(this::isEmpty)) {
      setProperty(AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, "true");
    }
  }

  /** A service's endpoint, if one is configured. */
  Optional<URI> endpoint(String service) {
    boolean ignored =
        value(AWS_IGNORE_CONFIGURED_ENDPOINT_URLS.environmentVariable())
            .filter("true"::equalsIgnoreCase)
            .isPresent();
    return ignored
        ? Optional.empty()
        : value(ENDPOINT + "_" + service).or(() -> value(ENDPOINT)).flatMap(SdkVariables::url);
  }

  private static Stream<String> endpoints() {
    return Stream.concat(
        Stream.of(ENDPOINT), SERVICES.stream().map(service -> ENDPOINT + "_" + service));
  }

  private boolean isEmpty(String name) {
    return variables.getOrDefault(name, "x").isBlank();
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  private static void setProperty(SdkSystemSetting setting, String value) {
    if (System.getProperty(setting.property()) == null) {
      System.setProperty(setting.property(), value);
    }
  }

  private static Optional<URI> url(String text) {
    try {
      return Optional.of(new URI(text.strip()))
          .filter(uri ->
              uri.getHost() != null && String.valueOf(uri.getScheme()).matches("(?i)https?"));
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }
}
