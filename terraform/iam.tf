# Names and ARNs are put together here instead of read from the resources, so that a plan shows both
# policies in full before anything exists.
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
  # KMS's documents have the first; outside the partition aws it may be the second.
  ec2_services = distinct([for suffix in ["amazonaws.com", data.aws_partition.current.dns_suffix] : "ec2.${var.launch_region}.${suffix}"])
  # IAM's names are an account's, and not a region's. The longest region and -scheduler leave 39 of 64
  # characters; a longer stack_name cuts the region short.
  role_name = substr("${var.stack_name}-${local.region}", 0, 54)
  # In an ARN of a policy these three characters mean something else.
  key_name = replace(replace(replace(var.key_name, "$", "$${$}"), "*", "$${*}"), "?", "$${?}")
}

# What RunInstances is checked against, resource by resource: every resource that a launch names or
# makes must be allowed, each under the condition keys that it has.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
locals {
  # What the function tags an instance with itself; beside these are the organization's own.
  launch_tag_keys = ["Name", "MeetingID", "Role", "Project", "LaunchedBy"]

  # Conditions on the tags of what is launched.
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
        # The subnet is a resource of the same call; this one keeps out interfaces of other subnets.
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
          # A request that names no market is one for on-demand.
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
      # The rest is what Lambda does with the role on the function's behalf.
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
    # What a template adds that the request does not name; everything else is under the conditions above.
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
    # EC2 uses the key on the role's behalf, and the instance by a grant that EC2 makes.
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
    # What the preflight looks at beside what a launch does: none of it can be changed by these.
    [for statement in [
      {
        Sid    = "PreflightLook"
        Effect = "Allow"
        # IAM can bind none of these to a resource.
        Action = [
          "ec2:DescribeAvailabilityZones",
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
  description = "What the function ${var.stack_name} may do"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })

  # A role that was made under another name keeps it: the booking function's schedules name it.
  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_iam_role_policy" "launcher" {
  name = "launch"
  role = aws_iam_role.launcher.name

  policy = local.launcher_policy

  # An apply would end half-way. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  lifecycle {
    precondition {
      condition     = length(local.launcher_policy) <= 10240
      error_message = "The function's policy has ${length(local.launcher_policy)} characters, and IAM takes 10240 of a role. Each subnet is in it twice: name fewer in subnet_ids, or set preflight = false."
    }
  }
}

# The role that EventBridge Scheduler takes to invoke the function. Without the conditions any
# account's schedule could use it.
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
      # What could not be delivered goes to the queue under this role too.
      {
        Sid      = "KeepUndelivered"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = local.undelivered_queue_arn
      },
    ]
  })
}
