package io.elephant.launcher.aws;

import static io.elephant.launcher.aws.Attributes.number;
import static io.elephant.launcher.aws.Attributes.reason;
import static io.elephant.launcher.aws.Attributes.text;

import io.elephant.launcher.failure.LaunchFailure.MeetingUnreadable;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.InstanceTemplate.LaunchTemplate;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.meeting.LaunchState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  private LaunchStateItem() {}

  static AttributeValue write(LaunchState state) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put(ATTEMPT, number(state.attempt().number()));
    item.put(CLAIM, text(state.attempt().claim().value()));
    item.put(TOKEN, text(state.attempt().token().value()));
    item.put("first_attempt", number(state.firstAttempt()));
    item.put("claimed_at", text(state.claimed().toString()));
    item.put("replaced", number(state.replaced()));
    item.put("unseen", number(state.unseen()));
    state.recorded().ifPresent(instance -> item.put(RECORDED, text(instance.value())));
    if (state.unlooked()) {
      item.put(UNLOOKED, AttributeValue.fromBool(true));
    }
    if (!state.takenOut().isEmpty()) {
      item.put("taken_out", texts(state.takenOut().stream().map(InstanceId::value).sorted()));
    }
    state
        .reason()
        .ifPresent(why -> {
          item.put("reason_code", reason(why.code()));
          item.put("reason_message", reason(why.message()));
        });
    write(state.attempt().request(), item);
    return AttributeValue.fromM(item);
  }

  private static void write(LaunchRequest request, Map<String, AttributeValue> item) {
    InstanceTemplate template = request.template();
    RootVolume volume = template.rootVolume();
    item.put("market", text(request.candidate().market().toString()));
    item.put("instance_type", text(request.candidate().instanceType()));
    item.put("subnet_id", text(request.candidate().subnet().id()));
    item.put("availability_zone", text(request.candidate().subnet().zone().name()));
    item.put("image_id", text(template.imageId()));
    item.put("key_name", text(template.keyName()));
    item.put("security_group_ids", texts(template.securityGroupIds().stream()));
    item.put("iam_instance_profile", text(template.instanceProfile()));
    item.put("root_device_name", text(volume.deviceName()));
    item.put("volume_size_gib", number(volume.sizeGib()));
    item.put("volume_type", text(volume.type()));
    item.put("volume_encrypted", AttributeValue.fromBool(volume.encrypted()));
    volume.keyArn().ifPresent(key -> item.put("volume_kms_key_arn", text(key)));
    item.put("imds_tokens", text(template.imdsTokens().toString()));
    template
        .launchTemplate()
        .ifPresent(version -> {
          item.put("launch_template_id", text(version.id()));
          item.put("launch_template_version", number(version.version()));
        });
    item.put(
        "tags",
        AttributeValue.fromM(
            request.tags().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, tag -> text(tag.getValue())))));
    item.put("metadata_tags", AttributeValue.fromBool(template.metadataTags()));
  }

  private static AttributeValue texts(Stream<String> values) {
    return AttributeValue.fromL(values.map(Attributes::text).toList());
  }

  /**
   * @throws MeetingUnreadable if something is missing or of another type
   */
  static LaunchState read(ItemReader item) {
    return new LaunchState(
        attempt(item),
        item.number("first_attempt"),
        item.parsed("claimed_at", Instant::parse),
        item.number("replaced"),
        item.number("unseen"),
        item.optional(RECORDED, name -> item.parsed(name, InstanceId::new)),
        item.optional(UNLOOKED, item::truth).orElse(false),
        Set.copyOf(
            item.optional("taken_out", name -> item.list(name, InstanceId::new)).orElse(List.of())),
        item.optional("reason_code", item::text)
            .map(
                code -> new Refusal(code, item.optional("reason_message", item::text).orElse(""))));
  }

  private static Attempt attempt(ItemReader item) {
    ClaimId claim = new ClaimId(item.text(CLAIM));
    ClientToken token = item.parsed(TOKEN, ClientToken::new);
    LaunchRequest request = request(item);
    return item.parsedScalar(
        ATTEMPT, number -> new Attempt(claim, Integer.parseInt(number), token, request));
  }

  private static LaunchRequest request(ItemReader item) {
    return new LaunchRequest(
        new Candidate(
            item.parsed("market", Market::of),
            item.text("instance_type"),
            new Subnet(item.text("subnet_id"), new Zone(item.text("availability_zone")))),
        new InstanceTemplate(
            item.text("image_id"),
            item.text("key_name"),
            item.list("security_group_ids", id -> id),
            item.text("iam_instance_profile"),
            new RootVolume(
                item.text("root_device_name"),
                item.number("volume_size_gib"),
                item.text("volume_type"),
                item.truth("volume_encrypted"),
                item.optional("volume_kms_key_arn", item::text)),
            item.parsed("imds_tokens", ImdsTokens::of),
            item.optional("launch_template_id", item::text)
                .map(id -> new LaunchTemplate(id, item.number("launch_template_version"))),
            item.truth("metadata_tags")),
        item.textMap("tags"));
  }
}
