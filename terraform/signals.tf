# Alarms on what AWS itself counts.
locals {
  alarm_actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]

  function_alarms = {
    errors = {
      description = "Invocations of ${var.stack_name} fail"
      metric      = "Errors"
      statistic   = "Sum"
      threshold   = 0
    }
    throttles = {
      description = "Lambda has no room for invocations of ${var.stack_name}"
      metric      = "Throttles"
      statistic   = "Sum"
      threshold   = 0
    }
    duration = {
      description = "Invocations of ${var.stack_name} take nearly as long as they may: EC2 is short of capacity, or does not answer"
      metric      = "Duration"
      statistic   = "Maximum"
      threshold   = local.function_timeout * 1000 * 0.8
    }
    events-dropped = {
      description = "Lambda has given up on events for ${var.stack_name}, for their age or their failures"
      metric      = "AsyncEventsDropped"
      statistic   = "Sum"
      threshold   = 0
    }
  }

  queue_alarms = {
    failures = {
      description = "Events that ${var.stack_name} failed at wait to be delivered again"
      queue       = aws_sqs_queue.failures.name
    }
    undelivered = {
      description = "Events that EventBridge Scheduler could not deliver to ${var.stack_name} wait to be delivered again"
      queue       = aws_sqs_queue.undelivered.name
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "function" {
  for_each = local.function_alarms

  alarm_name          = "${var.stack_name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/Lambda"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = aws_lambda_function.launcher.function_name }
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "queue" {
  for_each = local.queue_alarms

  alarm_name          = "${var.stack_name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = each.value.queue }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
}
