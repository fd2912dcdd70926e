package io.elephant.launcher.graal;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.quarkus.amazon.lambda.runtime.AbstractLambdaPollLoop;
import io.quarkus.amazon.lambda.runtime.FunctionError;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;

/**
 * Reports a failed invocation, or a failed start, as Quarkus does with its object mapper, and with
 * the header that the runtime API has for the type, which Quarkus leaves out.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Using the Lambda
 *     runtime API</a>
 */
@TargetClass(AbstractLambdaPollLoop.class)
final class ErrorReport {

  @Substitute
  void postError(URL url, Object response) throws IOException {
    FunctionError error = (FunctionError) response;
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("Lambda-Runtime-Function-Error-Type", error.getErrorType());
    connection.setDoOutput(true);
    connection.setRequestMethod("POST");
    try (JsonGenerator json =
        new JsonFactory().createGenerator(connection.getOutputStream(), JsonEncoding.UTF8)) {
      json.writeStartObject();
      json.writeStringField("errorType", error.getErrorType());
      json.writeStringField("errorMessage", error.getErrorMessage());
      json.writeEndObject();
    }
    try (InputStream accepted = connection.getInputStream()) {
      accepted.readAllBytes();
    }
  }
}
