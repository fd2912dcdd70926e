# Names and ARNs are composed here instead of read from the resources, so that a plan shows the policies in full
# before anything exists.
locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = coalesce(var.region, var.launch_region)

  function_arn = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${var.stack_name}"

  log_group_name = "/aws/lambda/${var.stack_name}"
  log_group_arn  = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${local.log_group_name}"

  failures_queue_name    = "${var.stack_name}-failures"
  failures_queue_arn     = "arn:${local.partition}:sqs:${local.region}:${local.account}:${local.failures_queue_name}"
  undelivered_queue_name = "${var.stack_name}-undelivered"
  undelivered_queue_arn  = "arn:${local.partition}:sqs:${local.region}:${local.account}:${local.undelivered_queue_name}"

  schedule_group_name = var.stack_name
  schedule_group_arn  = "arn:${local.partition}:scheduler:${local.region}:${local.account}:schedule-group/${local.schedule_group_name}"

  table_arn = "arn:${local.partition}:dynamodb:${var.launch_region}:${local.account}:table/${var.table_name}"

  ec2_arn              = "arn:${local.partition}:ec2:${var.launch_region}:${local.account}"
  image_arn            = "arn:${local.partition}:ec2:${var.launch_region}::image"
  snapshot_arn         = "arn:${local.partition}:ec2:${var.launch_region}::snapshot"
  launch_template_arns = [for template in data.aws_launch_template.instance : "${local.ec2_arn}:launch-template/${template.id}"]
  # KMS documents the first; in other partitions than aws it may be the second.
  ec2_services = distinct([for suffix in ["amazonaws.com", data.aws_partition.current.dns_suffix] : "ec2.${var.launch_region}.${suffix}"])
  # IAM's names are unique in the account, so they have the region. The longest region and -scheduler leave 39 of
  # 64 characters; with a longer stack_name the region is cut off.
  role_name = substr("${var.stack_name}-${local.region}", 0, 54)
  # In a policy's ARN these three characters have a special meaning.
  key_name = replace(replace(replace(var.key_name, "$", "$${$}"), "*", "$${*}"), "?", "$${?}")
}

# IAM checks RunInstances for each resource that a launch names or makes, with that resource's condition keys.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
locals {
  # The function's own tags; instance_tags has the organization's.
  launch_tag_keys = ["Name", "MeetingID", "Role", "Project", "LaunchedBy"]

  # Conditions on the tags of an instance and its volume.
  tagged = {
    StringEquals = {
      "aws:RequestTag/Project"    = var.project_tag
      "aws:RequestTag/LaunchedBy" = var.stack_name
      "aws:RequestTag/Role"       = var.roles
    }
    StringLike = {
      "aws:RequestTag/MeetingID" = "?*"
    }
  }

  launcher_statements = concat(
    [
      {
        Sid      = "Look"
        Effect   = "Allow"
        Action   = "ec2:DescribeInstances"
        Resource = "*"
      },
      {
        Sid    = "LaunchFrom"
        Effect = "Allow"
        Action = "ec2:RunInstances"
        Resource = concat(
          [for id in local.ami_ids : "${local.image_arn}/${id}"],
          ["${local.ec2_arn}:key-pair/${local.key_name}"],
          [for id in var.security_group_ids : "${local.ec2_arn}:security-group/${id}"],
          local.subnet_arns,
          local.launch_template_arns,
        )
      },
      {
        Sid      = "LaunchNetworkInterface"
        Effect   = "Allow"
        Action   = "ec2:RunInstances"
        Resource = "${local.ec2_arn}:network-interface/*"
        # The call names its subnet; this keeps out interfaces in other subnets.
        Condition = {
          ArnEqualsIfExists = { "ec2:Subnet" = local.subnet_arns }
        }
      },
      {
        Sid      = "LaunchInstance"
        Effect   = "Allow"
        Action   = "ec2:RunInstances"
        Resource = "${local.ec2_arn}:instance/*"
        Condition = merge(
          {
            StringEquals = merge(
              local.tagged.StringEquals,
              { "ec2:InstanceType" = var.instance_type },
              var.imds_tokens == "required" ? { "ec2:MetadataHttpTokens" = "required" } : {},
              contains(var.market, "on-demand") ? {} : { "ec2:InstanceMarketType" = var.market },
            )
            StringLike = local.tagged.StringLike
            ArnEquals  = { "ec2:InstanceProfile" = local.instance_profile_arn }
          },
          # A request without a market is for on-demand.
          contains(var.market, "on-demand") ? { StringEqualsIfExists = { "ec2:InstanceMarketType" = var.market } } : {},
        )
      },
      {
        Sid      = "LaunchVolume"
        Effect   = "Allow"
        Action   = "ec2:RunInstances"
        Resource = "${local.ec2_arn}:volume/*"
        Condition = merge(
          {
            StringEquals          = merge(local.tagged.StringEquals, { "ec2:VolumeType" = var.volume_type })
            StringLike            = local.tagged.StringLike
            NumericLessThanEquals = { "ec2:VolumeSize" = tostring(var.volume_size_gib) }
          },
          var.volume_encrypted ? { Bool = { "ec2:Encrypted" = "true" } } : {},
        )
      },
      {
        Sid      = "TagAtLaunch"
        Effect   = "Allow"
        Action   = "ec2:CreateTags"
        Resource = ["${local.ec2_arn}:instance/*", "${local.ec2_arn}:volume/*"]
        Condition = {
          StringEquals                = { "ec2:CreateAction" = "RunInstances" }
          "ForAllValues:StringEquals" = { "aws:TagKeys" = concat(local.launch_tag_keys, keys(var.instance_tags)) }
        }
      },
      {
        Sid       = "PassTheInstancesRole"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = local.instance_role_arn
        Condition = { StringEquals = { "iam:PassedToService" = "ec2.${data.aws_partition.current.dns_suffix}" } }
      },
      {
        Sid       = "TerminateOwnInstances"
        Effect    = "Allow"
        Action    = "ec2:TerminateInstances"
        Resource  = "${local.ec2_arn}:instance/*"
        Condition = { StringEquals = { "aws:ResourceTag/LaunchedBy" = var.stack_name } }
      },
      {
        Sid      = "ReadAndWriteMeetings"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
        Resource = local.table_arn
      },
      # Lambda does the rest on the function's behalf.
      {
        Sid      = "WriteLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${local.log_group_arn}:log-stream:*"
      },
      {
        Sid      = "KeepFailures"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = local.failures_queue_arn
      },
    ],
    # Resources that only a template names; the conditions above cover the others.
    [for statement in [
      {
        Sid    = "LaunchByTemplate"
        Effect = "Allow"
        Action = "ec2:RunInstances"
        Resource = [
          "${local.ec2_arn}:capacity-reservation/*",
          "${local.ec2_arn}:placement-group/*",
          "${local.snapshot_arn}/*",
        ]
        Condition = {
          ArnEquals = { "ec2:LaunchTemplate" = local.launch_template_arns }
          Bool      = { "ec2:IsLaunchTemplateResource" = "true" }
        }
      },
      # RunInstances has no condition key for these two.
      {
        Sid    = "LaunchByTemplateInGroups"
        Effect = "Allow"
        Action = "ec2:RunInstances"
        Resource = [
          "arn:${local.partition}:license-manager:${var.launch_region}:${local.account}:license-configuration:*",
          "arn:${local.partition}:resource-groups:${var.launch_region}:${local.account}:group/*",
        ]
      },
    ] : statement if length(local.launch_template_arns) > 0],
    # EC2 uses the key on the role's behalf, and makes a grant for the instance.
    # https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
    [for statement in [
      {
        Sid    = "EncryptVolumes"
        Effect = "Allow"
        Action = [
          "kms:Decrypt",
          "kms:DescribeKey",
          "kms:GenerateDataKeyWithoutPlaintext",
          "kms:ReEncryptFrom",
          "kms:ReEncryptTo",
        ]
        Resource  = local.customer_key_arns
        Condition = { StringEquals = { "kms:ViaService" = local.ec2_services } }
      },
      {
        Sid      = "LetVolumesUseTheirKey"
        Effect   = "Allow"
        Action   = "kms:CreateGrant"
        Resource = local.customer_key_arns
        Condition = {
          Bool         = { "kms:GrantIsForAWSResource" = "true" }
          StringEquals = { "kms:ViaService" = local.ec2_services }
        }
      },
    ] : statement if length(local.customer_key_arns) > 0],
    var.tracing ? [
      {
        Sid      = "Trace"
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = "*"
      },
    ] : [],
    # What the preflight reads beside what a launch does. These change nothing.
    [for statement in [
      {
        Sid    = "PreflightLook"
        Effect = "Allow"
        # IAM has no resources for these.
        Action = [
          "ec2:DescribeImages",
          "ec2:DescribeInstanceTypeOfferings",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeKeyPairs",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
        ]
        Resource = "*"
      },
      {
        Sid      = "PreflightTable"
        Effect   = "Allow"
        Action   = "dynamodb:DescribeTable"
        Resource = local.table_arn
      },
    ] : statement if var.preflight],
  )
}

locals {
  launcher_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.launcher_statements
  })
}

resource "aws_iam_role" "launcher" {
  name        = local.role_name
  description = "The role of the function ${var.stack_name}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })

  # A role keeps the name that it was made with, because the booking function's schedules name it.
  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_iam_role_policy" "launcher" {
  name = "launch"
  role = aws_iam_role.launcher.name

  policy = local.launcher_policy

  # An apply would fail half-way. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  lifecycle {
    precondition {
      condition     = length(local.launcher_policy) <= 10240
      error_message = "The function's policy has ${length(local.launcher_policy)} characters, and IAM allows 10240 per role. Each subnet is in it twice: name fewer in subnet_ids, or set preflight = false."
    }
  }
}

# The role that EventBridge Scheduler assumes to invoke the function. Without the conditions a schedule of any
# account could use it.
# https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
resource "aws_iam_role" "scheduler" {
  name        = "${local.role_name}-scheduler"
  description = "Lets the schedules of ${local.schedule_group_name} invoke ${var.stack_name}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnEquals    = { "aws:SourceArn" = local.schedule_group_arn }
      }
    }]
  })

  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_iam_role_policy" "scheduler" {
  name = "invoke"
  role = aws_iam_role.scheduler.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "InvokeTheLauncher"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = local.function_arn
      },
      # The schedules also send to the dead-letter queue with this role.
      {
        Sid      = "KeepUndelivered"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = local.undelivered_queue_arn
      },
    ]
  })
}
