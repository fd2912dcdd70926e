package io.elephant.launcher.aws;

/** What an error says about the call that it answers. */
public enum Meaning {
  /** Nobody's verdict: it may have happened, so the same call again. */
  UNCLEAR,
  /** More calls than the account may make: it was not looked at, so the same call later. */
  THROTTLED,
  /** Refused for now: it heals with time, so the same call again. */
  NOT_YET,
  /** Not in this zone, or not this type there. The client token started nothing. */
  NO_CAPACITY,
  /** Not more of this type and market for this account. The client token started nothing. */
  OVER_QUOTA,
  /** The client token's instance has terminated. */
  DEAD,
  /** The client token belongs to a request with other parameters. */
  OTHER_REQUEST,
  /** Not this market, type or zone; or a code that nobody has listed. Judged before the token. */
  CANDIDATE_REFUSED,
  /** Every candidate's request would be refused. Judged before the token. */
  REQUEST_REFUSED,
  /** The process's credentials have expired. */
  EXPIRED
}
