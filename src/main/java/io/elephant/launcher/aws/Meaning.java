package io.elephant.launcher.aws;

/** What an error says about the call that it answers. */
public enum Meaning {
  /** Replay: it may have happened, so the same call again. */
  UNCLEAR,
  /** Next candidate: not in this zone, or not this type there. */
  NO_CAPACITY,
  /** Quota: not more of this type and market for this account, in whatever zone. */
  OVER_QUOTA,
  /** Dead: the client token's instance has terminated. */
  DEAD,
  /** Adopt: the client token belongs to a request with other parameters. */
  OTHER_REQUEST,
  /** Refused for good: a repetition would be refused too. */
  REFUSED
}
