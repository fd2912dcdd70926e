package io.elephant.launcher.aws;

import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Says which host did not answer, which the SDK's own exception leaves out. */
public final class NamesHost implements ExecutionInterceptor {

  @Override
  public Throwable modifyException(Context.FailedExecution call, ExecutionAttributes attributes) {
    return call.exception() instanceof SdkClientException e && call.httpRequest().isPresent()
        ? SdkClientException.create(
            "%s does not answer: %s".formatted(call.httpRequest().get().host(), e.getCause()), e)
        : call.exception();
  }
}
