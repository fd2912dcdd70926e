/**
 * AWS on this machine: what {@code make run}, {@code make dev} and the tests start in place of EC2,
 * DynamoDB and Lambda.
 *
 * <p>The function under test is the packaged one, unchanged, in a process of its own. It speaks to
 * EC2 and DynamoDB with the real AWS SDK over HTTP; only the endpoints are ours. Everything binds
 * to the loopback address on a port that the system chooses, and ends with the process that started
 * it.
 */
@NullMarked
package io.elephant.launcher.local;

import org.jspecify.annotations.NullMarked;
