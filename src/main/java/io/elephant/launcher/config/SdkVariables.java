package io.elephant.launcher.config;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkSystemSetting;

/** The AWS SDK's own variables. An empty one counts as absent; the SDK would refuse it. */
record SdkVariables(Map<String, String> environment) {

  private static final String ENDPOINT = "AWS_ENDPOINT_URL";

  static SdkVariables ofProcess() {
    return new SdkVariables(System.getenv());
  }

  /** A service's endpoint, such as that of {@code EC2}, if one is configured. */
  Optional<URI> endpoint(String service) {
    return value("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").filter("true"::equalsIgnoreCase).isPresent()
        ? Optional.empty()
        : value(ENDPOINT + "_" + service).or(() -> value(ENDPOINT)).map(URI::create);
  }

  /** The SDK asks its system properties first, so that they can stand for an empty variable. */
  void hideEmpty() {
    Stream.of(Variable.values())
        .filter(variable -> variable.isOfSdk() && environment.containsKey(variable.name()))
        .filter(variable -> value(variable.name()).isEmpty())
        .forEach(variable -> {
          if (variable.name().contains("ENDPOINT_URL")) {
            // The clients are handed their endpoints.
            hide(SdkSystemSetting.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, "true");
          } else {
            hide(SdkSystemSetting.valueOf(variable.name()), variable.byDefault());
          }
        });
  }

  private static void hide(SdkSystemSetting setting, String value) {
    if (System.getProperty(setting.property()) == null) {
      System.setProperty(setting.property(), value);
    }
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(name))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }
}
