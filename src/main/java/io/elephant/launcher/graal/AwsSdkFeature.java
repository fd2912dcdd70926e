package io.elephant.launcher.graal;

import io.elephant.launcher.aws.JdkHttpClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.graalvm.nativeimage.hosted.Feature;
import org.graalvm.nativeimage.hosted.RuntimeClassInitialization;
import org.graalvm.nativeimage.hosted.RuntimeReflection;
import org.graalvm.nativeimage.hosted.RuntimeResourceAccess;
import org.graalvm.nativeimage.hosted.RuntimeSystemProperties;

/**
 * Makes the AWS SDK work in a native executable: it finds its interceptors by the names in files of
 * its jars, and some of its classes hold a random generator, whose seed must not be the build's.
 */
public final class AwsSdkFeature implements Feature {

  private static final List<String> INTERCEPTORS =
      List.of(
          "software/amazon/awssdk/global/handlers/execution.interceptors",
          "software/amazon/awssdk/services/dynamodb/execution.interceptors",
          "software/amazon/awssdk/services/ec2/execution.interceptors");

  private static final List<String> RANDOM =
      List.of(
          "software.amazon.awssdk.core.retry.backoff.FullJitterBackoffStrategy",
          "software.amazon.awssdk.services.dynamodb.DynamoDbRetryPolicy",
          "software.amazon.awssdk.utils.cache.CachedSupplier");

  @Override
  public void afterRegistration(AfterRegistrationAccess access) {
    RANDOM.forEach(RuntimeClassInitialization::initializeAtRunTime);
    System.setProperty(JdkHttpClient.NO_REPETITION, "false");
  }

  @Override
  public void beforeAnalysis(BeforeAnalysisAccess access) {
    RuntimeSystemProperties.register(JdkHttpClient.NO_REPETITION, "false");
    ClassLoader loader = access.getApplicationClassLoader();
    for (String path : INTERCEPTORS) {
      // Not every service has such a file.
      try (InputStream file = loader.getResourceAsStream(path)) {
        if (file != null) {
          RuntimeResourceAccess.addResource(loader.getUnnamedModule(), path);
          new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .forEach(name -> register(name, access));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void register(String name, BeforeAnalysisAccess access) {
    Class<?> interceptor = Objects.requireNonNull(access.findClassByName(name), name);
    RuntimeReflection.register(interceptor);
    RuntimeReflection.register(interceptor.getDeclaredConstructors());
  }
}
