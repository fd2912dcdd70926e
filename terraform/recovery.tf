# EC2 sends EventBridge an event for every instance that ends or stops, and the function replaces those that a
# meeting still needs. RUNBOOK.md, "Machine lost".
locals {
  # EC2's events are on the default bus of their own region. The region is in the pattern because a bus may also
  # receive events that somebody else forwards from another region.
  all_recovery_patterns = merge(
    {
      # Every state, because each event may come late or not at all; a later one finds nothing left to do. An
      # instance that EC2 or a cost tool has stopped is as lost as one that has ended.
      # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html
      ended = jsonencode({
        source      = ["aws.ec2"]
        detail-type = ["EC2 Instance State-change Notification"]
        region      = [var.launch_region]
        detail      = { state = ["shutting-down", "terminated", "stopping", "stopped"] }
      })
    },
    # Two minutes ahead, on a best-effort basis; the other rule matches the end itself.
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
    contains(var.market, "spot") ? {
      interrupted = jsonencode({
        source      = ["aws.ec2"]
        detail-type = ["EC2 Spot Instance Interruption Warning"]
        region      = [var.launch_region]
      })
    } : {},
  )
  recovery_patterns = { for name, pattern in local.all_recovery_patterns : name => pattern if var.recovery_mode != "off" }

  recovery_descriptions = {
    ended       = "An instance in ${var.launch_region} ends or stops"
    interrupted = "EC2 is about to interrupt a Spot instance in ${var.launch_region}"
  }

  # The ARN of a rule on the default bus does not name the bus.
  recovery_rule_arns = {
    for name in keys(local.recovery_patterns) :
    name => "arn:${local.partition}:events:${local.region}:${local.account}:rule/${var.stack_name}-${name}"
  }

  # Only a bus may be a target in another region than the rule. If the function is not in the launch region, the
  # events are forwarded to the bus of its region, and the rules are there. EventBridge does not forward them again.
  # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
  forwarded_patterns = local.region == var.launch_region ? {} : local.recovery_patterns
  forwarding_rule_arns = [
    for name in keys(local.forwarded_patterns) :
    "arn:${local.partition}:events:${var.launch_region}:${local.account}:rule/${var.stack_name}-${name}"
  ]
  event_bus_arn = "arn:${local.partition}:events:${local.region}:${local.account}:event-bus/default"
}

resource "aws_cloudwatch_event_rule" "recovery" {
  for_each = local.recovery_patterns

  name          = "${var.stack_name}-${each.key}"
  description   = local.recovery_descriptions[each.key]
  event_pattern = each.value
}

resource "aws_cloudwatch_event_target" "recovery" {
  for_each = local.recovery_patterns

  rule      = aws_cloudwatch_event_rule.recovery[each.key].name
  target_id = "launcher"
  arn       = aws_lambda_function.launcher.arn

  # As for a meeting's own event: a later replacement would not help the meeting.
  retry_policy {
    maximum_event_age_in_seconds = var.maximum_event_age
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = aws_sqs_queue.undelivered.arn
  }

  # Without them an event goes to the queue at once, or is lost.
  depends_on = [aws_lambda_permission.recovery, aws_sqs_queue_policy.undelivered]
}

resource "aws_lambda_permission" "recovery" {
  for_each = local.recovery_patterns

  statement_id  = "recovery-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.launcher.function_name
  principal     = "events.amazonaws.com"
  source_arn    = local.recovery_rule_arns[each.key]
}

# Schedules send to the queue with their role; rules send as the service.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html#eb-rule-dlq
resource "aws_sqs_queue_policy" "undelivered" {
  count = length(local.recovery_patterns) > 0 ? 1 : 0

  queue_url = aws_sqs_queue.undelivered.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "KeepUndelivered"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = local.undelivered_queue_arn
      Condition = { ArnEquals = { "aws:SourceArn" = values(local.recovery_rule_arns) } }
    }]
  })
}

resource "aws_cloudwatch_event_rule" "forward" {
  for_each = local.forwarded_patterns
  provider = aws.launch

  name          = "${var.stack_name}-${each.key}"
  description   = "${local.recovery_descriptions[each.key]}: forwards to the bus in ${local.region}"
  event_pattern = each.value
}

resource "aws_cloudwatch_event_target" "forward" {
  for_each = local.forwarded_patterns
  provider = aws.launch

  rule      = aws_cloudwatch_event_rule.forward[each.key].name
  target_id = "bus"
  arn       = local.event_bus_arn
  role_arn  = aws_iam_role.forwarder[0].arn

  # A dead-letter queue would have to be in the rule's region, where 'make redrive' does not look. So EventBridge
  # retries for as long as it can; a late event is reported at least.
  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }

  depends_on = [aws_iam_role_policy.forwarder]
}

resource "aws_iam_role" "forwarder" {
  count = length(local.forwarded_patterns) > 0 ? 1 : 0

  name        = "${local.role_name}-forwarder"
  description = "Lets the rules of ${var.stack_name} in ${var.launch_region} send events to the bus in ${local.region}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "events.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnEquals    = { "aws:SourceArn" = local.forwarding_rule_arns }
      }
    }]
  })

  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_iam_role_policy" "forwarder" {
  count = length(local.forwarded_patterns) > 0 ? 1 : 0

  name = "forward"
  role = aws_iam_role.forwarder[0].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "SendToTheFunctionsBus"
      Effect   = "Allow"
      Action   = "events:PutEvents"
      Resource = local.event_bus_arn
    }]
  })
}
