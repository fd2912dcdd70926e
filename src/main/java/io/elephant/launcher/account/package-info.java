/**
 * What the preflight asks of IAM and of Service Quotas: two requests, not worth two clients of the
 * SDK's in the executable.
 */
@NullMarked
package io.elephant.launcher.account;

import org.jspecify.annotations.NullMarked;
