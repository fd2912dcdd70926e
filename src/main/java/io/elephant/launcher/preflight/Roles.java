package io.elephant.launcher.preflight;

import java.util.List;
import java.util.Optional;

/** The account's roles, at IAM. Every method throws {@link NotAnswered} where IAM does not say. */
public interface Roles {

  /** The role that EC2 itself uses for Spot instances. */
  String OF_SPOT = "AWSServiceRoleForEC2Spot";

  /**
   * The roles in an instance profile, of which IAM lets it have one; nothing if there is no such
   * profile.
   */
  Optional<List<String>> ofProfile(String profile);

  /** Whether there is a role of this name. */
  boolean has(String role);
}
