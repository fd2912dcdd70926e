package io.elephant.launcher.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.amazon.lambda.runtime.AmazonLambdaContext;
import io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * What AWS's runtime for Java does around the packaged function: polls for events and hands them to
 * the function's handler.
 *
 * <p>Quarkus builds such a loop into the native executable only. As AWS's, this one reports every
 * throwable, an {@link Error} too. It ends when the runtime API is gone.
 */
final class JvmBootstrap {

  private static final String BASE =
      "http://" + System.getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/";

  private JvmBootstrap() {}

  public static void main(String[] arguments) {
    try {
      run();
    } catch (IOException e) {
      System.err.println("The runtime API is gone: " + e);
    }
    System.exit(1);
  }

  private static void run() throws IOException {
    RequestStreamHandler handler;
    try {
      handler = new QuarkusStreamHandler();
    } catch (Throwable failure) {
      failure.printStackTrace();
      post("init/error", report(failure));
      return;
    }
    while (true) {
      HttpURLConnection next = open("invocation/next");
      byte[] event = next.getInputStream().readAllBytes();
      var context = new AmazonLambdaContext(next, null, null);
      String invocation = "invocation/" + context.getAwsRequestId();
      var output = new ByteArrayOutputStream();
      byte[] failed = null;
      try {
        handler.handleRequest(new ByteArrayInputStream(event), output, context);
      } catch (Throwable failure) {
        failed = report(failure);
      }
      post(
          invocation + (failed == null ? "/response" : "/error"),
          failed == null ? output.toByteArray() : failed);
    }
  }

  private static byte[] report(Throwable failure) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("errorType", failure.getClass().getName())
        .put("errorMessage", failure.getMessage())
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void post(String path, byte[] body) throws IOException {
    HttpURLConnection request = open(path);
    request.setRequestProperty("Content-Type", "application/json");
    request.setDoOutput(true);
    request.getOutputStream().write(body);
    request.getInputStream().readAllBytes();
  }

  private static HttpURLConnection open(String path) throws IOException {
    return (HttpURLConnection) URI.create(BASE + path).toURL().openConnection();
  }
}
