package io.elephant.launcher.local;

import com.sun.net.httpserver.Headers;
import java.util.Map;
import java.util.function.Consumer;

/** One AWS service behind a {@link ScriptedServer}: its protocol, and what it does. */
interface Service {

  /** What is asked, as the service's protocol spells it. */
  record Request(String action, Map<String, String> parameters) {}

  /** Reads the request that an HTTP call carries. */
  Request read(Headers headers, String body);

  /**
   * Carries out the call.
   *
   * @param decision to be called once the request is known to be valid and new, right before it is
   *     carried out; throws the {@link Refusal} that the script holds for it
   */
  Answer answer(Call call, Headers headers, Consumer<Call> decision);

  /** The refusal as the service's protocol spells it. */
  Answer answer(Refusal refusal);
}
