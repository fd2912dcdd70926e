# An account with a default VPC, as a plan finds it. The subnets are those of the EC2 stand-in.

mock_data "aws_caller_identity" {
  defaults = {
    account_id = "123456789012"
  }
}

mock_data "aws_partition" {
  defaults = {
    partition  = "aws"
    dns_suffix = "amazonaws.com"
  }
}

mock_data "aws_vpc" {
  defaults = {
    id = "vpc-0d3fa0170e1e9ba55"
  }
}

mock_data "aws_subnets" {
  defaults = {
    ids = ["subnet-0d44444444444444d", "subnet-0a11111111111111a", "subnet-0b22222222222222b", "subnet-0c33333333333333c"]
  }
}

mock_data "aws_iam_instance_profile" {
  defaults = {
    arn      = "arn:aws:iam::123456789012:instance-profile/EC2-S3-ReadOnly-Role"
    role_arn = "arn:aws:iam::123456789012:role/EC2-S3-ReadOnly-Role"
  }
}

# The provider wants ARNs of these where an apply hands them on.

mock_resource "aws_iam_role" {
  defaults = {
    arn = "arn:aws:iam::123456789012:role/made-by-a-test"
  }
}

mock_resource "aws_cloudwatch_event_rule" {
  defaults = {
    arn = "arn:aws:events:us-west-2:123456789012:rule/made-by-a-test"
  }
}

mock_resource "aws_lambda_function" {
  defaults = {
    arn = "arn:aws:lambda:us-west-2:123456789012:function:elephant-launch-ec2"
  }
}
