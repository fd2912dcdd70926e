package io.elephant.launcher.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/**
 * What AWS's runtime for Java does around the packaged function: polls for events and hands them to
 * the function's handler.
 *
 * <p>Quarkus builds such a loop into the native executable only. As AWS's, this one reports every
 * throwable, an {@link Error} too. It ends when the runtime API is gone.
 */
final class JvmBootstrap {

  private static final String REQUEST_ID = "Lambda-Runtime-Aws-Request-Id";

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
    if (event.statusCode() != 200) {
      throw new IOException("HTTP " + event.statusCode());
    }
    String invocation = "invocation/" + event.headers().firstValue(REQUEST_ID).orElseThrow();
    var output = new ByteArrayOutputStream();
    try {
      handler.handleRequest(
          new ByteArrayInputStream(event.body()), output, context(event.headers()));
    } catch (Throwable failure) {
      report(invocation + "/error", failure);
      return;
    }
    post(request(invocation + "/response"), output.toByteArray());
  }

  private void report(String path, Throwable failure) throws IOException, InterruptedException {
    var report =
        JsonNodeFactory.instance
            .objectNode()
            .put("errorType", failure.getClass().getName())
            .put("errorMessage", failure.getMessage());
    post(request(path), report.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void post(HttpRequest.Builder request, byte[] body)
      throws IOException, InterruptedException {
    request.header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(body));
    http.send(request.build(), BodyHandlers.discarding());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path));
  }

  /** An invocation as the handler sees it, with what the function asks of it. */
  private static Context context(HttpHeaders headers) {
    long deadline = headers.firstValueAsLong("Lambda-Runtime-Deadline-Ms").orElseThrow();
    return (Context)
        Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (_, method, _) ->
                switch (method.getName()) {
                  case "getAwsRequestId" -> headers.firstValue(REQUEST_ID).orElseThrow();
                  case "getRemainingTimeInMillis" ->
                      Math.toIntExact(deadline - System.currentTimeMillis());
                  case "getInvokedFunctionArn" ->
                      headers.firstValue("Lambda-Runtime-Invoked-Function-Arn").orElseThrow();
                  case "getLogger" -> LambdaRuntime.getLogger();
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
