package io.elephant.launcher.local;

import io.elephant.launcher.fake.InstanceView;
import io.elephant.launcher.fake.InstanceView.State;
import java.time.Instant;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.InstanceState;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * An instance as it was when it was looked at.
 *
 * @param request every parameter of the RunInstances call that started it, under the names of the
 *     EC2 Query protocol, such as {@code BlockDeviceMapping.1.Ebs.VolumeSize}
 */
public record Instance(InstanceView view, Subnet subnet, SequencedMap<String, String> request) {

  public String id() {
    return view.id();
  }

  public String zone() {
    return subnet.availabilityZone();
  }

  public String type() {
    return view.request().pool().instanceType();
  }

  public @Nullable String imageId() {
    return request.get("ImageId");
  }

  public @Nullable String token() {
    return request.get("ClientToken");
  }

  public @Nullable String tag(String key) {
    return view.tags().get(key);
  }

  public State state() {
    return view.state();
  }

  /** Whether it runs, or will, and costs money. */
  public boolean isLive() {
    return state() == State.PENDING || state() == State.RUNNING;
  }

  static InstanceState toSdk(State state) {
    return InstanceState.builder().code(state.code()).name(state.word()).build();
  }

  /** What DescribeInstances shows of it, as far as anybody here looks. */
  software.amazon.awssdk.services.ec2.model.Instance toSdk() {
    var shown =
        software.amazon.awssdk.services.ec2.model.Instance.builder()
            .instanceId(id())
            .imageId(imageId())
            .state(toSdk(state()))
            .instanceType(type())
            .launchTime(Instant.ofEpochMilli(view.launched()))
            .placement(placement -> placement.availabilityZone(zone()))
            .subnetId(subnet.subnetId())
            .vpcId(subnet.vpcId())
            .clientToken(token())
            .stateTransitionReason(view.oldReason());
    shown.tags(
        view.tags().entrySet().stream()
            .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
            .toList());
    view.reason()
        .ifPresent(why ->
            shown.stateReason(
                reason -> reason.code(why.code()).message(why.code() + ": " + why.message())));
    return shown.build();
  }
}
