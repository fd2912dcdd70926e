package io.elephant.launcher.graal;

import com.fasterxml.jackson.databind.ObjectReader;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import org.jspecify.annotations.Nullable;

/**
 * Who a mobile app's user is, and what the app says of itself: headers of an invocation that
 * Quarkus binds to objects for the handler's context, where ours does not look.
 */
@TargetClass(ObjectReader.class)
final class WithoutBoundHeaders {

  @Substitute
  public @Nullable Object readValue(String content) {
    return null;
  }
}
