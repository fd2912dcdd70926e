package io.elephant.launcher.graal;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.quarkus.amazon.lambda.runtime.AbstractLambdaPollLoop;
import io.quarkus.amazon.lambda.runtime.FunctionError;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;

@TargetClass(AbstractLambdaPollLoop.class)
final class ErrorReport {

  @Substitute
  void postError(URL url, Object response) throws IOException {
    FunctionError error = (FunctionError) response;
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    connection.setRequestMethod("POST");
    try (JsonGenerator generator =
        new JsonFactory().createGenerator(connection.getOutputStream(), JsonEncoding.UTF8)) {
      generator.writeStartObject();
      generator.writeStringField("errorType", error.getErrorType());
      generator.writeStringField("errorMessage", error.getErrorMessage());
      generator.writeEndObject();
    }
    while (connection.getInputStream().read() != -1) {
      // Read data
    }
  }
}
