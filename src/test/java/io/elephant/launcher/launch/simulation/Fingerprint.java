package io.elephant.launcher.launch.simulation;

/**
 * 64 bits that tell states apart: among a million states, two share them once in 36 million times.
 */
final class Fingerprint {

  static final long EMPTY = 0xcbf29ce484222325L;

  private static final long PRIME = 0x100000001b3L;
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private Fingerprint() {}

  static long mix(long sum, long value) {
    long mixed = (sum ^ value) * SPREAD;
    mixed ^= mixed >>> 32;
    mixed *= 0xd6e8feb86659fd93L;
    return mixed ^ (mixed >>> 29);
  }

  static long mix(long sum, String text) {
    long mixed = sum;
    for (int i = 0; i < text.length(); i++) {
      mixed = (mixed ^ text.charAt(i)) * PRIME;
      mixed ^= mixed >>> 47;
    }
    return mix(mixed, text.length());
  }
}
