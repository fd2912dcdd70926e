package io.elephant.launcher.graal;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.quarkus.amazon.lambda.runtime.AmazonLambdaRecorder;

/** Handlers whose events are bound to objects: ours is the other kind, and the only one. */
@TargetClass(AmazonLambdaRecorder.class)
final class WithoutTypedHandlers {

  @Substitute
  @SuppressWarnings("DoNotCallSuggester") // Native Image replaces a method of Quarkus with it.
  static void initializeHandlerClass(AmazonLambdaRecorder.RequestHandlerDefinition definition) {
    throw new IllegalStateException("Only stream handlers are in this executable");
  }
}
