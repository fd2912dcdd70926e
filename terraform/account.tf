# What a launch needs of the account, read by each plan. The plan refuses what would fail every launch, and warns
# of what can be corrected later.

# The subnets: those of subnet_ids, in any one VPC, else the default subnets of availability_zones; in their order.

# A filter returns what exists; a lookup by id would fail without naming the missing id.
data "aws_subnets" "chosen" {
  count    = length(var.subnet_ids) > 0 ? 1 : 0
  provider = aws.launch

  filter {
    name   = "subnet-id"
    values = var.subnet_ids
  }

  lifecycle {
    postcondition {
      condition     = length(setsubtract(var.subnet_ids, self.ids)) == 0
      error_message = "subnet_ids: ${var.launch_region} has no ${join(", ", setsubtract(var.subnet_ids, self.ids))}."
    }
  }
}

# The default subnets of every zone: a row may still name a zone that is no longer configured.
data "aws_subnets" "default" {
  count    = length(var.subnet_ids) > 0 ? 0 : 1
  provider = aws.launch

  filter {
    name   = "default-for-az"
    values = ["true"]
  }
}

data "aws_subnet" "allowed" {
  for_each = toset(length(var.subnet_ids) > 0 ? data.aws_subnets.chosen[0].ids : data.aws_subnets.default[0].ids)
  provider = aws.launch
  id       = each.key
}

locals {
  default_subnet_ids = flatten([
    for zone in var.availability_zones :
    [for id, subnet in data.aws_subnet.allowed : id if subnet.availability_zone == zone]
  ])
  subnet_ids = length(var.subnet_ids) > 0 ? var.subnet_ids : local.default_subnet_ids

  subnets = [for id in local.subnet_ids : "${data.aws_subnet.allowed[id].availability_zone}=${id}"]
  zones   = distinct([for id in local.subnet_ids : data.aws_subnet.allowed[id].availability_zone])
  vpcs    = distinct([for id in local.subnet_ids : data.aws_subnet.allowed[id].vpc_id])

  # The ARN of a shared subnet has its owner's account.
  subnet_arns = sort([for subnet in data.aws_subnet.allowed : subnet.arn])
}

check "subnets" {
  assert {
    condition     = length(var.subnet_ids) > 0 || length(setsubtract(var.availability_zones, local.zones)) == 0
    error_message = "No default subnet exists in ${join(", ", setsubtract(var.availability_zones, local.zones))}, and nothing is launched there. Make one (aws ec2 create-default-subnet --region ${var.launch_region} --availability-zone …) and deploy again, or remove the zone from availability_zones."
  }
}

data "aws_security_groups" "instance" {
  provider = aws.launch

  filter {
    name   = "group-id"
    values = var.security_group_ids
  }
}

locals {
  security_group_vpcs   = zipmap(data.aws_security_groups.instance.ids, data.aws_security_groups.instance.vpc_ids)
  other_security_groups = [for id, vpc in local.security_group_vpcs : id if !contains(local.vpcs, vpc)]
}

check "security_groups" {
  assert {
    condition     = length(setsubtract(var.security_group_ids, keys(local.security_group_vpcs))) == 0
    error_message = "security_group_ids: ${var.launch_region} has no ${join(", ", setsubtract(var.security_group_ids, keys(local.security_group_vpcs)))}, and launches will fail."
  }
}

# The image, and the one that was deployed before, which a launch that has begun may still request.

data "aws_ssm_parameter" "image" {
  count    = var.ami_ssm_parameter == null ? 0 : 1
  provider = aws.launch
  name     = var.ami_ssm_parameter

  lifecycle {
    postcondition {
      condition     = can(regex("^ami-[0-9a-f]{8,17}$", self.insecure_value))
      error_message = "ami_ssm_parameter: ${var.ami_ssm_parameter} of ${var.launch_region} does not hold the id of an image."
    }
  }
}

# A lookup of a function that does not exist would fail the first plan.
data "aws_lambda_functions" "there" {}

data "aws_lambda_function" "deployed" {
  count         = contains(data.aws_lambda_functions.there.function_names, var.stack_name) ? 1 : 0
  function_name = var.stack_name
}

locals {
  ami_id = var.ami_ssm_parameter == null ? var.ami_id : data.aws_ssm_parameter.image[0].insecure_value

  # A tag of the function keeps the image before, so that a plan with the same image changes nothing.
  deployed_ami_id = try(data.aws_lambda_function.deployed[0].environment[0].variables.AMI_ID, null)
  ami_id_before   = local.deployed_ami_id == local.ami_id ? try(data.aws_lambda_function.deployed[0].tags.ImageBefore, null) : local.deployed_ami_id
  ami_ids         = distinct(compact(concat([local.ami_id, local.ami_id_before], var.earlier_ami_ids)))
}

# The key of the volumes. Everybody may use the AWS managed key through EC2; a customer managed key needs a policy.

data "aws_ebs_default_kms_key" "current" {
  count    = var.volume_kms_key_arn == null ? 1 : 0
  provider = aws.launch
}

locals {
  volume_key_id = var.volume_kms_key_arn == null ? data.aws_ebs_default_kms_key.current[0].key_arn : var.volume_kms_key_arn
}

# The account's default may be an alias, and a policy needs the key itself.
data "aws_kms_key" "volume" {
  count    = endswith(local.volume_key_id, "alias/aws/ebs") ? 0 : 1
  provider = aws.launch
  key_id   = local.volume_key_id
}

locals {
  customer_key_arns = [for key in data.aws_kms_key.volume : key.arn if key.key_manager == "CUSTOMER"]
}

check "volume_key" {
  assert {
    condition     = alltrue([for key in data.aws_kms_key.volume : key.key_state == "Enabled"])
    error_message = "The key of the volumes, ${local.volume_key_id}, is not enabled: every instance would end seconds after its launch."
  }
}

data "aws_launch_template" "instance" {
  count    = var.launch_template == null ? 0 : 1
  provider = aws.launch
  id       = var.launch_template.id

  lifecycle {
    postcondition {
      condition     = var.launch_template.version <= self.latest_version
      error_message = "launch_template: the latest version of ${var.launch_template.id} is ${self.latest_version}."
    }
  }
}

locals {
  launch_template = var.launch_template == null ? null : "${var.launch_template.id}:${var.launch_template.version}"
}

data "aws_iam_instance_profile" "instance" {
  count = var.iam_profile_role == null ? 1 : 0
  name  = var.iam_profile

  lifecycle {
    postcondition {
      condition     = try(length(self.role_arn), 0) > 0
      error_message = "iam_profile: ${var.iam_profile} has no role. Add the instances' role to it: aws iam add-role-to-instance-profile."
    }
  }
}

locals {
  instance_profile_arn = var.iam_profile_role == null ? data.aws_iam_instance_profile.instance[0].arn : "arn:${local.partition}:iam::${local.account}:instance-profile/${var.iam_profile}"
  instance_role_arn    = var.iam_profile_role == null ? data.aws_iam_instance_profile.instance[0].role_arn : "arn:${local.partition}:iam::${local.account}:role/${var.iam_profile_role}"
}

# A check only warns, so that a plan also works before the profile exists.
check "instance_profile" {
  data "aws_iam_instance_profile" "found" {
    name = var.iam_profile
  }

  assert {
    condition     = data.aws_iam_instance_profile.found.role_arn == local.instance_role_arn && data.aws_iam_instance_profile.found.arn == local.instance_profile_arn
    error_message = "The instance profile ${var.iam_profile} is ${data.aws_iam_instance_profile.found.arn} and has the role ${try(coalesce(data.aws_iam_instance_profile.found.role_arn), "none")}; the function may only use ${local.instance_profile_arn} and pass ${local.instance_role_arn}. Set iam_profile_role."
  }
}

# EC2 launches no Spot instance without this role, and makes it only for a caller with the permission to do so.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html
data "aws_iam_roles" "spot" {
  count       = contains(var.market, "spot") || var.create_spot_service_linked_role ? 1 : 0
  path_prefix = "/aws-service-role/spot.amazonaws.com/"
}

locals {
  spot_roles = flatten(data.aws_iam_roles.spot[*].names)
}

check "spot_role" {
  assert {
    condition     = !contains(var.market, "spot") || var.create_spot_service_linked_role || length(local.spot_roles) > 0
    error_message = "market has spot, and this account has no service-linked role for Spot: set create_spot_service_linked_role = true, or aws iam create-service-linked-role --aws-service-name spot.amazonaws.com"
  }
}

# Not a resource of Terraform, because 'make destroy' would delete the role for the whole account, or fail while it
# is used.
resource "terraform_data" "spot_role" {
  count = var.create_spot_service_linked_role ? 1 : 0

  provisioner "local-exec" {
    command = "aws iam get-role --region ${var.launch_region} --role-name AWSServiceRoleForEC2Spot > /dev/null 2>&1 || aws iam create-service-linked-role --region ${var.launch_region} --aws-service-name spot.amazonaws.com"
  }
}

# The vCPU quotas, by the letters that an instance family begins with.
# https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html

locals {
  quotas = {
    on-demand = merge(
      { for family in ["a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"] : family => "L-1216C47A" },
      { for family in ["g", "gr", "vt"] : family => "L-DB2E81BA" },
      { dl = "L-6E869C2A", f = "L-74FC7D96", inf = "L-1945791B", p = "L-417A185B", trn = "L-2C3B7624", x = "L-7295265B" },
    )
    spot = merge(
      { for family in ["a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"] : family => "L-34B43A08" },
      { for family in ["g", "gr", "vt"] : family => "L-3819A6DF" },
      { dl = "L-85EED4F7", f = "L-88CF9481", inf = "L-B5D1601B", p = "L-7212CCBC", trn = "L-6B0D517C", x = "L-E3A00192" },
    )
  }
}

# A lookup of a type that the region does not have would fail the plan.
data "aws_ec2_instance_type_offerings" "there" {
  provider = aws.launch

  filter {
    name   = "instance-type"
    values = var.instance_type
  }
}

data "aws_ec2_instance_type" "there" {
  for_each      = toset(data.aws_ec2_instance_type_offerings.there.instance_types)
  provider      = aws.launch
  instance_type = each.key
}

locals {
  vcpus = {
    for pair in setproduct(var.market, keys(data.aws_ec2_instance_type.there)) : "${pair[1]}, ${pair[0]}" => {
      quota  = local.quotas[pair[0]][regex("^[a-z]+", pair[1])]
      needed = data.aws_ec2_instance_type.there[pair[1]].default_vcpus * length(var.roles)
    } if can(local.quotas[pair[0]][regex("^[a-z]+", pair[1])])
  }
}

# A module, because a check has no for_each, and outside a check a quota that may not be read would fail the plan.
module "quota" {
  source    = "./quota"
  providers = { aws = aws.launch }
  for_each  = local.vcpus

  what   = each.key
  code   = each.value.quota
  needed = each.value.needed
}

# For a Spot instance EC2 uses a customer managed key with that role, not with the function's.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html
resource "aws_kms_grant" "spot" {
  for_each = toset([
    for arn in local.customer_key_arns : arn
    if contains(var.market, "spot") && (var.create_spot_service_linked_role || length(local.spot_roles) > 0) && strcontains(arn, ":${local.account}:")
  ])
  provider = aws.launch

  name              = "${var.stack_name}-spot"
  key_id            = each.key
  grantee_principal = "arn:${local.partition}:iam::${local.account}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot"
  operations = [
    "CreateGrant",
    "Decrypt",
    "DescribeKey",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
  ]

  depends_on = [terraform_data.spot_role]
}
