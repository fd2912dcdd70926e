package io.elephant.launcher.instance;

import io.elephant.launcher.failure.Refusal;
import java.time.Instant;
import java.util.Optional;

/** What came of one RunInstances call. */
public sealed interface RunResult {

  /** The token's instance runs: started now, or by an earlier call with the same token. */
  record Started(InstanceId instance) implements RunResult {}

  /** No instance that may be used, and {@code refusal} says why. */
  sealed interface NotStarted extends RunResult {
    Refusal refusal();
  }

  /**
   * EC2 refuses before it looks at the token (authorization, validation), so an earlier call of the
   * same attempt whose answer was not seen may have started an instance all the same.
   */
  sealed interface RefusedBeforeToken extends NotStarted {}

  /** There is no verdict: only the same request again will tell. */
  sealed interface Undecided extends NotStarted {}

  /** Nobody knows whether an instance was started. */
  record Unclear(Refusal refusal) implements Undecided {}

  /**
   * More calls than EC2 allows the account: this one was not looked at. It says nothing about an
   * earlier call of the same attempt.
   */
  record Throttled(Refusal refusal) implements Undecided {}

  /** The zone has no capacity for it; another zone or type may have. The token started nothing. */
  record NoCapacity(Refusal refusal) implements NotStarted {}

  /**
   * The account may not have more of this type and market; another zone would not help. The token
   * started nothing.
   */
  record OverQuota(Refusal refusal) implements NotStarted {}

  /** Not this candidate; another market, type or zone may do. */
  record CandidateRefused(Refusal refusal) implements RefusedBeforeToken {}

  /** Every candidate would be refused: an image, a key or a group is not there. */
  record RequestRefused(Refusal refusal) implements RefusedBeforeToken {}

  /**
   * The token's instance was started once and is terminated, or about to be.
   *
   * @param launched when it was started, where EC2 says so
   */
  record Dead(Refusal refusal, Optional<Instant> launched) implements NotStarted {}

  /** The token's instance is stopped or stopping, so it does not run. */
  record Stopped(InstanceId instance, Refusal refusal) implements NotStarted {}

  /** The token was used for a request with other parameters, which may have started an instance. */
  record OtherRequest(Refusal refusal) implements NotStarted {}
}
