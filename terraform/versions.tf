terraform {
  # A validation that reads another variable needs 1.9. 'make tf-check' tests with the provider of the lock file;
  # .github/workflows/verify.yml also tests with Terraform 1.9, and with the newest of both.
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0"
    }
  }
}

provider "aws" {
  region = coalesce(var.region, var.launch_region)

  default_tags {
    tags = local.tags
  }
}

# The table and EC2 are in the launch region, whatever the function's region is.
provider "aws" {
  alias  = "launch"
  region = var.launch_region

  default_tags {
    tags = local.tags
  }
}

locals {
  tags = merge({ Project = var.project_tag, Stack = var.stack_name }, var.tags)
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

