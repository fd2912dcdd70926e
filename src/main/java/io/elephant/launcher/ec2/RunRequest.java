package io.elephant.launcher.ec2;

import io.elephant.launcher.launch.Attempt;
import io.elephant.launcher.launch.LaunchRequest;
import io.elephant.launcher.launch.RootVolume;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.ShutdownBehavior;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * An attempt in the words of the SDK. The same attempt always gives the same request, to the order
 * of its tags, because EC2 compares the parameters of requests that share a token.
 */
final class RunRequest {

  private RunRequest() {}

  static RunInstancesRequest of(Attempt attempt) {
    LaunchRequest request = attempt.request();
    return RunInstancesRequest.builder()
        .clientToken(attempt.token().value())
        .minCount(1)
        .maxCount(1)
        .imageId(request.imageId())
        .instanceType(request.instanceType())
        .keyName(request.keyName())
        .securityGroupIds(request.securityGroupIds())
        .subnetId(request.subnet().id())
        .iamInstanceProfile(profile -> profile.name(request.instanceProfile()))
        .instanceInitiatedShutdownBehavior(ShutdownBehavior.TERMINATE)
        .blockDeviceMappings(rootVolume(request.rootVolume()))
        .tagSpecifications(
            TagSpecification.builder()
                .resourceType(ResourceType.INSTANCE)
                .tags(tags(request.tags()))
                .build())
        .build();
  }

  private static BlockDeviceMapping rootVolume(RootVolume volume) {
    return BlockDeviceMapping.builder()
        .deviceName(volume.deviceName())
        .ebs(disk ->
            disk.volumeSize(volume.sizeGib()).volumeType(volume.type()).deleteOnTermination(true))
        .build();
  }

  private static List<Tag> tags(Map<String, String> tags) {
    return new TreeMap<>(tags)
        .entrySet().stream()
            .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
            .toList();
  }
}
