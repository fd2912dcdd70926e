# The stack on AWS: its checks, and the operator's commands.

TERRAFORM ?= terraform
TF = $(TERRAFORM) -chdir=terraform
HAVE_TERRAFORM := $(shell command -v $(TERRAFORM) 2>/dev/null)
HAVE_NODE := $(NODE_HOME)
HAVE_MOTO := $(and $(shell command -v moto_server 2>/dev/null),$(shell command -v aws 2>/dev/null))

# Without internet access Terraform takes its provider from an unpacked mirror.
TF_MIRROR := $(patsubst %/,%,$(firstword $(dir $(wildcard /opt/*/registry.terraform.io))))
ifeq ($(wildcard $(TF_CLI_CONFIG_FILE)),)
ifneq ($(TF_MIRROR),)
export TF_CLI_CONFIG_FILE := $(CURDIR)/target/terraform.rc
else
unexport TF_CLI_CONFIG_FILE
endif
endif

PYTHON = { command -v python3 >/dev/null && command -v aws >/dev/null || { \
  echo 'This needs Python 3.8 or newer and the AWS command line.'; exit 1; }; }

# CloudShell's home directory has 1 GB, of which the provider would take 700 MB. Files outside it last as long as
# the session. https://docs.aws.amazon.com/cloudshell/latest/userguide/limits.html
ifeq ($(AWS_EXECUTION_ENV),CloudShell)
export TF_DATA_DIR ?= /tmp/elephant-launch-ec2-terraform
endif

# The checks use a copy, without an operator's backend, variables and state.
TF_COPY = target/stack/terraform
TF_INIT = init -input=false $(if $(TF_UPGRADE),-upgrade,-lockfile=readonly)

.PHONY: tf-check tf-apply-local policy-check deploy destroy logs why preflight launch smoke dry-run \
  redrive tf-copy tf-rc tf-ready tf-deployed

tf-check: tf-copy ## Check the Terraform code, without AWS (TF_UPGRADE=1: with the newest provider)
ifneq ($(HAVE_TERRAFORM),)
	$(TF) fmt -check -diff -recursive
	$(TERRAFORM) -chdir=$(TF_COPY) $(TF_INIT)
	$(TERRAFORM) -chdir=$(TF_COPY) test
else
	@echo '************************************************************************'
	@echo '**  NOT CHECKED: the Terraform code. There is no terraform here.       **'
	@echo '************************************************************************'
endif

policy-check: tf-copy ## Check that the policy allows what the tests did, and no more
ifneq ($(and $(HAVE_TERRAFORM),$(HAVE_NODE)),)
	@test -d target/permissions || { \
	  echo "There are no recorded calls in target/permissions. 'make test' records them."; exit 1; }
	$(TERRAFORM) -chdir=$(TF_COPY) $(TF_INIT)
	$(TERRAFORM) -chdir=$(TF_COPY) test -test-directory=tests/policy -json -verbose \
	  > target/stack/deployment.jsonl
	cd $(TF_COPY)/tests/policy && npm ci --no-audit --no-fund && \
	  DEPLOYMENT='$(CURDIR)/target/stack/deployment.jsonl' PERMISSIONS='$(CURDIR)/target/permissions' \
	  npm test
else
	@echo '************************************************************************'
	@echo '**  NOT CHECKED: that the policy allows what the tests did, and no     **'
	@echo '**  more. It takes terraform, node and npm, and they are not all here. **'
	@echo '************************************************************************'
endif

tf-apply-local: tf-copy ## Apply the stack to AWS on this machine (moto), and destroy it again
ifneq ($(and $(HAVE_TERRAFORM),$(HAVE_MOTO)),)
	@TERRAFORM='$(TERRAFORM)' terraform/tests/apply-local.sh target/stack
else
	@echo '************************************************************************'
	@echo '**  NOT APPLIED: the stack, to AWS on this machine. It takes           **'
	@echo '**  terraform, moto_server and aws, and they are not all here.         **'
	@echo '************************************************************************'
endif

deploy: tf-ready ## Build the native executable, and deploy it to your AWS account
	@package=$$(terraform/value.sh 'join("|", [var.function_zip, var.architecture])') && \
	architecture=$${package##*|} && zip=$${package%|*} && \
	if test "$$zip" = ../target/function.zip; then \
	  case "$$(uname -m)" in arm64 | aarch64) built=arm64 ;; *) built=x86_64 ;; esac; \
	  test -f target/function.zip || test "$$architecture" = $$built || { \
	    echo "This machine builds for $$built: set architecture = \"$$built\" in terraform/terraform.tfvars,"; \
	    echo "or function_zip to the package of a release."; exit 1; }; \
	  $(MAKE) native-if-stale || exit; \
	fi && \
	cd terraform && ./check-package.sh "$$zip" "$$architecture"
	@TERRAFORM='$(TERRAFORM)' terraform/apply.sh deploy

destroy: tf-ready ## Delete everything that 'make deploy' has made, the table too
	@TERRAFORM='$(TERRAFORM)' terraform/apply.sh destroy

logs: tf-ready ## Follow the deployed function's log
	@terraform/logs.sh "$$($(TF) output -raw log_group_name)" "$$($(TF) output -raw region)"

why: tf-ready ## Show what went wrong (HOURS=24), or everything about one meeting (MEETING=id)
	@$(PYTHON) && terraform/why.py "$$($(TF) output -raw log_group_name)" \
	  "$$($(TF) output -raw region)" "$(or $(HOURS),24)" \
	  "$$(terraform/value.sh var.slow_launch_seconds)" "$(MEETING)"

preflight: tf-ready ## Show every obstacle to a launch, by the deployed function and a plan
	@TERRAFORM='$(TERRAFORM)' terraform/preflight.sh "$$($(TF) output -raw function_name)" \
	  "$$($(TF) output -raw region)"

launch: tf-ready ## Launch a meeting with the deployed function, by hand (MEETING=id)
	@test -n "$(MEETING)" || { echo "Which meeting? 'make launch MEETING=id'"; exit 2; }
	@terraform/invoke.sh "$$($(TF) output -raw function_name)" "$$($(TF) output -raw region)" \
	  '{"meeting_id": "$(MEETING)"}'

smoke: launch

dry-run: tf-ready ## Show what the deployed function would launch for a meeting (MEETING=id)
	@test -n "$(MEETING)" || { echo "Which meeting? 'make dry-run MEETING=id'"; exit 2; }
	@terraform/invoke.sh "$$($(TF) output -raw function_name)" "$$($(TF) output -raw region)" \
	  '{"meeting_id": "$(MEETING)", "dry_run": true}'

redrive: tf-ready ## Show the events in the failure queues, and send them again (YES=1)
	@$(PYTHON) && terraform/redrive.py "$$($(TF) output -raw function_name)" "$$($(TF) output -raw region)" \
	  "$$($(TF) output -raw failures_queue_url)" "$$($(TF) output -raw undelivered_queue_url)" \
	  $(if $(YES),yes)

tf-ready: tf-rc
	@test -n "$(HAVE_TERRAFORM)" || { \
	  echo 'This needs Terraform 1.9 or newer (https://developer.hashicorp.com/terraform/install).'; \
	  exit 1; }
	@test -f terraform/terraform.tfvars || { \
	  echo 'There is no terraform/terraform.tfvars. For a stack that is deployed take the one that it was deployed'; \
	  echo 'with, and its backend.tf; for a new one copy terraform.tfvars.example and edit it.'; exit 1; }
	@cd terraform && ready=$${TF_DATA_DIR:-.terraform}/initialized && \
	if ! test -f "$$ready" || test -n "$(TF_UPGRADE)" || \
	    test -n "$$(find . -maxdepth 1 \( -name '*.tf' -o -name .terraform.lock.hcl \) -newer "$$ready")"; then \
	  $(TERRAFORM) $(TF_INIT) >/dev/null && touch "$$ready"; \
	fi

logs why preflight launch smoke dry-run redrive: tf-deployed

tf-deployed: tf-ready
	@$(TF) output -no-color 2>/dev/null | grep -q '^function_name = ' || { \
	  echo 'Nothing is deployed from here: is terraform/backend.tf missing, which says where the state is?'; exit 1; }

tf-copy: tf-rc
	@rm -rf target/stack && mkdir -p $(TF_COPY)
	@cp -R $(filter-out terraform/backend.tf,$(wildcard terraform/*.tf)) terraform/quota terraform/tests \
	  terraform/terraform.mk terraform/.terraform.lock.hcl terraform/terraform.tfvars.example \
	  terraform/*.sh terraform/*.py $(TF_COPY)
	@rm -rf $(TF_COPY)/tests/policy/node_modules

tf-rc:
ifneq ($(TF_MIRROR),)
	@mkdir -p target
	@printf 'provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' \
	  '$(TF_MIRROR)' > target/terraform.rc
endif
