package io.elephant.launcher.aws;

import io.elephant.launcher.instance.Role;
import java.util.List;

/** Which table holds the meetings, and which roles its rows name instances for. */
public record MeetingsTable(String name, List<Role> roles) {

  public MeetingsTable {
    roles = List.copyOf(roles);
  }
}
