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
 * Service Quotas on this machine: GetServiceQuota for EC2's vCPUs.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html">GetServiceQuota</a>
 */
public final class ServiceQuotasStandIn extends StandIn {

  /** Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances. */
  public static final String STANDARD_ON_DEMAND = "L-1216C47A";

  /** All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests. */
  public static final String STANDARD_SPOT = "L-34B43A08";

  private static final String GRAPHICS_ON_DEMAND = "L-DB2E81BA";
  private static final JsonMapper JSON = new JsonMapper();

  private final Map<String, Double> values = new ConcurrentHashMap<>();

  ServiceQuotasStandIn(int port, @Nullable SSLContext tls) {
    super(port, tls);
    reset();
  }

  /** Sets a quota of EC2's. */
  public void set(String code, double value) {
    values.put(code, value);
  }

  @Override
  List<Permission> permissions() {
    return calls().stream()
        .map(call ->
            new Permission(
                "servicequotas:" + call.action(),
                "arn:aws:servicequotas:%s:%s:ec2/%s"
                    .formatted(LocalDynamoDb.REGION, Permission.ACCOUNT, quotaCode(call)),
                Map.of()))
        .toList();
  }

  /** The quotas of an ordinary account, in which nothing goes wrong. */
  @Override
  public void reset() {
    super.reset();
    values.clear();
    set(STANDARD_ON_DEMAND, 64);
    set(STANDARD_SPOT, 64);
    set(GRAPHICS_ON_DEMAND, 0);
  }

  private static String quotaCode(Call call) {
    return call.json().path("QuotaCode").asText();
  }

  @Override
  Answer answer(Call call, Headers headers, Consumer<Call> decision) {
    if (!"ServiceQuotasV20190624.GetServiceQuota".equals(headers.getFirst("X-Amz-Target"))) {
      throw new Refusal("UnknownOperationException", "");
    }
    decision.accept(call);
    String code = quotaCode(call);
    Double value = values.get(code);
    if (value == null || !call.json().path("ServiceCode").asText().equals("ec2")) {
      throw new Refusal(
          "NoSuchResourceException", "The request failed because the specified quota is unknown.");
    }
    return Answer.of(
        200,
        "application/x-amz-json-1.1",
        JSON.createObjectNode()
            .set(
                "Quota",
                JSON.createObjectNode()
                    .put("ServiceCode", "ec2")
                    .put("QuotaCode", code)
                    .put("Value", value)
                    .put("Unit", "None")
                    .put("Adjustable", true)
                    .put("GlobalQuota", false))
            .toString());
  }

  @Override
  Answer answer(Refusal refusal) {
    return Answer.of(
        refusal.status(),
        "application/x-amz-json-1.1",
        JSON.createObjectNode()
            .put("__type", refusal.code())
            .put("Message", refusal.message())
            .toString());
  }
}
