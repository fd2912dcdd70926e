package io.elephant.launcher.local;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;

/**
 * What AWS's runtime for Java does around the packaged function: polls for events and hands them to
 * the function's handler.
 *
 * <p>Quarkus builds such a loop into the native executable only. As AWS's, this one reports every
 * throwable, an {@link Error} too. It ends when the runtime API is gone.
 */
final class JvmBootstrap {

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base =
      "http://" + System.getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/";

  private JvmBootstrap() {}

  /** Runs until the runtime API is gone. */
  public static void main(String[] arguments) throws InterruptedException {
    try {
      new JvmBootstrap().run();
    } catch (IOException e) {
      System.err.println("The runtime API is gone: " + e);
    }
    System.exit(1);
  }

  private void run() throws IOException, InterruptedException {
    RequestStreamHandler handler;
    try {
      handler = new QuarkusStreamHandler();
    } catch (Throwable failure) {
      failure.printStackTrace();
      report("init/error", failure);
      return;
    }
    while (true) {
      invoke(handler);
    }
  }

  private void invoke(RequestStreamHandler handler) throws IOException, InterruptedException {
    HttpResponse<byte[]> event =
        http.send(request("invocation/next").build(), BodyHandlers.ofByteArray());
    var invocation = Invocation.of(event.headers());
    var output = new ByteArrayOutputStream();
    try {
      handler.handleRequest(new ByteArrayInputStream(event.body()), output, invocation);
    } catch (Throwable failure) {
      report("invocation/" + invocation.getAwsRequestId() + "/error", failure);
      return;
    }
    post(request("invocation/" + invocation.getAwsRequestId() + "/response"), output.toByteArray());
  }

  private void report(String path, Throwable failure) throws IOException, InterruptedException {
    String type = failure.getClass().getName();
    post(
        request(path).header(RuntimeApi.ERROR_TYPE_HEADER, type),
        new JsonMapper().writeValueAsBytes(new Report(type, failure.getMessage())));
  }

  private void post(HttpRequest.Builder request, byte[] body)
      throws IOException, InterruptedException {
    request.header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(body));
    http.send(request.build(), BodyHandlers.discarding());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path));
  }

  /** A failure as the runtime API wants it. */
  private record Report(String errorType, @Nullable String errorMessage) {}

  /** An invocation as the handler sees it. */
  private record Invocation(String getAwsRequestId, String getInvokedFunctionArn, long deadline)
      implements Context {

    private static Invocation of(HttpHeaders headers) {
      return new Invocation(
          headers.firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow(),
          headers.firstValue("Lambda-Runtime-Invoked-Function-Arn").orElseThrow(),
          headers.firstValueAsLong("Lambda-Runtime-Deadline-Ms").orElseThrow());
    }

    @Override
    public int getRemainingTimeInMillis() {
      return Math.toIntExact(deadline - System.currentTimeMillis());
    }

    @Override
    public String getLogGroupName() {
      return System.getenv("AWS_LAMBDA_LOG_GROUP_NAME");
    }

    @Override
    public String getLogStreamName() {
      return System.getenv("AWS_LAMBDA_LOG_STREAM_NAME");
    }

    @Override
    public String getFunctionName() {
      return System.getenv("AWS_LAMBDA_FUNCTION_NAME");
    }

    @Override
    public String getFunctionVersion() {
      return System.getenv("AWS_LAMBDA_FUNCTION_VERSION");
    }

    @Override
    public int getMemoryLimitInMB() {
      return Integer.parseInt(System.getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
    }

    @Override
    public @Nullable CognitoIdentity getIdentity() {
      return null;
    }

    @Override
    public @Nullable ClientContext getClientContext() {
      return null;
    }

    @Override
    public LambdaLogger getLogger() {
      return LambdaRuntime.getLogger();
    }
  }
}
