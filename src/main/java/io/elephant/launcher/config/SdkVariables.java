package io.elephant.launcher.config;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
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

  /**
   * The SDK asks its system properties first, so that they can stand for an empty variable. For an
   * empty endpoint it is told to look for none: the clients are handed theirs.
   */
  void hideEmpty() {
    for (Variable variable : Variable.values()) {
      String name = variable.name();
      if (variable.isOfSdk() && environment.containsKey(name) && value(name).isEmpty()) {
        boolean isEndpoint = name.startsWith(ENDPOINT);
        SdkSystemSetting setting =
            isEndpoint
                ? SdkSystemSetting.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
                : SdkSystemSetting.valueOf(name);
        System.getProperties()
            .putIfAbsent(setting.property(), isEndpoint ? "true" : variable.byDefault());
      }
    }
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(name))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }
}
