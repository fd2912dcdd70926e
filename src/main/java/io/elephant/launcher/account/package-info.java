/** What the preflight asks of IAM, KMS and Service Quotas. */
@NullMarked
package io.elephant.launcher.account;

import org.jspecify.annotations.NullMarked;
