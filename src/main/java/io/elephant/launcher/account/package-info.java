/** What the preflight asks of IAM and of Service Quotas. */
@NullMarked
package io.elephant.launcher.account;

import org.jspecify.annotations.NullMarked;
