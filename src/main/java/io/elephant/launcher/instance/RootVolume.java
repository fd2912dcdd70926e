package io.elephant.launcher.instance;

import java.util.Optional;

/**
 * The EBS volume that an instance boots from. It is deleted on termination.
 *
 * @param keyArn the KMS key that it is encrypted with, if not the account's default one
 */
public record RootVolume(
    String deviceName, int sizeGib, String type, boolean encrypted, Optional<String> keyArn) {}
