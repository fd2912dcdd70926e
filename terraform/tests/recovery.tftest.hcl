# How the function hears of instances that end.

mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "launch"
  source = "./tests/mocks"
}

run "hears_of_every_instance_that_ends_or_stops" {
  command = plan

  assert {
    condition = { for name, rule in aws_cloudwatch_event_rule.recovery : rule.name => jsondecode(rule.event_pattern) } == {
      elephant-launch-ec2-ended = {
        source      = ["aws.ec2"]
        detail-type = ["EC2 Instance State-change Notification"]
        region      = ["us-west-2"]
        detail      = { state = ["shutting-down", "terminated", "stopping", "stopped"] }
      }
    }
    error_message = "There is one rule, for instances of the launch region that end or stop."
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.forward) == 0 && length(aws_cloudwatch_event_target.forward) == 0 && length(aws_iam_role.forwarder) == 0 && length(aws_iam_role_policy.forwarder) == 0
    error_message = "Nothing is forwarded within a region."
  }

  assert {
    condition     = aws_lambda_function.launcher.environment[0].variables.RECOVERY_MODE == "replace"
    error_message = "What was lost is replaced."
  }
}

run "hears_of_nothing_where_recovery_is_off" {
  command = plan

  variables {
    recovery_mode          = "off"
    region                 = "eu-west-1"
    launch_alarm_topic_arn = "arn:aws:sns:us-west-2:123456789012:operators"
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.recovery) + length(aws_cloudwatch_event_rule.forward) + length(aws_lambda_permission.recovery) + length(aws_sqs_queue_policy.undelivered) + length(aws_iam_role.forwarder) == 0
    error_message = "There is no rule, and nothing that one needs."
  }

  assert {
    condition     = aws_lambda_function.launcher.environment[0].variables.RECOVERY_MODE == "report" && length([for name in keys(aws_cloudwatch_metric_alarm.alarm) : name if startswith(name, "rule-")]) == 0
    error_message = "What is sent by hand is reported, and no alarm is on a rule that there is not."
  }
}

run "hears_of_spot_instances_that_are_taken_back" {
  command = plan

  variables {
    market = ["on-demand", "spot"]
  }

  assert {
    condition     = keys(aws_cloudwatch_event_rule.recovery) == ["ended", "interrupted"]
    error_message = "There are two rules."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.recovery["interrupted"].event_pattern) == {
      source      = ["aws.ec2"]
      detail-type = ["EC2 Spot Instance Interruption Warning"]
      region      = ["us-west-2"]
    }
    error_message = "The other one is for EC2's warnings."
  }

  assert {
    condition     = one(jsondecode(aws_sqs_queue_policy.undelivered[0].policy).Statement).Condition == { ArnEquals = { "aws:SourceArn" = ["arn:aws:events:us-west-2:123456789012:rule/elephant-launch-ec2-ended", "arn:aws:events:us-west-2:123456789012:rule/elephant-launch-ec2-interrupted"] } }
    error_message = "Both may keep what they could not deliver."
  }
}

run "invokes_the_function_and_keeps_what_it_could_not_deliver" {
  variables {
    maximum_event_age = 1800
  }

  override_resource {
    target = aws_cloudwatch_event_rule.recovery
    values = { arn = "arn:aws:events:us-west-2:123456789012:rule/elephant-launch-ec2-ended" }
  }

  override_resource {
    target = aws_sqs_queue.failures
    values = { arn = "arn:aws:sqs:us-west-2:123456789012:elephant-launch-ec2-failures" }
  }

  override_resource {
    target = aws_sqs_queue.undelivered
    values = { arn = "arn:aws:sqs:us-west-2:123456789012:elephant-launch-ec2-undelivered" }
  }

  assert {
    condition     = aws_cloudwatch_event_target.recovery["ended"].rule == aws_cloudwatch_event_rule.recovery["ended"].name && aws_cloudwatch_event_target.recovery["ended"].arn == aws_lambda_function.launcher.arn
    error_message = "The rule's target is the function."
  }

  assert {
    condition     = aws_cloudwatch_event_target.recovery["ended"].retry_policy[0].maximum_event_age_in_seconds == 1800 && aws_cloudwatch_event_target.recovery["ended"].retry_policy[0].maximum_retry_attempts == 185
    error_message = "An event is tried for as long as a meeting's own."
  }

  assert {
    condition     = aws_cloudwatch_event_target.recovery["ended"].dead_letter_config[0].arn == aws_sqs_queue.undelivered.arn
    error_message = "An event that could not be delivered goes to the queue that 'make redrive' empties."
  }

  assert {
    condition     = aws_lambda_permission.recovery["ended"].principal == "events.amazonaws.com" && aws_lambda_permission.recovery["ended"].action == "lambda:InvokeFunction" && aws_lambda_permission.recovery["ended"].function_name == aws_lambda_function.launcher.function_name && aws_lambda_permission.recovery["ended"].source_arn == aws_cloudwatch_event_rule.recovery["ended"].arn
    error_message = "The rule, and no other one, may invoke the function."
  }
}

run "forwards_the_events_to_the_functions_region" {
  command = plan

  variables {
    region                 = "eu-west-1"
    stack_name             = "mammoth"
    market                 = ["spot"]
    launch_alarm_topic_arn = "arn:aws:sns:us-west-2:123456789012:operators"
  }

  assert {
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.forward : name => [alarm.metric_name, alarm.dimensions.RuleName, one(alarm.alarm_actions)] } == { for name in ["ended", "interrupted"] : "rule-${name}" => ["FailedInvocations", "mammoth-${name}", var.launch_alarm_topic_arn] }
    error_message = "What cannot be forwarded rings in the launch region."
  }

  assert {
    condition     = { for name, rule in aws_cloudwatch_event_rule.forward : name => rule.event_pattern } == { for name, rule in aws_cloudwatch_event_rule.recovery : name => rule.event_pattern } && keys(aws_cloudwatch_event_rule.forward) == ["ended", "interrupted"]
    error_message = "Both regions have the same rules, for the instances of the launch region."
  }

  assert {
    condition     = alltrue([for rule in aws_cloudwatch_event_rule.recovery : jsondecode(rule.event_pattern).region == ["us-west-2"]])
    error_message = "The function is not told of other instances beside it."
  }

  assert {
    condition     = [for target in aws_cloudwatch_event_target.forward : target.arn] == ["arn:aws:events:eu-west-1:123456789012:event-bus/default", "arn:aws:events:eu-west-1:123456789012:event-bus/default"]
    error_message = "The events go to the bus beside the function."
  }

  assert {
    condition     = alltrue([for target in aws_cloudwatch_event_target.forward : target.retry_policy[0].maximum_event_age_in_seconds == 86400 && target.retry_policy[0].maximum_retry_attempts == 185 && length(target.dead_letter_config) == 0])
    error_message = "They are tried for as long as EventBridge can."
  }

  assert {
    condition = jsondecode(aws_iam_role.forwarder[0].assume_role_policy).Statement == [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "events.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = "123456789012" }
        ArnEquals    = { "aws:SourceArn" = ["arn:aws:events:us-west-2:123456789012:rule/mammoth-ended", "arn:aws:events:us-west-2:123456789012:rule/mammoth-interrupted"] }
      }
    }]
    error_message = "Only these rules take the role."
  }
}
