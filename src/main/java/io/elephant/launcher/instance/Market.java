package io.elephant.launcher.instance;

/** How EC2 sells an instance. */
public enum Market {
  ON_DEMAND("on-demand"),
  SPOT("spot");

  private final String text;

  Market(String text) {
    this.text = text;
  }

  /** The market that a configuration or a row calls so. */
  public static Market of(String text) {
    for (Market market : values()) {
      if (market.text.equals(text)) {
        return market;
      }
    }
    throw new IllegalArgumentException("a market is on-demand or spot");
  }

  @Override
  public String toString() {
    return text;
  }
}
