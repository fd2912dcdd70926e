package io.elephant.launcher.failure;

/** What an error of AWS's means for the call that it answers. */
public enum Verdict {
  /** Nobody's verdict: it may have happened, so the same call again. */
  UNCLEAR,
  /** More calls than the account may make: it was not looked at, so the same call later. */
  THROTTLED,
  /** Refused for now: it heals with time, so the same call again. */
  NOT_YET,
  /** EC2 does not know the id: it was forgotten long ago, or given out a moment ago. */
  UNKNOWN_ID,
  /** Not in this zone, or not this type there. The client token started nothing. */
  NO_CAPACITY,
  /** Not more of this type and market for this account. The client token started nothing. */
  OVER_QUOTA,
  /** The client token's instance has terminated. */
  TERMINATED,
  /** The client token belongs to a request with other parameters. */
  PARAMETER_MISMATCH,
  /** Not this market, type or zone; or a code that nobody has listed. Judged before the token. */
  CANDIDATE_REFUSED,
  /** Every candidate's request would be refused. Judged before the token. */
  REQUEST_REFUSED,
  /** The process's credentials have expired; a process of Lambda's never gets new ones. */
  EXPIRED;

  /** Whether the same call may do better: there was no verdict, or only one for now. */
  public boolean mayHeal() {
    return switch (this) {
      case UNCLEAR, THROTTLED, NOT_YET, UNKNOWN_ID -> true;
      default -> false;
    };
  }
}
