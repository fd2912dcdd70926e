package io.elephant.launcher.config;

import static software.amazon.awssdk.core.SdkSystemSetting.AWS_DEFAULTS_MODE;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_DISABLE_REQUEST_COMPRESSION;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_USE_DUALSTACK_ENDPOINT;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_USE_FIPS_ENDPOINT;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkSystemSetting;

/** The AWS SDK's own variables. An empty one counts as absent; the SDK would refuse it. */
record SdkVariables(Map<String, String> environment) {

  /** What an empty one stands for, of those that the SDK would refuse. */
  private static final Map<SdkSystemSetting, String> DEFAULTS =
      Map.of(
          AWS_DEFAULTS_MODE, "legacy",
          AWS_USE_FIPS_ENDPOINT, "false",
          AWS_USE_DUALSTACK_ENDPOINT, "false",
          AWS_DISABLE_REQUEST_COMPRESSION, "false");

  static SdkVariables ofProcess() {
    return new SdkVariables(System.getenv());
  }

  /** A service's endpoint, such as that of {@code EC2}, if one is configured. */
  Optional<URI> endpoint(String service) {
    return value(AWS_IGNORE_CONFIGURED_ENDPOINT_URLS.name())
            .filter("true"::equalsIgnoreCase)
            .isPresent()
        ? Optional.empty()
        : value("AWS_ENDPOINT_URL_" + service).or(() -> value("AWS_ENDPOINT_URL")).map(URI::create);
  }

  /** The SDK asks its system properties first, so that they can stand for an empty variable. */
  void hideEmpty() {
    DEFAULTS.forEach((setting, absent) -> {
      if (isEmpty(setting.name())) {
        System.getProperties().putIfAbsent(setting.property(), absent);
      }
    });
    // For an empty endpoint it is told to look for none: the clients are handed theirs.
    if (environment.keySet().stream()
        .anyMatch(name -> name.startsWith("AWS_ENDPOINT_URL") && isEmpty(name))) {
      System.setProperty(AWS_IGNORE_CONFIGURED_ENDPOINT_URLS.property(), "true");
    }
  }

  private boolean isEmpty(String name) {
    return environment.containsKey(name) && value(name).isEmpty();
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(name))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }
}
