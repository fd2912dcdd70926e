package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The parameters of an EC2 Query request, or one structure among them.
 *
 * <p>The protocol flattens lists and structures into names: {@code TagSpecification.1.Tag.2.Key}.
 * See <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html">Query
 * requests</a>.
 */
record Ec2Query(SequencedMap<String, String> parameters) {

  static Ec2Query ofForm(String body) {
    var parameters = new LinkedHashMap<String, String>();
    for (String pair : body.split("&")) {
      String[] parts = pair.split("=", 2);
      if (parts.length == 2) {
        parameters.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
      }
    }
    return new Ec2Query(parameters);
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  String required(String name) {
    return value(name)
        .orElseThrow(() ->
            new Refusal("MissingParameter", "The request must contain the parameter " + name));
  }

  int number(String name, int absent) {
    return value(name).map(Integer::valueOf).orElse(absent);
  }

  /** The values {@code name.1}, {@code name.2} and so on. */
  List<String> values(String name) {
    return IntStream.iterate(1, n -> n + 1)
        .mapToObj(n -> parameters.get(name + "." + n))
        .takeWhile(Objects::nonNull)
        .toList();
  }

  /** The structures {@code name.1.…}, {@code name.2.…} and so on. */
  List<Ec2Query> structures(String name) {
    return IntStream.iterate(1, n -> n + 1)
        .mapToObj(n -> structure(name + "." + n))
        .takeWhile(structure -> !structure.parameters.isEmpty())
        .toList();
  }

  /** What lies below {@code name.}, under the names that remain. */
  Ec2Query structure(String name) {
    var below = new LinkedHashMap<String, String>();
    parameters.forEach((key, value) -> {
      if (key.startsWith(name + ".")) {
        below.put(key.substring(name.length() + 1), value);
      }
    });
    return new Ec2Query(below);
  }

  /** What must be the same when a client token comes again. */
  Map<String, String> identity() {
    var identity = new LinkedHashMap<>(parameters);
    identity.keySet().removeAll(Set.of("Action", "Version", "ClientToken", "DryRun"));
    return identity;
  }

  Map<String, String> tags(String resourceType) {
    var tags = new LinkedHashMap<String, String>();
    structures("TagSpecification").stream()
        .filter(specification -> specification.required("ResourceType").equals(resourceType))
        .flatMap(specification -> specification.structures("Tag").stream())
        .forEach(tag -> tags.put(tag.required("Key"), tag.value("Value").orElse("")));
    return tags;
  }
}
