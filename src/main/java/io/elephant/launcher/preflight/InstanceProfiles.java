package io.elephant.launcher.preflight;

import java.util.List;
import java.util.Optional;

/** The account's instance profiles, at IAM. */
public interface InstanceProfiles {

  /**
   * The roles in a profile, of which IAM lets it have one; nothing if there is no such profile.
   *
   * @throws NotAnswered where IAM does not say
   */
  Optional<List<String>> roles(String profile);
}
