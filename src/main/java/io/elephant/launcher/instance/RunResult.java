package io.elephant.launcher.instance;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.id.InstanceId;

/** What came of one RunInstances call. */
public sealed interface RunResult {

  /** The token's instance is alive: started now, or by an earlier call with the same token. */
  record Started(InstanceId instance) implements RunResult {}

  /** No instance that may be used, and {@code refusal} says why. */
  sealed interface NotStarted extends RunResult {
    Refusal refusal();
  }

  /** Nobody knows whether an instance was started; only the same request again will tell. */
  record Unclear(Refusal refusal) implements NotStarted {}

  /** The zone has no capacity for it, now or ever; another zone or type may have. */
  record NoCapacity(Refusal refusal) implements NotStarted {}

  /** The account may not have more of this type and market; another zone would not help. */
  record OverQuota(Refusal refusal) implements NotStarted {}

  /** The token's instance was started once and is dead. */
  record Dead(Refusal refusal) implements NotStarted {}

  /** The token was used for a request with other parameters, which may have started an instance. */
  record OtherRequest(Refusal refusal) implements NotStarted {}

  /** Refused for a reason that a repetition does not change. */
  record Refused(Refusal refusal) implements NotStarted {}
}
