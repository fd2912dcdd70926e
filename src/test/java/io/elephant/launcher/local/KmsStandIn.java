package io.elephant.launcher.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * KMS on this machine: DescribeKey, for an account with one key of its own.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html">DescribeKey</a>
 */
public final class KmsStandIn extends StandIn {

  /** A key that the account has made. */
  public static final String KEY =
      "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab";

  private static final String JSON_TYPE = "application/x-amz-json-1.1";
  private static final JsonMapper JSON = new JsonMapper();

  private final Map<String, String> states = new ConcurrentHashMap<>();

  KmsStandIn(int port, @Nullable SSLContext tls) {
    super(port, tls);
    reset();
  }

  /** How the key is from now on, such as {@code Disabled}. */
  public void setState(String state) {
    states.put(KEY, state);
  }

  /** Deletes the key, as KMS does some days after it was told to. */
  public void removeKey() {
    states.clear();
  }

  @Override
  List<Permission> permissions() {
    return calls().stream()
        .map(call -> new Permission("kms:" + call.action(), keyId(call), Map.of()))
        .toList();
  }

  /** The key is enabled, and nothing goes wrong. */
  @Override
  public void reset() {
    super.reset();
    setState("Enabled");
  }

  private static String keyId(Call call) {
    return call.json().path("KeyId").asText();
  }

  @Override
  Answer answer(Call call, Headers headers, Consumer<Call> decision) {
    if (!"TrentService.DescribeKey".equals(headers.getFirst("X-Amz-Target"))) {
      throw new Refusal("UnknownOperationException", "");
    }
    decision.accept(call);
    String id = keyId(call);
    String state = states.get(id);
    if (state == null) {
      throw new Refusal("NotFoundException", "Key '%s' does not exist".formatted(id));
    }
    return Answer.of(
        200,
        JSON_TYPE,
        JSON.createObjectNode()
            .set(
                "KeyMetadata",
                JSON.createObjectNode()
                    .put("KeyId", id.substring(id.indexOf('/') + 1))
                    .put("Arn", id)
                    .put("Enabled", state.equals("Enabled"))
                    .put("KeyState", state)
                    .put("KeyManager", "CUSTOMER"))
            .toString());
  }

  @Override
  Answer answer(Refusal refusal) {
    return Answer.of(
        refusal.status(),
        JSON_TYPE,
        JSON.createObjectNode()
            .put("__type", refusal.code())
            .put("message", refusal.message())
            .toString());
  }
}
