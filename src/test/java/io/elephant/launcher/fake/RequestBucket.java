package io.elephant.launcher.fake;

/**
 * So many calls at once and so many a second, as EC2 allows them to an account.
 *
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html">Request
 *     throttling for the Amazon EC2 API</a>
 */
public final class RequestBucket {

  private final double size;
  private final double perSecond;
  private double left;
  private long filled;

  public RequestBucket(int size, int perSecond) {
    this.size = size;
    this.perSecond = perSecond;
    this.left = size;
  }

  /** Whether a call at this time, in milliseconds, is allowed. */
  public boolean allows(long now) {
    left = Math.min(size, left + Math.max(0, now - filled) * perSecond / 1000);
    filled = Math.max(filled, now);
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
