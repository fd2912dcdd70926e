package io.elephant.launcher.graal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.RecomputeFieldValue;
import com.oracle.svm.core.annotate.TargetClass;
import io.quarkus.amazon.lambda.runtime.AmazonLambdaMapperRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The object mapper that Quarkus makes at build time for handlers with typed events. Ours reads and
 * writes streams; the three uses that are left are replaced beside this.
 */
@TargetClass(AmazonLambdaMapperRecorder.class)
final class WithoutObjectMapper {

  @Alias
  @RecomputeFieldValue(kind = RecomputeFieldValue.Kind.Reset)
  static @Nullable ObjectMapper objectMapper;

  @Alias
  @RecomputeFieldValue(kind = RecomputeFieldValue.Kind.Reset)
  static @Nullable ObjectReader cognitoIdReader;

  @Alias
  @RecomputeFieldValue(kind = RecomputeFieldValue.Kind.Reset)
  static @Nullable ObjectReader clientCtxReader;
}
