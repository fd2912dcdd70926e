# The function's own variables have the names of its environment variables, in lower case, and the same defaults.

variable "ami_id" {
  description = "The image to boot; set either this or ami_ssm_parameter."
  type        = string
  default     = null

  validation {
    condition     = var.ami_id == null || can(regex("^ami-[0-9a-f]{8,17}$", var.ami_id))
    error_message = "ami_id must be the id of an image, ami-…."
  }

  validation {
    condition     = (var.ami_id == null) != (var.ami_ssm_parameter == null)
    error_message = "ami_id or ami_ssm_parameter must be set, and not both."
  }
}

variable "iam_profile" {
  description = "The name of the instance profile, not its ARN."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,128}$", var.iam_profile))
    error_message = "iam_profile must be the name of an instance profile (its name, not its ARN)."
  }
}

variable "instance_type" {
  description = "Instance types in order of preference."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.instance_type) > 0 && alltrue([for type in var.instance_type : can(regex("^[a-z][a-z0-9-]*\\.[a-z0-9-]+$", type))])
    error_message = "instance_type must be a list of instance types, such as [\"t3.large\"]."
  }

  validation {
    condition     = length(distinct(var.instance_type)) == length(var.instance_type)
    error_message = "instance_type must name nothing twice."
  }
}

variable "key_name" {
  description = "The key pair's name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[[:ascii:]]{1,255}$", var.key_name)) && trimspace(var.key_name) == var.key_name
    error_message = "key_name must be the name of a key pair: at most 255 ASCII characters, with no space around them."
  }
}

variable "security_group_ids" {
  description = "The instances' security groups, of the subnets' VPC."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.security_group_ids) > 0 && alltrue([for id in var.security_group_ids : can(regex("^sg-[0-9a-f]{8,17}$", id))])
    error_message = "security_group_ids must be a list of ids of security groups, sg-…."
  }

  validation {
    condition     = length(distinct(var.security_group_ids)) == length(var.security_group_ids)
    error_message = "security_group_ids must name nothing twice."
  }
}

variable "table_name" {
  description = "The meetings' table, key `id`, a string."
  type        = string
  nullable    = false
  default     = "elephant-meetings"

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,255}$", var.table_name))
    error_message = "table_name must be the name of a table: 3 to 255 characters of A-Z a-z 0-9 _ . -"
  }
}

variable "launch_region" {
  description = "The region of the table and of EC2."
  type        = string
  nullable    = false
  default     = "us-west-2"

  validation {
    condition     = can(regex("^[a-z]+(-[a-z]+)+-[0-9]$", var.launch_region))
    error_message = "launch_region must be the name of a region, such as us-west-2."
  }
}

# A Local Zone's name ends in a letter (us-west-2-lax-1a), a Wavelength Zone's in a digit
# (us-east-1-wl1-bos-wlz-1). https://docs.aws.amazon.com/wavelength/latest/developerguide/available-wavelength-zones.html
variable "availability_zones" {
  description = "The zones whose default subnets are used, in order of preference, if subnet_ids is empty; zones of launch_region."
  type        = list(string)
  nullable    = false
  default     = ["us-west-2a", "us-west-2b", "us-west-2c"]

  validation {
    condition     = length(var.subnet_ids) > 0 || length(var.availability_zones) > 0 && alltrue([for zone in var.availability_zones : can(regex("^${var.launch_region}([a-z]|(-[a-z0-9]+)+)$", zone))])
    error_message = "availability_zones must be a list of zones of launch_region, such as us-west-2a of us-west-2."
  }

  validation {
    condition     = length(distinct(var.availability_zones)) == length(var.availability_zones)
    error_message = "availability_zones must name nothing twice."
  }
}

variable "roles" {
  description = "A meeting's roles, one instance each."
  type        = list(string)
  nullable    = false
  default     = ["teacher", "student"]

  validation {
    condition     = length(var.roles) > 0 && alltrue([for role in var.roles : can(regex("^[A-Za-z0-9_-]{1,17}$", role)) && !contains(["failure", "completed_by"], role)])
    error_message = "roles must be a list of roles of 1 to 17 characters of A-Z a-z 0-9 _ - other than failure and completed_by."
  }

  validation {
    condition     = length(distinct(var.roles)) == length(var.roles)
    error_message = "roles must name nothing twice."
  }

  # A client token is the meeting's id, a hyphen and the role; later ones end in a hyphen and the attempt's number.
  validation {
    condition = alltrue(flatten([for one in var.roles : [for other in var.roles :
      !can(regex("^[0-9]+$", one)) && (one == other || !endswith(one, "-${other}")) && (
        !can(regex("-[0-9]+$", one)) || !(
          endswith("-${replace(one, "/-[0-9]+$/", "")}", "-${other}") || endswith(other, "-${replace(one, "/-[0-9]+$/", "")}")
        )
      )
    ]]))
    error_message = "roles must have client tokens of their own: none may be a number, another one followed by a number, or end in a hyphen and another one."
  }
}

variable "project_tag" {
  description = "The value of the tag `Project`."
  type        = string
  nullable    = false
  default     = "Elephant"

  validation {
    condition     = can(regex("^[\\pL\\pN _.:/=+@-]{1,256}$", var.project_tag)) && trimspace(var.project_tag) == var.project_tag
    error_message = "project_tag must be a tag's value: at most 256 letters, digits, spaces and _ . : / = + - @, with no space around them."
  }
}

variable "root_device_name" {
  description = "The image's root device; any other name would add a second disk."
  type        = string
  nullable    = false
  default     = "/dev/xvda"

  validation {
    condition     = can(regex("^/dev/[a-z][a-z0-9/]*$", var.root_device_name))
    error_message = "root_device_name must be a device, such as /dev/xvda."
  }
}

variable "volume_size_gib" {
  description = "The root volume's size; the policy refuses larger volumes."
  type        = number
  nullable    = false
  default     = 60

  validation {
    condition     = var.volume_size_gib == floor(var.volume_size_gib) && var.volume_size_gib >= 1 && var.volume_size_gib <= lookup({ gp2 = 16384, gp3 = 65536, standard = 1024 }, var.volume_type, 65536)
    error_message = "volume_size_gib must be a whole number of GiB that volume_type offers: 1 to 16384 for gp2, to 65536 for gp3, to 1024 for standard."
  }
}

variable "volume_type" {
  description = "The root volume's type: gp2, gp3 or standard."
  type        = string
  nullable    = false
  default     = "gp2"

  validation {
    condition     = contains(["gp2", "gp3", "standard"], var.volume_type)
    error_message = "volume_type must be gp2, gp3 or standard (the others need more than a size, or do not boot)."
  }
}

variable "volume_encrypted" {
  description = "Whether the root volume is encrypted; if so, the policy refuses unencrypted volumes."
  type        = bool
  nullable    = false
  default     = true
}

variable "volume_kms_key_arn" {
  description = "The KMS key that encrypts the volumes, in launch_region; if null, the account's default for EBS."
  type        = string
  default     = null

  validation {
    condition     = var.volume_kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:${var.launch_region}:[0-9]{12}:key/[A-Za-z0-9-]+$", var.volume_kms_key_arn))
    error_message = "volume_kms_key_arn must be the ARN of a KMS key of launch_region, and of no alias."
  }

  validation {
    condition     = var.volume_kms_key_arn == null || var.volume_encrypted
    error_message = "volume_kms_key_arn must be left out where volume_encrypted is false."
  }
}

variable "launch_template" {
  description = "An EC2 launch template, by its id and the number of its version; the variables here override it."
  type        = object({ id = string, version = number })
  default     = null

  validation {
    condition     = var.launch_template == null || can(regex("^lt-[0-9a-f]{8,17}$", var.launch_template.id))
    error_message = "launch_template must have the id of a launch template, lt-…."
  }

  # A repeated request must mean the same, which $Latest and $Default might not.
  validation {
    condition     = var.launch_template == null || try(var.launch_template.version >= 1 && var.launch_template.version == floor(var.launch_template.version), false)
    error_message = "launch_template must have the number of a version, 1 or higher."
  }
}

variable "market" {
  description = "The purchasing options in order of preference: on-demand, spot, or both."
  type        = list(string)
  nullable    = false
  default     = ["on-demand"]

  validation {
    condition     = length(var.market) > 0 && length(setsubtract(var.market, ["on-demand", "spot"])) == 0
    error_message = "market must be a list of on-demand, spot or both."
  }

  validation {
    condition     = length(distinct(var.market)) == length(var.market)
    error_message = "market must name nothing twice."
  }
}

variable "imds_tokens" {
  description = "Whether the instance requires IMDSv2 session tokens: required or optional."
  type        = string
  nullable    = false
  default     = "required"

  validation {
    condition     = contains(["required", "optional"], var.imds_tokens)
    error_message = "imds_tokens must be required or optional."
  }
}

variable "instance_metadata_tags" {
  description = "Whether the instance metadata includes the instance's tags: enabled or disabled."
  type        = string
  nullable    = false
  default     = "enabled"

  validation {
    condition     = contains(["enabled", "disabled"], var.instance_metadata_tags)
    error_message = "instance_metadata_tags must be enabled or disabled."
  }
}

# EC2 allows fifty tags, reserves aws: for AWS, and allows fewer characters in keys that the metadata shows.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html
variable "instance_tags" {
  description = "The organization's own tags for every instance and its volume, such as CostCentre; at most 40."
  type        = map(string)
  nullable    = false
  default     = {}

  validation {
    condition     = length(var.instance_tags) <= 40
    error_message = "instance_tags must be at most 40 tags; they are ${length(var.instance_tags)}."
  }

  validation {
    condition     = alltrue([for key, value in var.instance_tags : can(regex("^[\\pL\\pN _.:/=+@-]{1,127}$", key)) && !startswith(lower(key), "aws:") && can(regex("^[\\pL\\pN _.:/=+@-]{0,256}$", value))])
    error_message = "instance_tags must be tags: keys of at most 127 and values of at most 256 letters, digits, spaces and _ . : / = + - @, and no key that begins with aws:. These are not: ${join(", ", [for key, value in var.instance_tags : key if !can(regex("^[\\pL\\pN _.:/=+@-]{1,127}$", key)) || startswith(lower(key), "aws:") || !can(regex("^[\\pL\\pN _.:/=+@-]{0,256}$", value))])}."
  }

  validation {
    condition     = length(distinct([for key in concat(local.launch_tag_keys, keys(var.instance_tags)) : lower(key)])) == length(local.launch_tag_keys) + length(var.instance_tags)
    error_message = "instance_tags must have keys that differ in more than case from each other and from the function's own, ${join(", ", local.launch_tag_keys)}; they are ${join(", ", keys(var.instance_tags))}."
  }

  validation {
    condition     = var.instance_metadata_tags == "disabled" || alltrue([for key in keys(var.instance_tags) : can(regex("^[A-Za-z0-9+=._:@-]+$", key)) && !contains([".", "..", "_index"], key)])
    error_message = "instance_tags must have keys of A-Z a-z 0-9 + - = . _ : @ where instance_metadata_tags is enabled; they are ${join(", ", keys(var.instance_tags))}."
  }
}

variable "stack_name" {
  description = "The value of the tag `LaunchedBy`, and the name of the function and of its resources."
  type        = string
  nullable    = false
  default     = "elephant-launch-ec2"

  # The value of a tag may be longer and have other characters; the names of roles and functions may not.
  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,48}$", var.stack_name))
    error_message = "stack_name must be 1 to 48 characters of A-Z a-z 0-9 _ -"
  }
}

variable "sweep_grace" {
  description = "How old an instance must be before the sweep counts it as a stray, as ISO 8601."
  type        = string
  nullable    = false
  default     = "PT10M"

  validation {
    condition     = can(regex("[DHMS]$", var.sweep_grace)) && try(sum([for i, part in regex("^P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?$", var.sweep_grace) : try(tonumber(part) * [86400, 3600, 60, 1][i], 0)]) <= 604800, false)
    error_message = "sweep_grace must be an ISO 8601 duration of at most P7D, such as PT10M."
  }

  # The row does not name yet what a running invocation has started.
  validation {
    condition     = try(sum([for i, part in regex("^P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?$", var.sweep_grace) : try(tonumber(part) * [86400, 3600, 60, 1][i], 0)]) >= local.function_timeout, true)
    error_message = "sweep_grace must be at least as long as an invocation may take, which is PT${local.function_timeout / 60}M."
  }
}

variable "sweep_mode" {
  description = "What the sweep does with a stray: report or terminate."
  type        = string
  nullable    = false
  default     = "report"

  validation {
    condition     = contains(["report", "terminate"], var.sweep_mode)
    error_message = "sweep_mode must be report or terminate."
  }
}

variable "recovery_mode" {
  description = "What happens to an instance that EC2 ended or stopped after it was recorded: replace, report, or off (no events)."
  type        = string
  nullable    = false
  default     = "replace"

  validation {
    condition     = contains(["replace", "report", "off"], var.recovery_mode)
    error_message = "recovery_mode must be replace, report or off."
  }
}

variable "max_lateness" {
  description = "How long after the row's meet_time a meeting is still launched, as ISO 8601."
  type        = string
  nullable    = false
  default     = "PT1H"

  validation {
    condition     = can(regex("[DHMS]$", var.max_lateness)) && try(sum([for i, part in regex("^P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?$", var.max_lateness) : try(tonumber(part) * [86400, 3600, 60, 1][i], 0)]) <= 604800, false)
    error_message = "max_lateness must be an ISO 8601 duration of at most P7D, such as PT1H."
  }
}

variable "max_earliness" {
  description = "How long before the row's meet_time a meeting may be launched, as ISO 8601."
  type        = string
  nullable    = false
  default     = "PT1H"

  validation {
    condition     = can(regex("[DHMS]$", var.max_earliness)) && try(sum([for i, part in regex("^P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?$", var.max_earliness) : try(tonumber(part) * [86400, 3600, 60, 1][i], 0)]) <= 604800, false)
    error_message = "max_earliness must be an ISO 8601 duration of at most P7D, such as PT1H."
  }
}

# What the function may use, beyond its own variables.

variable "iam_profile_role" {
  description = "The name of the instance profile's role, with its path if it has one, for a profile whose own path is /; if null, it is looked up."
  type        = string
  default     = null

  validation {
    condition     = var.iam_profile_role == null || can(regex("^([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$", var.iam_profile_role))
    error_message = "iam_profile_role must be the name of a role (its name, not its ARN)."
  }
}

variable "ami_ssm_parameter" {
  description = "The Systems Manager parameter in launch_region that holds the image's id, read by each plan; instead of ami_id."
  type        = string
  default     = null

  validation {
    condition     = var.ami_ssm_parameter == null || can(regex("^[A-Za-z0-9_.:/-]+$", var.ami_ssm_parameter))
    error_message = "ami_ssm_parameter must be the name of a parameter, such as /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64."
  }
}

variable "earlier_ami_ids" {
  description = "Further images that launches may still request, beside the one that was deployed before."
  type        = list(string)
  nullable    = false
  default     = []

  validation {
    condition     = alltrue([for id in var.earlier_ami_ids : can(regex("^ami-[0-9a-f]{8,17}$", id))])
    error_message = "earlier_ami_ids must be a list of ids of images, ami-…."
  }
}

variable "subnet_ids" {
  description = "The subnets to launch in, in order of preference, all in one VPC; if empty, the default VPC's in availability_zones."
  type        = list(string)
  nullable    = false
  default     = []

  validation {
    condition     = alltrue([for id in var.subnet_ids : can(regex("^subnet-[0-9a-f]{8,17}$", id))])
    error_message = "subnet_ids must be a list of ids of subnets, subnet-…."
  }

  validation {
    condition     = length(distinct(var.subnet_ids)) == length(var.subnet_ids)
    error_message = "subnet_ids must name nothing twice."
  }
}

variable "create_spot_service_linked_role" {
  description = "Whether to make the account's service-linked role for Spot if it does not exist; it outlives the stack."
  type        = bool
  nullable    = false
  default     = false
}

# The function.

variable "function_zip" {
  description = "The package that `make native` builds."
  type        = string
  nullable    = false
  default     = "../target/function.zip"

  validation {
    condition     = fileexists(var.function_zip)
    error_message = "function_zip must be a file. 'make native' builds target/function.zip."
  }
}

variable "architecture" {
  description = "The processor that the package is built for: x86_64 or arm64."
  type        = string
  nullable    = false
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64."
  }
}

variable "memory_size" {
  description = "The function's memory, in MiB, which also sets its share of a processor. A launch takes 40 ms longer with 128, and is no faster with more than 256."
  type        = number
  nullable    = false
  default     = 256

  validation {
    condition     = var.memory_size == floor(var.memory_size) && var.memory_size >= 128 && var.memory_size <= 10240
    error_message = "memory_size must be a whole number of MiB, 128 to 10240."
  }
}

variable "reserved_concurrency" {
  description = "How many invocations may run at once, reserved from the account's limit, of which 100 must be left; -1 reserves nothing."
  type        = number
  nullable    = false
  default     = -1

  # 0 would stop the function. A new account's limit may be as low as 10, of which nothing can be reserved.
  validation {
    condition     = var.reserved_concurrency == -1 || (var.reserved_concurrency >= 1 && var.reserved_concurrency == floor(var.reserved_concurrency))
    error_message = "reserved_concurrency must be a whole number of at least 1, or -1."
  }
}

variable "maximum_event_age" {
  description = "For how many seconds Lambda retries an event."
  type        = number
  nullable    = false
  default     = 3600

  validation {
    condition     = var.maximum_event_age == floor(var.maximum_event_age) && var.maximum_event_age >= 60 && var.maximum_event_age <= 21600
    error_message = "maximum_event_age must be a whole number of seconds, 60 to 21600."
  }
}

variable "tracing" {
  description = "Whether X-Ray traces the invocations."
  type        = bool
  nullable    = false
  default     = false
}

variable "log_level" {
  description = "The lowest level that is logged: TRACE, DEBUG, INFO, WARN, ERROR or FATAL."
  type        = string
  nullable    = false
  default     = "INFO"

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"], var.log_level)
    error_message = "log_level must be TRACE, DEBUG, INFO, WARN, ERROR or FATAL."
  }
}

variable "preflight" {
  description = "Whether the function may read everything that a preflight checks; these permissions change nothing."
  type        = bool
  nullable    = false
  default     = true
}

variable "create_log_group" {
  description = "Whether to make the function's log group; false if it exists already."
  type        = bool
  nullable    = false
  default     = true
}

variable "log_retention_days" {
  description = "For how many days the log is kept."
  type        = number
  nullable    = false
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be a number of days that CloudWatch Logs offers, such as 7, 30, 90 or 365."
  }
}

variable "log_kms_key_arn" {
  description = "The KMS key that encrypts the log, whose policy must allow CloudWatch Logs; if null, CloudWatch's own."
  type        = string
  default     = null

  validation {
    condition     = var.log_kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.log_kms_key_arn))
    error_message = "log_kms_key_arn must be the ARN of a KMS key."
  }
}

variable "region" {
  description = "The region of the function, its queues and its schedules; if null, launch_region."
  type        = string
  default     = null

  validation {
    condition     = var.region == null || can(regex("^[a-z]+(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be the name of a region, such as us-west-2."
  }
}

variable "tags" {
  description = "Tags for everything that Terraform makes, beside Project and Stack."
  type        = map(string)
  nullable    = false
  default     = {}

  validation {
    condition     = alltrue([for key, value in var.tags : can(regex("^[\\pL\\pN _.:/=+@-]{1,128}$", key)) && !startswith(lower(key), "aws:") && can(regex("^[\\pL\\pN _.:/=+@-]{0,256}$", value))])
    error_message = "tags must be tags: keys of at most 128 and values of at most 256 letters, digits, spaces and _ . : / = + - @, and no key that begins with aws:"
  }

  # IAM ignores case in tag keys, and would refuse the role half-way through an apply.
  # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules_creating
  validation {
    condition     = length(distinct([for key in keys(merge({ Project = "", Stack = "" }, var.tags)) : lower(key)])) == length(merge({ Project = "", Stack = "" }, var.tags))
    error_message = "tags must have keys that differ in more than case from each other and from Project and Stack; they are ${join(", ", keys(var.tags))}."
  }
}

# The table.

variable "create_table" {
  description = "Whether to make the table; false if it exists already."
  type        = bool
  nullable    = false
  default     = true
}

variable "table_deletion_protection" {
  description = "Whether DynamoDB refuses to delete the table."
  type        = bool
  nullable    = false
  default     = true
}

# The schedules.

variable "meetings" {
  description = "Meetings to launch without a booking function: from id to time of launch, in UTC."
  type        = map(string)
  nullable    = false
  default     = {}

  validation {
    condition     = alltrue([for id in keys(var.meetings) : can(regex("^[A-Za-z0-9_-]{1,40}$", id))])
    error_message = "meetings must have ids of 1 to 40 characters of A-Z a-z 0-9 _ -"
  }

  validation {
    condition     = alltrue([for time in values(var.meetings) : can(regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", time)) && can(timeadd(time, "0s"))])
    error_message = "meetings must have times in UTC, such as 2027-01-15T09:55:00Z."
  }
}

variable "sweep_schedule" {
  description = "When the sweep runs, as a rate or cron expression of EventBridge Scheduler; never, if null."
  type        = string
  default     = "rate(10 minutes)"

  validation {
    condition     = var.sweep_schedule == null || can(regex("^(rate\\([1-9][0-9]* (minute|minutes|hour|hours|day|days)\\)|cron\\([^() ]+( [^() ]+){5}\\))$", var.sweep_schedule))
    error_message = "sweep_schedule must be a rate or a cron expression of EventBridge Scheduler, such as rate(10 minutes)."
  }
}

# The alarms.

variable "alarm_email" {
  description = "The e-mail address that is notified of alarms, through a topic of its own, once it has confirmed SNS's first mail."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_email == null || can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", var.alarm_email))
    error_message = "alarm_email must be an e-mail address."
  }
}

variable "alarm_topic_arn" {
  description = "The SNS topic that is notified of alarms, in the function's region, beside or instead of alarm_email."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_topic_arn == null || can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", var.alarm_topic_arn))
    error_message = "alarm_topic_arn must be the ARN of an SNS topic."
  }
}

# An alarm notifies topics of its own region only.
variable "launch_alarm_topic_arn" {
  description = "The SNS topic in launch_region that is notified of the alarms there, if region is another one and alarm_email is not set."
  type        = string
  default     = null

  validation {
    condition     = var.launch_alarm_topic_arn == null || can(regex("^arn:aws[a-z-]*:sns:${var.launch_region}:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", var.launch_alarm_topic_arn))
    error_message = "launch_alarm_topic_arn must be the ARN of an SNS topic of launch_region."
  }
}

variable "slow_launch_seconds" {
  description = "A launch that takes longer than this rings an alarm."
  type        = number
  nullable    = false
  default     = 30

  validation {
    condition     = var.slow_launch_seconds >= 1 && var.slow_launch_seconds < local.function_timeout
    error_message = "slow_launch_seconds must be a number of seconds from 1 to below ${local.function_timeout}, the time-out of an invocation."
  }
}

variable "fall_backs_per_quarter_hour" {
  description = "More moves to another zone, type or market than this within a quarter of an hour ring an alarm."
  type        = number
  nullable    = false
  default     = 10

  validation {
    condition     = var.fall_backs_per_quarter_hour >= 0 && var.fall_backs_per_quarter_hour == floor(var.fall_backs_per_quarter_hour)
    error_message = "fall_backs_per_quarter_hour must be a whole number of at least 0."
  }
}

variable "dashboard" {
  description = "Whether to make the dashboard; CloudWatch charges for each beyond an account's third."
  type        = bool
  nullable    = false
  default     = true
}
