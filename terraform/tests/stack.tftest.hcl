# What is provisioned where it depends on something: another resource, a switch, a variable.

mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "launch"
  source = "./tests/mocks"
}

run "keeps_what_failed_in_encrypted_queues" {
  override_resource {
    target = aws_sqs_queue.failures
    values = { arn = "arn:aws:sqs:us-west-2:123456789012:elephant-launch-ec2-failures" }
  }

  override_resource {
    target = aws_sqs_queue.undelivered
    values = { arn = "arn:aws:sqs:us-west-2:123456789012:elephant-launch-ec2-undelivered" }
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.launcher.destination_config[0].on_failure[0].destination == aws_sqs_queue.failures.arn
    error_message = "An event that failed for good goes to the queue."
  }

  assert {
    condition     = aws_scheduler_schedule.sweep[0].target[0].dead_letter_config[0].arn == aws_sqs_queue.undelivered.arn
    error_message = "An event that could not be delivered goes to the other queue."
  }

  assert {
    condition     = alltrue([for queue in [aws_sqs_queue.failures, aws_sqs_queue.undelivered] : queue.sqs_managed_sse_enabled && queue.message_retention_seconds == 1209600])
    error_message = "Both queues are encrypted and keep what they have for fourteen days."
  }

  assert {
    condition     = [aws_sqs_queue.failures.name, aws_sqs_queue.undelivered.name] == [local.failures_queue_name, local.undelivered_queue_name] && aws_cloudwatch_log_group.launcher[0].name == aws_lambda_function.launcher.logging_config[0].log_group && aws_lambda_function.launcher.function_name == var.stack_name && aws_scheduler_schedule_group.meetings.name == local.schedule_group_name
    error_message = "The policies' ARNs are those of what is made."
  }

  # The outputs are what a booking function needs.
  assert {
    condition     = output.function_arn == aws_lambda_function.launcher.arn && output.scheduler_role_arn == aws_iam_role.scheduler.arn && output.schedule_group_name == "elephant-launch-ec2" && output.undelivered_queue_arn == aws_sqs_queue.undelivered.arn && output.table_name == "elephant-meetings"
    error_message = "The outputs name the function, the role, the group, the queue and the table."
  }
}

run "takes_a_table_that_is_there" {
  command = plan

  variables {
    create_table = false
    table_name   = "bookings"
  }

  assert {
    condition     = length(aws_dynamodb_table.meetings) == 0 && output.table_name == "bookings" && aws_lambda_function.launcher.environment[0].variables.TABLE_NAME == "bookings"
    error_message = "No table is made."
  }
}

run "hands_the_function_every_variable" {
  command = plan

  variables {
    instance_type             = ["t3.large", "t3a.large"]
    table_name                = "bookings"
    launch_region             = "eu-central-1"
    availability_zones        = ["eu-central-1b", "eu-central-1a"]
    roles                     = ["host", "guest"]
    project_tag               = "Mammoth"
    root_device_name          = "/dev/sda1"
    volume_size_gib           = 80
    volume_type               = "gp3"
    market                    = ["spot", "on-demand"]
    imds_tokens               = "optional"
    instance_tags             = { CostCentre = "4711", Team = "desktops" }
    instance_metadata_tags    = "disabled"
    stack_name                = "mammoth"
    sweep_grace               = "PT20M"
    sweep_mode                = "terminate"
    recovery_mode             = "report"
    max_lateness              = "PT30M"
    max_earliness             = "PT20M"
    table_deletion_protection = false
    volume_encrypted          = true
    volume_kms_key_arn        = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"
    launch_template           = { id = "lt-0e1efa27000000001", version = 7 }
  }

  override_data {
    target = data.aws_subnets.default
    values = { ids = ["subnet-0e1efa2700000000a", "subnet-0e1efa2700000000b"] }
  }

  override_data {
    target = data.aws_subnet.allowed["subnet-0e1efa2700000000a"]
    values = { arn = "arn:a", availability_zone = "eu-central-1a", vpc_id = "vpc-0d3fa0170e1e9ba55" }
  }

  override_data {
    target = data.aws_subnet.allowed["subnet-0e1efa2700000000b"]
    values = { arn = "arn:b", availability_zone = "eu-central-1b", vpc_id = "vpc-0d3fa0170e1e9ba55" }
  }

  assert {
    condition = aws_lambda_function.launcher.environment[0].variables == tomap({
      AMI_ID                  = "ami-0e7fd79d17e852d18"
      IAM_PROFILE             = "EC2-S3-ReadOnly-Role"
      INSTANCE_TYPE           = "t3.large,t3a.large"
      KEY_NAME                = "shaundano-elephant"
      SECURITY_GROUP_IDS      = "sg-0e1efa27000000001,sg-0e1efa27000000002"
      TABLE_NAME              = "bookings"
      LAUNCH_REGION           = "eu-central-1"
      AVAILABILITY_ZONES      = "eu-central-1b,eu-central-1a"
      SUBNETS                 = "eu-central-1b=subnet-0e1efa2700000000b,eu-central-1a=subnet-0e1efa2700000000a"
      ROLES                   = "host,guest"
      PROJECT_TAG             = "Mammoth"
      ROOT_DEVICE_NAME        = "/dev/sda1"
      VOLUME_SIZE_GIB         = "80"
      VOLUME_TYPE             = "gp3"
      VOLUME_ENCRYPTED        = "true"
      VOLUME_KMS_KEY_ARN      = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"
      LAUNCH_TEMPLATE         = "lt-0e1efa27000000001:7"
      MARKET                  = "spot,on-demand"
      IMDS_TOKENS             = "optional"
      INSTANCE_TAGS           = "{\"CostCentre\":\"4711\",\"Team\":\"desktops\"}"
      INSTANCE_METADATA_TAGS  = "disabled"
      STACK_NAME              = "mammoth"
      SWEEP_GRACE             = "PT20M"
      SWEEP_MODE              = "terminate"
      RECOVERY_MODE           = "report"
      MAX_LATENESS            = "PT30M"
      MAX_EARLINESS           = "PT20M"
      DISABLE_SIGNAL_HANDLERS = "true"
    })
    error_message = "Every variable reaches the function as it reads it."
  }

  assert {
    condition     = !aws_dynamodb_table.meetings[0].deletion_protection_enabled
    error_message = "The table's protection can be taken off."
  }
}

run "schedules_no_sweep_where_none_is_wanted" {
  command = plan

  variables {
    sweep_schedule = null
  }

  assert {
    condition     = length(aws_scheduler_schedule.sweep) == 0 && !contains(keys(aws_cloudwatch_metric_alarm.alarm), "heartbeat")
    error_message = "There is no sweep, and nothing that must be heard of it."
  }
}

run "schedules_meetings_by_themselves" {
  command = plan

  variables {
    meetings = { m-1 = "2099-01-15T09:55:00Z", m-2 = "2099-01-15T10:25:00Z" }
  }

  assert {
    condition     = { for id, schedule in aws_scheduler_schedule.meeting : id => schedule.schedule_expression } == { m-1 = "at(2099-01-15T09:55:00)", m-2 = "at(2099-01-15T10:25:00)" }
    error_message = "Every meeting has its time."
  }

  assert {
    condition     = alltrue([for id, schedule in aws_scheduler_schedule.meeting : schedule.name == "launch-${id}" && schedule.schedule_expression_timezone == "UTC" && schedule.group_name == "elephant-launch-ec2" && schedule.flexible_time_window[0].mode == "OFF" && jsondecode(schedule.target[0].input) == { meeting_id = id }])
    error_message = "Every meeting's schedule hands the function its id, on the minute."
  }
}

run "rings_for_what_aws_and_the_function_count" {
  command = plan

  variables {
    stack_name                  = "mammoth"
    market                      = ["on-demand", "spot"]
    slow_launch_seconds         = 12.5
    fall_backs_per_quarter_hour = 3
  }

  assert {
    condition = alltrue([for name, expected in {
      launch-failed        = ["Elephant/Launch", "LaunchFailed", "mammoth", "Sum", 0, 60]
      stray-machine        = ["Elephant/Launch", "SweepStray", "mammoth", "Sum", 0, 900]
      overdue              = ["Elephant/Launch", "SweepOverdue", "mammoth", "Sum", 0, 900]
      machine-lost         = ["Elephant/Launch", "MachineMissing", "mammoth", "Sum", 0, 300]
      slow-launch          = ["Elephant/Launch", "LaunchLatency", "mammoth", "Maximum", 12500, 60]
      late-launch          = ["Elephant/Launch", "LaunchedLate", "mammoth", "Sum", 0, 60]
      too-early            = ["Elephant/Launch", "TooEarly", "mammoth", "Sum", 0, 60]
      fall-backs           = ["Elephant/Launch", "FellBack", "mammoth", "Sum", 3, 900]
      errors               = ["AWS/Lambda", "Errors", "mammoth", "Sum", 0, 60]
      throttles            = ["AWS/Lambda", "Throttles", "mammoth", "Sum", 0, 60]
      duration             = ["AWS/Lambda", "Duration", "mammoth", "Maximum", 432000, 60]
      events-dropped       = ["AWS/Lambda", "AsyncEventsDropped", "mammoth", "Sum", 0, 60]
      events-lost          = ["AWS/Lambda", "DestinationDeliveryFailures", "mammoth", "Sum", 0, 60]
      failures             = ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "mammoth-failures", "Maximum", 0, 60]
      undelivered          = ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "mammoth-undelivered", "Maximum", 0, 60]
      schedule-errors      = ["AWS/Scheduler", "TargetErrorCount", "mammoth", "Sum", 0, 60]
      schedule-dropped     = ["AWS/Scheduler", "InvocationDroppedCount", "mammoth", "Sum", 0, 60]
      schedule-undelivered = ["AWS/Scheduler", "InvocationsSentToDeadLetterCount", "mammoth", "Sum", 0, 60]
      rule-ended           = ["AWS/Events", "FailedInvocations", "mammoth-ended", "Sum", 0, 60]
      rule-interrupted     = ["AWS/Events", "FailedInvocations", "mammoth-interrupted", "Sum", 0, 60]
      } : [for alarm in [aws_cloudwatch_metric_alarm.alarm[name]] :
      [alarm.namespace, alarm.metric_name, one(values(alarm.dimensions)), alarm.statistic, alarm.threshold, alarm.period]
    ] == [expected]])
    error_message = "An alarm is on another metric, or rings at another value."
  }

  assert {
    condition     = alltrue([for name, alarm in aws_cloudwatch_metric_alarm.alarm : alarm.alarm_name == "mammoth-${name}" && alarm.alarm_actions == toset([var.alarm_topic_arn]) && alarm.ok_actions == alarm.alarm_actions && (name == "heartbeat" || alarm.treat_missing_data == "notBreaching" && alarm.comparison_operator == "GreaterThanThreshold")])
    error_message = "Every alarm tells the topic, and tells it when it is over; where nothing happens only the heartbeat rings."
  }

  assert {
    condition     = alltrue([for name, alarm in aws_cloudwatch_metric_alarm.alarm : strcontains(alarm.alarm_description, "mammoth") && endswith(alarm.alarm_description, "${contains(local.can_wait, name) ? "It can wait until morning." : "Act now."} What to do: terraform/RUNBOOK.md, 'Alarms, and what to do'.") && length(alarm.alarm_description) <= 1024])
    error_message = "Every alarm says what it means, whether it can wait, and where to read on."
  }
}

run "rings_where_nothing_runs_for_two_sweeps" {
  command = plan

  assert {
    condition     = [for alarm in [aws_cloudwatch_metric_alarm.alarm["heartbeat"]] : [alarm.namespace, alarm.metric_name, alarm.dimensions.LogGroupName, alarm.comparison_operator, alarm.threshold, alarm.period, alarm.evaluation_periods, alarm.treat_missing_data]] == [["AWS/Logs", "IncomingLogEvents", "/aws/lambda/elephant-launch-ec2", "LessThanThreshold", 1, 1200, 1, "breaching"]]
    error_message = "No line in twenty minutes rings, and no log group does too."
  }
}

run "looks_back_by_hours_for_a_sweep_of_few_times" {
  command = plan

  variables {
    sweep_schedule = "cron(0 3 * * ? *)"
  }

  assert {
    condition     = [aws_cloudwatch_metric_alarm.alarm["heartbeat"].period, aws_cloudwatch_metric_alarm.alarm["heartbeat"].evaluation_periods] == [3600, 48]
    error_message = "Of a cron expression two days are waited for."
  }
}

run "rings_for_an_address_beside_a_topic_in_both_regions" {
  variables {
    region      = "eu-west-1"
    alarm_email = "operators@example.com"
  }

  assert {
    condition     = alltrue([for subscription in [aws_sns_topic_subscription.alarms[0], aws_sns_topic_subscription.launch_alarms[0]] : subscription.protocol == "email" && subscription.endpoint == "operators@example.com"])
    error_message = "The address hears of both topics."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.alarm : alarm.alarm_actions == toset([var.alarm_topic_arn, aws_sns_topic.alarms[0].arn])]) && alltrue([for alarm in aws_cloudwatch_metric_alarm.forward : alarm.alarm_actions == toset([aws_sns_topic.launch_alarms[0].arn])])
    error_message = "Every alarm tells the topics of its region."
  }
}

run "warns_where_nobody_hears_the_alarms" {
  command = plan

  variables {
    alarm_topic_arn = null
  }

  expect_failures = [check.alarms]
}

run "warns_where_nobody_hears_the_alarms_of_the_launch_region" {
  command = plan

  variables {
    region = "eu-west-1"
  }

  expect_failures = [check.alarms]
}

run "shows_a_dashboard" {
  command = plan

  variables {
    region                 = "eu-west-1"
    launch_alarm_topic_arn = "arn:aws:sns:us-west-2:123456789012:operators"
    stack_name             = "mammoth"
    slow_launch_seconds    = 20
    availability_zones     = ["us-west-2b", "us-west-2a"]
  }

  # jsondecode fails where the body is no JSON.
  assert {
    condition     = aws_cloudwatch_dashboard.launcher[0].dashboard_name == "mammoth-eu-west-1" && length(jsondecode(aws_cloudwatch_dashboard.launcher[0].dashboard_body).widgets) == 12
    error_message = "The dashboard has the names of the stack and of the region, and twelve widgets."
  }

  assert {
    condition     = toset([for widget in jsondecode(aws_cloudwatch_dashboard.launcher[0].dashboard_body).widgets : try(widget.properties.region, "eu-west-1")]) == toset(["eu-west-1"])
    error_message = "Everything is in the function's region."
  }

  assert {
    condition     = toset(jsondecode(aws_cloudwatch_dashboard.launcher[0].dashboard_body).widgets[0].properties.alarms) == toset([for alarm in aws_cloudwatch_metric_alarm.alarm : "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${alarm.alarm_name}"])
    error_message = "It shows the state of every alarm there is."
  }

  assert {
    condition     = alltrue([for metric in flatten([for widget in jsondecode(aws_cloudwatch_dashboard.launcher[0].dashboard_body).widgets : [for metric in try(widget.properties.metrics, []) : { name = metric } if !can(metric[0].expression)]]) : contains([["Elephant/Launch", "Stack", "mammoth"], ["AWS/SQS", "QueueName", "mammoth-failures"], ["AWS/SQS", "QueueName", "mammoth-undelivered"]], [metric.name[0], metric.name[2], metric.name[3]])])
    error_message = "Every other metric is one of this stack or of its queues."
  }

  assert {
    condition     = [for widget in jsondecode(aws_cloudwatch_dashboard.launcher[0].dashboard_body).widgets : startswith(widget.properties.query, "SOURCE '/aws/lambda/mammoth'\n| ") if widget.type == "log"] == [true]
    error_message = "It lists the last failures out of the function's log."
  }

  assert {
    condition     = alltrue([for widget in jsondecode(aws_cloudwatch_dashboard.launcher[0].dashboard_body).widgets : widget.x + widget.width <= 24])
    error_message = "Every widget fits on the grid of 24 columns."
  }
}

run "shows_no_dashboard_where_none_is_wanted" {
  command = plan

  variables {
    dashboard = false
  }

  assert {
    condition     = length(aws_cloudwatch_dashboard.launcher) == 0
    error_message = "There is no dashboard."
  }
}
