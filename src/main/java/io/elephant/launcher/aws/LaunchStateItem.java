package io.elephant.launcher.aws;

import static io.elephant.launcher.aws.Attributes.number;
import static io.elephant.launcher.aws.Attributes.reason;
import static io.elephant.launcher.aws.Attributes.text;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.LaunchRequest.LaunchTemplate;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.meeting.LaunchState;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A role's launch state as a map in the row's {@code launch}: flat, and in EC2's terms, because an
 * operator reads it when a launch has gone wrong.
 */
final class LaunchStateItem {

  static final String ATTEMPT = "attempt";
  static final String CLAIM = "claim";
  static final String TOKEN = "client_token";
  static final String RECORDED = "recorded";
  static final String UNLOOKED = "unlooked";
  private static final String TAKEN_OUT = "taken_out";
  private static final String FIRST_ATTEMPT = "first_attempt";
  private static final String CLAIMED_AT = "claimed_at";
  private static final String REASON_CODE = "reason_code";
  private static final String REASON_MESSAGE = "reason_message";
  private static final String ZONE = "availability_zone";
  private static final String SUBNET = "subnet_id";
  private static final String IMAGE = "image_id";
  private static final String TYPE = "instance_type";
  private static final String KEY = "key_name";
  private static final String GROUPS = "security_group_ids";
  private static final String PROFILE = "iam_instance_profile";
  private static final String DEVICE = "root_device_name";
  private static final String SIZE = "volume_size_gib";
  private static final String VOLUME_TYPE = "volume_type";
  private static final String ENCRYPTED = "volume_encrypted";
  private static final String VOLUME_KEY = "volume_kms_key_arn";
  private static final String TEMPLATE = "launch_template_id";
  private static final String TEMPLATE_VERSION = "launch_template_version";
  private static final String MARKET = "market";
  private static final String IMDS = "imds_tokens";
  private static final String TAGS = "tags";
  private static final String METADATA_TAGS = "metadata_tags";
  private static final String REPLACED = "replaced";
  private static final String UNSEEN = "unseen";

  private LaunchStateItem() {}

  static AttributeValue write(LaunchState state) {
    LaunchRequest request = state.attempt().request();
    Map<String, AttributeValue> item = new HashMap<>(request(request));
    request.rootVolume().keyArn().ifPresent(key -> item.put(VOLUME_KEY, text(key)));
    request
        .launchTemplate()
        .ifPresent(template -> {
          item.put(TEMPLATE, text(template.id()));
          item.put(TEMPLATE_VERSION, number(template.version()));
        });
    item.put(ATTEMPT, number(state.attempt().number()));
    item.put(CLAIM, text(state.attempt().claim().value()));
    item.put(TOKEN, text(state.attempt().token().value()));
    item.put(REPLACED, number(state.replaced()));
    item.put(UNSEEN, number(state.unseen()));
    item.put(FIRST_ATTEMPT, number(state.firstAttempt()));
    item.put(CLAIMED_AT, text(state.claimed().toString()));
    state.recorded().ifPresent(instance -> item.put(RECORDED, text(instance.value())));
    if (state.unlooked()) {
      item.put(UNLOOKED, AttributeValue.fromBool(true));
    }
    if (!state.takenOut().isEmpty()) {
      item.put(
          TAKEN_OUT,
          AttributeValue.fromL(
              state.takenOut().stream()
                  .map(InstanceId::value)
                  .sorted()
                  .map(Attributes::text)
                  .toList()));
    }
    state
        .reason()
        .ifPresent(why -> {
          item.put(REASON_CODE, reason(why.code()));
          item.put(REASON_MESSAGE, reason(why.message()));
        });
    return AttributeValue.fromM(item);
  }

  private static Map<String, AttributeValue> request(LaunchRequest request) {
    return Map.ofEntries(
        Map.entry(MARKET, text(request.candidate().market().toString())),
        Map.entry(ZONE, text(request.candidate().subnet().zone().name())),
        Map.entry(SUBNET, text(request.candidate().subnet().id())),
        Map.entry(IMAGE, text(request.imageId())),
        Map.entry(TYPE, text(request.candidate().instanceType())),
        Map.entry(KEY, text(request.keyName())),
        Map.entry(
            GROUPS,
            AttributeValue.fromL(
                request.securityGroupIds().stream().map(Attributes::text).toList())),
        Map.entry(PROFILE, text(request.instanceProfile())),
        Map.entry(DEVICE, text(request.rootVolume().deviceName())),
        Map.entry(SIZE, number(request.rootVolume().sizeGib())),
        Map.entry(VOLUME_TYPE, text(request.rootVolume().type())),
        Map.entry(ENCRYPTED, AttributeValue.fromBool(request.rootVolume().encrypted())),
        Map.entry(IMDS, text(request.imdsTokens().toString())),
        Map.entry(METADATA_TAGS, AttributeValue.fromBool(request.metadataTags())),
        Map.entry(
            TAGS,
            AttributeValue.fromM(
                request.tags().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, tag -> text(tag.getValue()))))));
  }

  /**
   * @throws ItemReader.Unreadable if something is missing or of another type
   */
  static LaunchState read(ItemReader item) {
    return new LaunchState(
        attempt(item),
        item.number(FIRST_ATTEMPT),
        item.instant(CLAIMED_AT),
        item.number(REPLACED),
        item.number(UNSEEN),
        item.optional(RECORDED, name -> item.parsed(name, InstanceId::new)),
        item.optional(UNLOOKED, item::truth).orElse(false),
        item.optional(TAKEN_OUT, name -> item.list(name, LaunchStateItem::instance))
            .map(Set::copyOf)
            .orElse(Set.of()),
        item.optional(REASON_CODE, item::text)
            .map(code -> new Refusal(code, item.optional(REASON_MESSAGE, item::text).orElse(""))));
  }

  private static InstanceId instance(ItemReader list, String element) {
    return list.parsed(element, InstanceId::new);
  }

  private static Attempt attempt(ItemReader item) {
    ClaimId claim = new ClaimId(item.text(CLAIM));
    ClientToken token = item.parsed(TOKEN, ClientToken::new);
    LaunchRequest request = request(item);
    try {
      return new Attempt(claim, item.number(ATTEMPT), token, request);
    } catch (IllegalArgumentException e) {
      throw item.unreadable(ATTEMPT, "is wrong: " + e.getMessage());
    }
  }

  private static LaunchRequest request(ItemReader item) {
    return new LaunchRequest(
        new Candidate(
            item.parsed(MARKET, Market::of),
            item.text(TYPE),
            new Subnet(item.text(SUBNET), new Zone(item.text(ZONE)))),
        item.text(IMAGE),
        item.text(KEY),
        item.list(GROUPS, ItemReader::text),
        item.text(PROFILE),
        new RootVolume(
            item.text(DEVICE),
            item.number(SIZE),
            item.text(VOLUME_TYPE),
            item.truth(ENCRYPTED),
            item.optional(VOLUME_KEY, item::text)),
        item.parsed(IMDS, ImdsTokens::of),
        item.optional(TEMPLATE, item::text)
            .map(id -> new LaunchTemplate(id, item.number(TEMPLATE_VERSION))),
        item.textMap(TAGS),
        item.truth(METADATA_TAGS));
  }
}
