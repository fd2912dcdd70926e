package io.elephant.launcher;

import io.elephant.launcher.local.LocalAws;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts the stand-ins for a test of Quarkus's, and points the function and its SDK at them. */
public final class AwsOnThisMachine implements QuarkusTestResourceLifecycleManager {

  /** What the SDK calls a variable where it is a system property. */
  private static final Map<String, String> SDK_PROPERTIES =
      Map.of(
          "AWS_ENDPOINT_URL_EC2", "aws.endpointUrlEc2",
          "AWS_ENDPOINT_URL_DYNAMODB", "aws.endpointUrlDynamoDb",
          "AWS_ACCESS_KEY_ID", "aws.accessKeyId",
          "AWS_SECRET_ACCESS_KEY", "aws.secretAccessKey",
          "AWS_EC2_METADATA_DISABLED", "aws.disableEc2Metadata");

  private @Nullable LocalAws aws;

  @Override
  public Map<String, String> start() {
    LocalAws started = LocalAws.start();
    aws = started;
    Map<String, String> properties = new LinkedHashMap<>();
    started
        .environment()
        .forEach((name, value) -> properties.put(SDK_PROPERTIES.getOrDefault(name, name), value));
    // Another region than the one that the function launches in, as on Lambda.
    properties.put("aws.region", "eu-central-1");
    // In a JVM test the SDK runs in this process and looks nowhere else.
    SDK_PROPERTIES.values().forEach(name -> System.setProperty(name, properties.get(name)));
    System.setProperty("aws.region", "eu-central-1");
    return properties;
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(aws, new TestInjector.MatchesType(LocalAws.class));
  }

  @Override
  public void stop() {
    SDK_PROPERTIES.values().forEach(System::clearProperty);
    System.clearProperty("aws.region");
    if (aws != null) {
      aws.close();
    }
  }
}
