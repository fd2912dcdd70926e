# Compares one of EC2's vCPU quotas with what one meeting needs.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "what" {
  type = string
}

variable "code" {
  type = string
}

variable "needed" {
  type = number
}

# Running instances are not counted.
check "quota" {
  data "aws_servicequotas_service_quota" "vcpus" {
    service_code = "ec2"
    quota_code   = var.code
  }

  assert {
    condition     = data.aws_servicequotas_service_quota.vcpus.value >= var.needed
    error_message = "${var.what}: the quota ${var.code} is ${data.aws_servicequotas_service_quota.vcpus.value} vCPUs, and a meeting needs ${var.needed}. Ask for more: aws service-quotas request-service-quota-increase --service-code ec2 --quota-code ${var.code} --desired-value …"
  }
}
