package io.elephant.launcher.preflight;

import java.util.Optional;

/** The region's keys, at KMS. */
public interface Keys {

  /**
   * KMS's word for how a key is, such as {@code Enabled}; nothing if there is no such key.
   *
   * @param id its ARN, or an alias
   * @throws NotAnswered where KMS does not say
   */
  Optional<String> state(String id);
}
