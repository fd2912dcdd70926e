package io.elephant.launcher.config;

import static io.elephant.launcher.config.Variable.INSTANCE_TAGS;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.elephant.launcher.instance.LaunchPlan;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The organization's own tags: a JSON object of strings, as Terraform's {@code jsonencode} writes
 * it. In pairs such as {@code key=value,key=value} a value with a comma, or a key with an equals
 * sign, would be another tag.
 *
 * @param inMetadata whether the instance's metadata is to show its tags
 * @param variables is told what is wrong
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html">Tag</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html">View
 *     tags for your EC2 instances using instance metadata</a>
 */
record InstanceTags(boolean inMetadata, VariableReader variables) {

  /** An instance may have 50, and some are this function's and the launch template's. */
  private static final int MAX_TAGS = 40;

  Map<String, String> read() {
    // IMDS and EC2 tell "a" from "A", but IAM's conditions do not.
    Map<String, String> tags = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    String text = variables.optional(INSTANCE_TAGS).orElse(INSTANCE_TAGS.byDefault());
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      expect(parser.nextToken() == JsonToken.START_OBJECT);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        expect(parser.nextToken() == JsonToken.VALUE_STRING);
        check(key, parser.getText(), tags.containsKey(key));
        tags.put(key, parser.getText());
      }
      expect(parser.nextToken() == null);
    } catch (IOException _) {
      variables.check(false, INSTANCE_TAGS, text, INSTANCE_TAGS.wanted());
    }
    String number = tags.size() + " tags";
    variables.check(tags.size() <= MAX_TAGS, INSTANCE_TAGS, number, "at most " + MAX_TAGS);
    return tags;
  }

  private static void expect(boolean holds) throws IOException {
    if (!holds) {
      throw new IOException("not an object of strings");
    }
  }

  private void check(String key, String value, boolean again) {
    if (LaunchPlan.TAG_KEYS.stream().anyMatch(key::equalsIgnoreCase)) {
      add(key, "this function sets itself, in any case");
    } else if (key.regionMatches(true, 0, "aws:", 0, 4)) {
      add(key, "begins with aws:, which AWS reserves");
    } else if (again) {
      add(key, "occurs twice, perhaps in another case");
    } else if (!key.matches("(?s).{1,127}") || !value.matches("(?s).{0,256}")) {
      add(key, "must have 1 to 127 characters, and its value at most 256");
    } else if (inMetadata && !key.matches("(?!(\\.|\\.\\.|_index)$)[A-Za-z0-9+=.,_:@-]+")) {
      add(
          key,
          "may have only letters, digits and + - = . , _ : @, and not be . or .. or _index, while"
              + " INSTANCE_METADATA_TAGS is enabled");
    }
  }

  private void add(String key, String problem) {
    variables.add("%s has the key \"%s\", which %s".formatted(INSTANCE_TAGS, key, problem));
  }
}
