package io.elephant.launcher.graal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.graalvm.nativeimage.hosted.Feature;
import org.graalvm.nativeimage.hosted.RuntimeClassInitialization;
import org.graalvm.nativeimage.hosted.RuntimeReflection;
import org.graalvm.nativeimage.hosted.RuntimeResourceAccess;

/**
 * Makes the AWS SDK work in a native executable: it finds its interceptors by names in files, and
 * some of its classes hold a random generator, whose seed must not be that of the build.
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
  }

  @Override
  public void beforeAnalysis(BeforeAnalysisAccess access) {
    ClassLoader loader = access.getApplicationClassLoader();
    for (String path : INTERCEPTORS) {
      try (InputStream file = loader.getResourceAsStream(path)) {
        if (file != null) {
          RuntimeResourceAccess.addResource(loader.getUnnamedModule(), path);
          new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .forEach(name -> register(access.findClassByName(name)));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void register(Class<?> interceptor) {
    RuntimeReflection.register(interceptor);
    RuntimeReflection.register(interceptor.getDeclaredConstructors());
  }
}
