package io.elephant.launcher.local;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for.
 *
 * @param start the number of items before it: the page's NextToken
 */
record Paging(int size, int start) {

  /** A part of a list, and where the next one starts, if there is one. */
  record Page<T>(List<T> items, @Nullable Integer nextToken) {}

  <T> Page<T> of(List<T> all) {
    int from = Math.min(start, all.size());
    int end = Math.min(from + size, all.size());
    return new Page<>(all.subList(from, end), end < all.size() ? end : null);
  }
}
