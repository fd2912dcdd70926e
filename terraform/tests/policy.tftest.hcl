# The policies, statement by statement.

mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "launch"
  source = "./tests/mocks"
}

run "allows_what_the_function_does_and_no_more" {
  command = plan

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.launcher.policy).Statement : statement.Sid] == ["Look", "LaunchFrom", "LaunchNetworkInterface", "LaunchInstance", "LaunchVolume", "TagAtLaunch", "PassTheInstancesRole", "TerminateOwnInstances", "ReadAndWriteMeetings", "WriteLog", "KeepFailures", "PreflightLook", "PreflightTable"]
    error_message = "There is another statement than these."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.launcher.policy).Statement : statement.Effect == "Allow"])
    error_message = "Every statement allows."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[0] == {
      Sid      = "Look"
      Effect   = "Allow"
      Action   = "ec2:DescribeInstances"
      Resource = "*"
    }
    error_message = "It looks at instances."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[1] == {
      Sid    = "LaunchFrom"
      Effect = "Allow"
      Action = "ec2:RunInstances"
      Resource = [
        "arn:aws:ec2:us-west-2::image/ami-0e7fd79d17e852d18",
        "arn:aws:ec2:us-west-2:123456789012:key-pair/shaundano-elephant",
        "arn:aws:ec2:us-west-2:123456789012:security-group/sg-0e1efa27000000001",
        "arn:aws:ec2:us-west-2:123456789012:security-group/sg-0e1efa27000000002",
        "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0a11111111111111a",
        "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0b22222222222222b",
        "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0c33333333333333c",
        "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0d44444444444444d",
      ]
    }
    error_message = "It launches from this image, this key pair, these security groups and the default subnets."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[2] == {
      Sid      = "LaunchNetworkInterface"
      Effect   = "Allow"
      Action   = "ec2:RunInstances"
      Resource = "arn:aws:ec2:us-west-2:123456789012:network-interface/*"
      Condition = {
        ArnEqualsIfExists = {
          "ec2:Subnet" = [
            "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0a11111111111111a",
            "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0b22222222222222b",
            "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0c33333333333333c",
            "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0d44444444444444d",
          ]
        }
      }
    }
    error_message = "An instance's network interface is in these subnets."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[3] == {
      Sid      = "LaunchInstance"
      Effect   = "Allow"
      Action   = "ec2:RunInstances"
      Resource = "arn:aws:ec2:us-west-2:123456789012:instance/*"
      Condition = {
        StringEquals = {
          "aws:RequestTag/Project"    = "Elephant"
          "aws:RequestTag/LaunchedBy" = "elephant-launch-ec2"
          "aws:RequestTag/Role"       = ["teacher", "student"]
          "ec2:InstanceType"          = ["t3.large"]
          "ec2:MetadataHttpTokens"    = "required"
        }
        StringEqualsIfExists = { "ec2:InstanceMarketType" = ["on-demand"] }
        StringLike           = { "aws:RequestTag/MeetingID" = "?*" }
        ArnEquals            = { "ec2:InstanceProfile" = "arn:aws:iam::123456789012:instance-profile/EC2-S3-ReadOnly-Role" }
      }
    }
    error_message = "It launches tagged instances of this type and profile, on demand and with IMDSv2."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[4] == {
      Sid      = "LaunchVolume"
      Effect   = "Allow"
      Action   = "ec2:RunInstances"
      Resource = "arn:aws:ec2:us-west-2:123456789012:volume/*"
      Condition = {
        StringEquals = {
          "aws:RequestTag/Project"    = "Elephant"
          "aws:RequestTag/LaunchedBy" = "elephant-launch-ec2"
          "aws:RequestTag/Role"       = ["teacher", "student"]
          "ec2:VolumeType"            = "gp2"
        }
        StringLike            = { "aws:RequestTag/MeetingID" = "?*" }
        NumericLessThanEquals = { "ec2:VolumeSize" = "60" }
        Bool                  = { "ec2:Encrypted" = "true" }
      }
    }
    error_message = "Volumes are tagged, encrypted and not too large."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[5] == {
      Sid      = "TagAtLaunch"
      Effect   = "Allow"
      Action   = "ec2:CreateTags"
      Resource = ["arn:aws:ec2:us-west-2:123456789012:instance/*", "arn:aws:ec2:us-west-2:123456789012:volume/*"]
      Condition = {
        StringEquals                = { "ec2:CreateAction" = "RunInstances" }
        "ForAllValues:StringEquals" = { "aws:TagKeys" = ["Name", "MeetingID", "Role", "Project", "LaunchedBy"] }
      }
    }
    error_message = "It tags only what it is launching, with its own tags."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[6] == {
      Sid       = "PassTheInstancesRole"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = "arn:aws:iam::123456789012:role/EC2-S3-ReadOnly-Role"
      Condition = { StringEquals = { "iam:PassedToService" = "ec2.amazonaws.com" } }
    }
    error_message = "It passes the profile's role, to EC2."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[7] == {
      Sid       = "TerminateOwnInstances"
      Effect    = "Allow"
      Action    = "ec2:TerminateInstances"
      Resource  = "arn:aws:ec2:us-west-2:123456789012:instance/*"
      Condition = { StringEquals = { "aws:ResourceTag/LaunchedBy" = "elephant-launch-ec2" } }
    }
    error_message = "It terminates its own instances."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[8] == {
      Sid      = "ReadAndWriteMeetings"
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
      Resource = "arn:aws:dynamodb:us-west-2:123456789012:table/elephant-meetings"
    }
    error_message = "It reads and writes rows of one table."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[9] == {
      Sid      = "WriteLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:aws:logs:us-west-2:123456789012:log-group:/aws/lambda/elephant-launch-ec2:log-stream:*"
    }
    error_message = "It writes its own log."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[10] == {
      Sid      = "KeepFailures"
      Effect   = "Allow"
      Action   = "sqs:SendMessage"
      Resource = "arn:aws:sqs:us-west-2:123456789012:elephant-launch-ec2-failures"
    }
    error_message = "It keeps failed events in their queue."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[11] == {
      Sid    = "PreflightLook"
      Effect = "Allow"
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
    }
    error_message = "The preflight looks, and changes nothing."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[12] == {
      Sid      = "PreflightTable"
      Effect   = "Allow"
      Action   = "dynamodb:DescribeTable"
      Resource = "arn:aws:dynamodb:us-west-2:123456789012:table/elephant-meetings"
    }
    error_message = "The preflight looks at the one table."
  }

  assert {
    condition     = length(aws_iam_role_policy.launcher.policy) < 10240
    error_message = "IAM takes no longer policy in a role."
  }

  assert {
    condition     = jsondecode(aws_iam_role.launcher.assume_role_policy).Statement == [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
    error_message = "Only Lambda takes the function's role."
  }
}

run "allows_nothing_for_a_preflight_that_is_turned_off" {
  command = plan

  variables {
    preflight = false
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.launcher.policy).Statement : statement.Sid] == ["Look", "LaunchFrom", "LaunchNetworkInterface", "LaunchInstance", "LaunchVolume", "TagAtLaunch", "PassTheInstancesRole", "TerminateOwnInstances", "ReadAndWriteMeetings", "WriteLog", "KeepFailures"]
    error_message = "What is left is what a launch needs."
  }
}

run "lets_the_scheduler_invoke_this_function_for_this_group" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.scheduler.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = "123456789012" }
        ArnEquals    = { "aws:SourceArn" = "arn:aws:scheduler:us-west-2:123456789012:schedule-group/elephant-launch-ec2" }
      }
    }]
    error_message = "Only this account's schedules of this group take the role."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.scheduler.policy).Statement == [
      {
        Sid      = "InvokeTheLauncher"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = "arn:aws:lambda:us-west-2:123456789012:function:elephant-launch-ec2"
      },
      {
        Sid      = "KeepUndelivered"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = "arn:aws:sqs:us-west-2:123456789012:elephant-launch-ec2-undelivered"
      },
    ]
    error_message = "The scheduler invokes this function, and keeps what it could not deliver."
  }
}

run "allows_spot_unencrypted_volumes_and_imdsv1_where_they_are_configured" {
  command = plan

  variables {
    market           = ["spot", "on-demand"]
    volume_encrypted = false
    imds_tokens      = "optional"
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.launcher.policy).Statement[3].Condition.StringEqualsIfExists == { "ec2:InstanceMarketType" = ["spot", "on-demand"] }
    error_message = "Both markets are allowed."
  }

  assert {
    condition     = !contains(keys(jsondecode(aws_iam_role_policy.launcher.policy).Statement[3].Condition.StringEquals), "ec2:MetadataHttpTokens")
    error_message = "IMDSv1 is allowed."
  }

  assert {
    condition     = !contains(keys(jsondecode(aws_iam_role_policy.launcher.policy).Statement[4].Condition), "Bool")
    error_message = "Volumes need not be encrypted."
  }
}

run "allows_nothing_but_spot_where_only_that_is_configured" {
  command = plan

  variables {
    market = ["spot"]
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.launcher.policy).Statement[3].Condition.StringEquals["ec2:InstanceMarketType"] == ["spot"] && !contains(keys(jsondecode(aws_iam_role_policy.launcher.policy).Statement[3].Condition), "StringEqualsIfExists")
    error_message = "A request without a market is one for on-demand, and is refused."
  }
}

run "allows_what_is_named" {
  command = plan

  variables {
    ami_id           = "ami-0ffffffffffffffff"
    earlier_ami_ids  = ["ami-0e7fd79d17e852d18", "ami-0ffffffffffffffff"]
    instance_type    = ["t3.large", "t3a.large"]
    key_name         = "any?$*"
    subnet_ids       = ["subnet-0a55555555555555a"]
    iam_profile_role = "machines/desktop"
    table_name       = "bookings"
    launch_region    = "eu-central-1"
    region           = "eu-west-1"
    stack_name       = "mammoth"
    project_tag      = "Mammoth"
    roles            = ["host"]
    volume_size_gib  = 80
    volume_type      = "gp3"
    tracing          = true
  }

  override_data {
    target = data.aws_subnets.chosen
    values = { ids = ["subnet-0a55555555555555a"] }
  }

  override_data {
    target = data.aws_subnet.allowed["subnet-0a55555555555555a"]
    values = {
      arn               = "arn:aws:ec2:eu-central-1:210987654321:subnet/subnet-0a55555555555555a"
      availability_zone = "eu-central-1a"
      vpc_id            = "vpc-0d3fa0170e1e9ba55"
    }
  }

  expect_failures = [check.instance_profile]

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[1].Resource == [
      "arn:aws:ec2:eu-central-1::image/ami-0ffffffffffffffff",
      "arn:aws:ec2:eu-central-1::image/ami-0e7fd79d17e852d18",
      "arn:aws:ec2:eu-central-1:123456789012:key-pair/any$${?}$${$}$${*}",
      "arn:aws:ec2:eu-central-1:123456789012:security-group/sg-0e1efa27000000001",
      "arn:aws:ec2:eu-central-1:123456789012:security-group/sg-0e1efa27000000002",
      "arn:aws:ec2:eu-central-1:210987654321:subnet/subnet-0a55555555555555a",
    ]
    error_message = "Both images, the key pair to the letter, and the one subnet, which is another account's."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.launcher.policy).Statement[3].Condition.StringEquals == {
      "aws:RequestTag/Project"    = "Mammoth"
      "aws:RequestTag/LaunchedBy" = "mammoth"
      "aws:RequestTag/Role"       = ["host"]
      "ec2:InstanceType"          = ["t3.large", "t3a.large"]
      "ec2:MetadataHttpTokens"    = "required"
    }
    error_message = "The tags and the types are as they are configured."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.launcher.policy).Statement[4].Condition.NumericLessThanEquals == { "ec2:VolumeSize" = "80" } && jsondecode(aws_iam_role_policy.launcher.policy).Statement[4].Condition.StringEquals["ec2:VolumeType"] == "gp3"
    error_message = "The volume is as it is configured."
  }

  assert {
    condition     = [for n in [6, 8, 9, 10] : jsondecode(aws_iam_role_policy.launcher.policy).Statement[n].Resource] == ["arn:aws:iam::123456789012:role/machines/desktop", "arn:aws:dynamodb:eu-central-1:123456789012:table/bookings", "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/mammoth:log-stream:*", "arn:aws:sqs:eu-west-1:123456789012:mammoth-failures"]
    error_message = "The role and the table are as they are named; the log and the queue are in the function's region."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.launcher.policy).Statement[11] == { Sid = "Trace", Effect = "Allow", Action = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], Resource = "*" }
    error_message = "It may send traces."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.launcher.policy).Statement[13].Resource == "arn:aws:dynamodb:eu-central-1:123456789012:table/bookings"
    error_message = "The preflight looks where the machines are launched."
  }
}

run "lets_volumes_use_a_customers_key_and_a_launch_use_one_template" {
  command = plan

  variables {
    volume_kms_key_arn = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"
    launch_template    = { id = "lt-0e1efa27000000001", version = 7 }
    preflight          = false
  }

  assert {
    condition = [for n in [11, 12, 13] : jsondecode(aws_iam_role_policy.launcher.policy).Statement[n]] == [
      {
        Sid    = "LaunchByTemplate"
        Effect = "Allow"
        Action = "ec2:RunInstances"
        Resource = [
          "arn:aws:ec2:us-west-2:123456789012:capacity-reservation/*",
          "arn:aws:ec2:us-west-2:123456789012:placement-group/*",
          "arn:aws:ec2:us-west-2::snapshot/*",
        ]
        Condition = {
          ArnEquals = { "ec2:LaunchTemplate" = ["arn:aws:ec2:us-west-2:123456789012:launch-template/lt-0e1efa27000000001"] }
          Bool      = { "ec2:IsLaunchTemplateResource" = "true" }
        }
      },
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
        Resource  = ["arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"]
        Condition = { StringEquals = { "kms:ViaService" = ["ec2.us-west-2.amazonaws.com"] } }
      },
      {
        Sid      = "LetVolumesUseTheirKey"
        Effect   = "Allow"
        Action   = "kms:CreateGrant"
        Resource = ["arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"]
        Condition = {
          Bool         = { "kms:GrantIsForAWSResource" = "true" }
          StringEquals = { "kms:ViaService" = ["ec2.us-west-2.amazonaws.com"] }
        }
      },
    ]
    error_message = "EC2 uses the key for the function, and the template brings its own resources."
  }

  assert {
    condition     = contains(jsondecode(aws_iam_role_policy.launcher.policy).Statement[1].Resource, "arn:aws:ec2:us-west-2:123456789012:launch-template/lt-0e1efa27000000001")
    error_message = "It launches from this template."
  }
}

run "gives_the_booking_function_what_it_needs" {
  override_resource {
    target = aws_iam_role.scheduler
    values = { arn = "arn:aws:iam::123456789012:role/the-schedulers" }
  }

  assert {
    condition = jsondecode(output.booking_function_policy).Statement == [
      {
        Sid      = "ScheduleMeetings"
        Effect   = "Allow"
        Action   = ["scheduler:CreateSchedule", "scheduler:DeleteSchedule"]
        Resource = "arn:aws:scheduler:us-west-2:123456789012:schedule/elephant-launch-ec2/*"
      },
      {
        Sid       = "PassTheSchedulersRole"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = "arn:aws:iam::123456789012:role/the-schedulers"
        Condition = { StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" } }
      },
    ]
    error_message = "It makes and deletes schedules of the group, and passes the scheduler's role to the scheduler."
  }
}
