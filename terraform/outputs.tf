output "function_name" {
  description = "The function's name, for invoking it by hand."
  value       = aws_lambda_function.launcher.function_name
}

output "function_arn" {
  description = "The target of the booking function's schedules."
  value       = aws_lambda_function.launcher.arn
}

output "scheduler_role_arn" {
  description = "The role that the booking function's schedules name."
  value       = aws_iam_role.scheduler.arn
}

output "schedule_group_name" {
  description = "The group of the booking function's schedules; the scheduler's role works in no other."
  value       = aws_scheduler_schedule_group.meetings.name
}

output "undelivered_queue_arn" {
  description = "The dead-letter queue that the booking function's schedules name."
  value       = aws_sqs_queue.undelivered.arn
}

output "undelivered_queue_url" {
  description = "The URL of the queue of events that EventBridge could not deliver."
  value       = aws_sqs_queue.undelivered.url
}

output "failures_queue_url" {
  description = "The URL of the queue of events that failed three times."
  value       = aws_sqs_queue.failures.url
}

output "table_name" {
  description = "The table that the booking function writes rows into."
  value       = var.create_table ? aws_dynamodb_table.meetings[0].name : var.table_name
}

output "log_group_name" {
  description = "The function's log group."
  value       = local.log_group_name
}

output "booking_function_policy" {
  description = "The policy that the booking function's role needs: to make and delete schedules in the group, with the scheduler's role."
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ScheduleMeetings"
        Effect   = "Allow"
        Action   = ["scheduler:CreateSchedule", "scheduler:DeleteSchedule"]
        Resource = "arn:${local.partition}:scheduler:${local.region}:${local.account}:schedule/${local.schedule_group_name}/*"
      },
      {
        Sid       = "PassTheSchedulersRole"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = aws_iam_role.scheduler.arn
        Condition = { StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" } }
      },
    ]
  })
}

output "launcher_role_arn" {
  description = "The role that the function runs with."
  value       = aws_iam_role.launcher.arn
}

output "region" {
  description = "The region of the function, its queues and its schedules."
  value       = local.region
}

output "launch_region" {
  description = "The region of the table and of the instances."
  value       = var.launch_region
}
