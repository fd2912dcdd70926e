# What of the policies depends on the configuration. What they allow and refuse is tried in tests/policy.

mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "launch"
  source = "./tests/mocks"
}

run "lets_lambda_and_the_schedules_of_the_group_take_their_roles" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_role.launcher.assume_role_policy).Statement == [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
    error_message = "Only Lambda takes the function's role."
  }

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
    error_message = "Only this account's schedules of this group take the scheduler's role."
  }
}

run "allows_what_is_named" {
  command = plan

  variables {
    ami_id          = "ami-0ffffffffffffffff"
    earlier_ami_ids = ["ami-0e7fd79d17e852d18", "ami-0ffffffffffffffff"]
    key_name        = "any?$*"
    subnet_ids      = ["subnet-0a55555555555555a"]
    launch_region   = "eu-central-1"
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

  assert {
    condition = one([for statement in local.launcher_statements : statement.Resource if statement.Sid == "LaunchFrom"]) == [
      "arn:aws:ec2:eu-central-1::image/ami-0ffffffffffffffff",
      "arn:aws:ec2:eu-central-1::image/ami-0e7fd79d17e852d18",
      "arn:aws:ec2:eu-central-1:123456789012:key-pair/any$${?}$${$}$${*}",
      "arn:aws:ec2:eu-central-1:123456789012:security-group/sg-0e1efa27000000001",
      "arn:aws:ec2:eu-central-1:123456789012:security-group/sg-0e1efa27000000002",
      "arn:aws:ec2:eu-central-1:210987654321:subnet/subnet-0a55555555555555a",
    ]
    error_message = "Both images, the key pair to the letter, and the one subnet, which is another account's."
  }
}

run "relaxes_the_conditions_that_are_configured_away_and_no_others" {
  command = plan

  variables {
    market           = ["spot"]
    volume_encrypted = false
    imds_tokens      = "optional"
  }

  assert {
    condition     = one([for statement in local.launcher_statements : statement.Condition.StringEquals["ec2:InstanceMarketType"] if statement.Sid == "LaunchInstance"]) == tolist(["spot"])
    error_message = "A request without a market is one for on-demand, and is refused."
  }

  assert {
    condition = [for name, keys in { LaunchInstance = ["ec2:MetadataHttpTokens", "ec2:InstanceType"], LaunchVolume = ["ec2:Encrypted", "ec2:VolumeType"] } : [
      for key in keys : strcontains(jsonencode(one([for statement in local.launcher_statements : statement.Condition if statement.Sid == name])), key)
    ]] == [[false, true], [false, true]]
    error_message = "IMDSv1 and volumes that are not encrypted are allowed."
  }
}

run "refuses_a_policy_that_is_too_long_for_iam" {
  command = plan

  variables {
    earlier_ami_ids = [for n in range(150) : format("ami-%08d", n)]
  }

  expect_failures = [aws_iam_role_policy.launcher]
}

run "refuses_more_variables_than_lambda_takes" {
  command = plan

  variables {
    instance_tags = { for n in range(20) : "key-${n}" => format("%0200d", n) }
  }

  expect_failures = [aws_lambda_function.launcher]
}

run "gives_the_booking_function_what_it_needs" {
  override_resource {
    target = aws_iam_role.scheduler
    values = { arn = "arn:aws:iam::123456789012:role/the-schedulers" }
  }

  assert {
    condition = [for statement in jsondecode(output.booking_function_policy).Statement : [statement.Action, statement.Resource]] == [
      [["scheduler:CreateSchedule", "scheduler:DeleteSchedule"], "arn:aws:scheduler:us-west-2:123456789012:schedule/elephant-launch-ec2/*"],
      ["iam:PassRole", "arn:aws:iam::123456789012:role/the-schedulers"],
    ]
    error_message = "It makes and deletes schedules of the group, and passes the scheduler's role."
  }
}
