package io.elephant.launcher.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.Headers;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Failed;
import io.elephant.launcher.local.InvocationResult.Lost;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;

/** Lambda on this machine, as far as it invokes one function and waits for its answer. */
public final class LambdaStandIn extends StandIn {

  /** What is asked, in the script and in the list of calls. */
  public static final String INVOKE = "Invoke";

  private final FunctionProcess function;

  /** Starts it before this function, which ends with it. */
  public LambdaStandIn(FunctionProcess function) {
    super(0, null);
    this.function = function;
  }

  @Override
  public void close() {
    super.close();
    function.close();
  }

  @Override
  Request read(Headers headers, String body) {
    return new Request(INVOKE, Map.of());
  }

  @Override
  Answer answer(Call call, Headers headers, Consumer<Call> decision) {
    decision.accept(call);
    return switch (function.invoke(call.body())) {
      case Answered(String body) -> Answer.of(200, "application/json", body);
      case Failed failed -> failure(failed.raw());
      case Lost(String reason) ->
          failure(new JsonMapper().createObjectNode().put("errorMessage", reason).toString());
    };
  }

  /** Lambda answers to a failed invocation with 200, and says so in a header. */
  private static Answer failure(String body) {
    return new Answer(
        200,
        Map.of("Content-Type", "application/json", "X-Amz-Function-Error", "Unhandled"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  Answer answer(Refusal refusal) {
    return new Answer(
        refusal.status(),
        Map.of("Content-Type", "application/json", "x-amzn-ErrorType", refusal.code()),
        "{\"Type\":\"User\",\"message\":\"%s\"}"
            .formatted(refusal.message())
            .getBytes(StandardCharsets.UTF_8));
  }
}
