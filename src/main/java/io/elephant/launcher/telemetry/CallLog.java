package io.elephant.launcher.telemetry;

import io.elephant.launcher.aws.AwsError;
import io.elephant.launcher.failure.Verdict;
import java.time.Duration;
import java.util.Optional;
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
    Optional<String> requestId =
        call.response() instanceof AwsResponse answer
            ? Optional.ofNullable(answer.responseMetadata()).map(data -> data.requestId())
            : Optional.empty();
    add(call.request(), attributes, requestId, Optional.empty(), false);
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution call, ExecutionAttributes attributes) {
    Optional<String> requestId =
        call.exception() instanceof AwsServiceException answer
            ? Optional.ofNullable(answer.requestId())
            : Optional.empty();
    if (call.exception() instanceof SdkException failure) {
      AwsError error = AwsError.of(failure);
      add(
          call.request(),
          attributes,
          requestId,
          Optional.of(error.refusal().code()),
          error.verdict() == Verdict.THROTTLED);
    } else {
      String name = call.exception().getClass().getSimpleName();
      add(call.request(), attributes, requestId, Optional.of(name), false);
    }
  }

  private static void add(
      SdkRequest request,
      ExecutionAttributes attributes,
      Optional<String> requestId,
      Optional<String> errorCode,
      boolean throttled) {
    if (InvocationLog.CURRENT.isBound()) {
      long now = System.nanoTime();
      long started = attributes.getOptionalAttribute(STARTED).orElse(now);
      InvocationLog log = InvocationLog.CURRENT.get();
      log.add(
          new Call(
              attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME),
              request.getValueForField("ClientToken", String.class),
              log.at(started),
              Duration.ofNanos(now - started),
              requestId,
              errorCode,
              throttled));
    }
  }
}
