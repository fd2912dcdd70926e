package io.elephant.launcher.preflight;

import java.util.List;
import java.util.Optional;

/** The meetings' table as such. */
public interface Table {

  String name();

  /**
   * How it is; nothing if there is no such table.
   *
   * @throws NotAnswered where DynamoDB does not say
   */
  Optional<Description> describe();

  /**
   * A table.
   *
   * @param status DynamoDB's word for how it is, such as {@code ACTIVE}
   * @param key the attributes of its key: name and type, such as {@code id S}; the sort key second
   */
  record Description(String status, List<String> key) {

    public Description {
      key = List.copyOf(key);
    }
  }
}
