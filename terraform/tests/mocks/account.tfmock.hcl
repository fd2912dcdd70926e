# An account with a default VPC, as a plan finds it, for every test file. The subnets are those of the
# EC2 stand-in. Of functions, tables and log groups there is none.

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

mock_data "aws_subnets" {
  defaults = {
    ids = ["subnet-0d44444444444444d", "subnet-0a11111111111111a", "subnet-0b22222222222222b", "subnet-0c33333333333333c"]
  }
}

mock_data "aws_security_groups" {
  defaults = {
    ids     = ["sg-0e1efa27000000001", "sg-0e1efa27000000002"]
    vpc_ids = ["vpc-0d3fa0170e1e9ba55", "vpc-0d3fa0170e1e9ba55"]
  }
}

mock_data "aws_ssm_parameter" {
  defaults = {
    insecure_value = "ami-0ffffffffffffffff"
  }
}

mock_data "aws_ebs_default_kms_key" {
  defaults = {
    key_arn = "arn:aws:kms:us-west-2:123456789012:alias/aws/ebs"
  }
}

mock_data "aws_kms_key" {
  defaults = {
    arn         = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"
    key_manager = "CUSTOMER"
    key_state   = "Enabled"
  }
}

mock_data "aws_launch_template" {
  defaults = {
    id             = "lt-0e1efa27000000001"
    latest_version = 7
  }
}

mock_data "aws_ec2_instance_type_offerings" {
  defaults = {
    instance_types = ["t3.large"]
  }
}

mock_data "aws_ec2_instance_type" {
  defaults = {
    default_vcpus = 2
  }
}

mock_data "aws_servicequotas_service_quota" {
  defaults = {
    value = 64
  }
}

mock_data "aws_iam_roles" {
  defaults = {
    names = ["AWSServiceRoleForEC2Spot"]
  }
}

mock_data "aws_iam_instance_profile" {
  defaults = {
    arn      = "arn:aws:iam::123456789012:instance-profile/EC2-S3-ReadOnly-Role"
    role_arn = "arn:aws:iam::123456789012:role/EC2-S3-ReadOnly-Role"
  }
}

# The default subnets, and three that are not, of two other VPCs.

override_data {
  target = data.aws_subnet.allowed["subnet-0a11111111111111a"]
  values = {
    arn               = "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0a11111111111111a"
    availability_zone = "us-west-2a"
    vpc_id            = "vpc-0d3fa0170e1e9ba55"
  }
}

override_data {
  target = data.aws_subnet.allowed["subnet-0b22222222222222b"]
  values = {
    arn               = "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0b22222222222222b"
    availability_zone = "us-west-2b"
    vpc_id            = "vpc-0d3fa0170e1e9ba55"
  }
}

override_data {
  target = data.aws_subnet.allowed["subnet-0c33333333333333c"]
  values = {
    arn               = "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0c33333333333333c"
    availability_zone = "us-west-2c"
    vpc_id            = "vpc-0d3fa0170e1e9ba55"
  }
}

override_data {
  target = data.aws_subnet.allowed["subnet-0d44444444444444d"]
  values = {
    arn               = "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0d44444444444444d"
    availability_zone = "us-west-2d"
    vpc_id            = "vpc-0d3fa0170e1e9ba55"
  }
}

override_data {
  target = data.aws_subnet.allowed["subnet-0a55555555555555a"]
  values = {
    arn               = "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0a55555555555555a"
    availability_zone = "us-west-2a"
    vpc_id            = "vpc-0a11ce00000000001"
  }
}

override_data {
  target = data.aws_subnet.allowed["subnet-0b66666666666666b"]
  values = {
    arn               = "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0b66666666666666b"
    availability_zone = "us-west-2b"
    vpc_id            = "vpc-0a11ce00000000001"
  }
}

override_data {
  target = data.aws_subnet.allowed["subnet-0a77777777777777a"]
  values = {
    arn               = "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0a77777777777777a"
    availability_zone = "us-west-2a"
    vpc_id            = "vpc-0a11ce00000000002"
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

mock_resource "aws_sns_topic" {
  defaults = {
    arn = "arn:aws:sns:us-west-2:123456789012:made-by-a-test"
  }
}

mock_resource "aws_sqs_queue" {
  defaults = {
    arn = "arn:aws:sqs:us-west-2:123456789012:made-by-a-test"
  }
}
