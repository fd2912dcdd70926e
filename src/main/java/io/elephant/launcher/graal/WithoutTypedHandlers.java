package io.elephant.launcher.graal;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.quarkus.amazon.lambda.runtime.AmazonLambdaRecorder;

@TargetClass(AmazonLambdaRecorder.class)
final class WithoutTypedHandlers {

  @Substitute
  @SuppressWarnings("DoNotCallSuggester")
  static void initializeHandlerClass(AmazonLambdaRecorder.RequestHandlerDefinition definition) {
    throw new IllegalStateException("Only stream handlers are in this executable");
  }
}
