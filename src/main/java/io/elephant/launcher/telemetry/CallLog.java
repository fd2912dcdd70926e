package io.elephant.launcher.telemetry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elephant.launcher.aws.AwsError;
import io.elephant.launcher.failure.Verdict;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Adds each call of an SDK client to the log of the invocation that makes it. */
public final class CallLog implements ExecutionInterceptor {

  /**
   * The SDK takes a name once in a process, and Quarkus's dev mode loads this class again after an
   * edit.
   */
  private static final ExecutionAttribute<Long> STARTED =
      new ExecutionAttribute<>("Started, for " + System.identityHashCode(CallLog.class));

  @Override
  public void beforeExecution(Context.BeforeExecution call, ExecutionAttributes attributes) {
    attributes.putAttribute(STARTED, System.nanoTime());
  }

  @Override
  public void afterExecution(Context.AfterExecution call, ExecutionAttributes attributes) {
    String requestId =
        call.response() instanceof AwsResponse answer && answer.responseMetadata() != null
            ? answer.responseMetadata().requestId()
            : null;
    add(call.request(), attributes, requestId, null, false);
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution call, ExecutionAttributes attributes) {
    String requestId =
        call.exception() instanceof AwsServiceException answer ? answer.requestId() : null;
    String code = call.exception().getClass().getSimpleName();
    boolean isThrottled = false;
    if (call.exception() instanceof SdkException failure) {
      AwsError error = AwsError.of(failure);
      code = error.refusal().code();
      isThrottled = error.verdict() == Verdict.THROTTLED;
    }
    add(call.request(), attributes, requestId, code, isThrottled);
  }

  private static void add(
      SdkRequest request,
      ExecutionAttributes attributes,
      @Nullable String requestId,
      @Nullable String errorCode,
      boolean isThrottled) {
    if (InvocationLog.CURRENT.isBound()) {
      InvocationLog log = InvocationLog.CURRENT.get();
      long now = System.nanoTime();
      long started = attributes.getOptionalAttribute(STARTED).orElse(now);
      String token = request.getValueForField("ClientToken", String.class).orElse(null);
      ObjectNode call =
          Fields.none()
              .put("call", attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME))
              .put("afterMs", log.millisAt(started))
              .put("clientToken", token)
              .put("awsRequestId", requestId)
              .put("ms", Duration.ofNanos(now - started).toMillis())
              .put("errorCode", errorCode);
      log.addCall(call, isThrottled);
    }
  }
}
