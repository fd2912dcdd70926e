#!/usr/bin/env bash
# Deploys the stack to moto, a stand-in for AWS on this machine, as README.md does with a release: by
# make, with the example's values, and with no change to the code but the endpoint in the environment.
# Looks at what is there, launches under the function's role, plans again, and destroys it.
#
# usage: apply-local.sh directory, with a copy of the code in directory/terraform
set -euo pipefail
shopt -s inherit_errexit
cd "$1"
terraform=${TERRAFORM:-terraform}
profile=EC2-S3-ReadOnly-Role
stack=elephant-launch-ec2

# moto takes any zip. This one is as much of an executable as check-package.sh looks at.
python3 - << 'END'
import zipfile

with zipfile.ZipFile("function-x86_64.zip", "w") as package:
    features = b"features that are required by the image: [CX8, CMOV, SSE4_2, POPCNT]"
    bootstrap = zipfile.ZipInfo("bootstrap")
    bootstrap.external_attr = 0o100755 << 16
    package.writestr(bootstrap, b"\x7fELF\2\1\1" + bytes(9) + b"\2\0\x3e\0GLIBC_2.34 " + features)
END
cp ../../Makefile .
sed 's,../target/function.zip,../function-x86_64.zip,' terraform/terraform.tfvars.example > terraform/terraform.tfvars

moto_server -H 127.0.0.1 -p 0 > moto.log 2>&1 &
moto=$!
trap 'kill "$moto"' EXIT
for _ in $(seq 300); do
  endpoint=$(sed -n 's/.*Running on \(http:[^ ]*\).*/\1/p' moto.log | head -n 1)
  [ -n "$endpoint" ] && break
  kill -0 "$moto" || { cat moto.log; exit 1; }
  sleep 0.1
done
[ -n "$endpoint" ] || { cat moto.log; exit 1; }

unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION AWS_DEFAULT_REGION
export AWS_ENDPOINT_URL=$endpoint AWS_ACCESS_KEY_ID=elephant AWS_SECRET_ACCESS_KEY=elephant
export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export AWS_PAGER=
export TF_CLI_ARGS_plan=-no-color TF_CLI_ARGS_apply=-no-color TF_CLI_ARGS_destroy=-no-color

# No Docker: moto answers for every function.
python3 - << 'END'
import json, os, urllib.request

urllib.request.urlopen(
    os.environ["AWS_ENDPOINT_URL"] + "/moto-api/config",
    json.dumps({"lambda": {"use_docker": False}}).encode(),
)
END

# moto does not know EC2's quotas.
cat > quotas.py << 'END'
import http.server, json

class Quotas(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        quota = {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A", "QuotaArn": "arn", "Value": 64}
        body = json.dumps({"Quota": quota}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

server = http.server.HTTPServer(("127.0.0.1", 0), Quotas)
print(server.server_port, flush=True)
server.serve_forever()
END
python3 quotas.py > quotas.port 2> quotas.log &
quotas=$!
trap 'kill "$moto" "$quotas"' EXIT
while [ ! -s quotas.port ]; do sleep 0.1; done
AWS_ENDPOINT_URL_SERVICE_QUOTAS=http://127.0.0.1:$(cat quotas.port)
export AWS_ENDPOINT_URL_SERVICE_QUOTAS

say() {
  printf '\n== %s\n' "$*"
}

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

in_launch_region() {
  aws --region us-west-2 --output text "$@"
}

tf() {
  "$terraform" -chdir=terraform "$@"
}

# An output of the stack, as it was deployed first.
output() {
  python3 -c 'import json, sys; print(json.load(open("outputs.json"))[sys.argv[1]]["value"])' "$1"
}

say 'An account with what the example names'
in_launch_region iam create-role --role-name "$profile" \
  --assume-role-policy-document '{"Version": "2012-10-17", "Statement": []}' --query Role.Arn
in_launch_region iam create-instance-profile --instance-profile-name "$profile" \
  --query InstanceProfile.Arn
in_launch_region iam add-role-to-instance-profile --instance-profile-name "$profile" \
  --role-name "$profile"

# As on an instance that has neither Java nor Maven nor Node.js.
make_there() {
  env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory TERRAFORM="$terraform" JDK= MVN=false NODE_HOME= "$@" 2> make.log
}

tf init -input=false -lockfile=readonly > /dev/null
# moto does not know the account's default key for EBS.
TF_VAR_volume_kms_key_arn=$(in_launch_region kms create-key --query KeyMetadata.Arn)
export TF_VAR_volume_kms_key_arn

say 'A table and a log group of others are refused before anything is made'
refuses() {
  tf plan -input=false "${@:2}" > refused.log 2>&1 && fail "a plan is made: $1"
  tr -s ' \n│' ' ' < refused.log | grep -F "$1" > /dev/null || { cat refused.log; fail "no plan says: $1"; }
}
in_launch_region dynamodb create-table --table-name elephant-meetings --billing-mode PAY_PER_REQUEST \
  --key-schema AttributeName=id,KeyType=HASH --attribute-definitions AttributeName=id,AttributeType=S \
  --query TableDescription.TableStatus
in_launch_region logs create-log-group --log-group-name "/aws/lambda/$stack"
refuses 'Set create_table = false to use it as it is'
refuses 'Set create_log_group = false to use it as it is'
tf plan -input=false -var create_table=false -var create_log_group=false > /dev/null
in_launch_region dynamodb delete-table --table-name elephant-meetings --query TableDescription.TableStatus
in_launch_region logs delete-log-group --log-group-name "/aws/lambda/$stack"
in_launch_region logs create-log-group --log-group-name "/aws/lambda/$stack-of-others"

say 'On another processor nothing is built for this one'
mkdir bin
printf '#!/bin/sh\necho arm64\n' > bin/uname
chmod +x bin/uname
mv terraform/terraform.tfvars of-a-release.tfvars
cp terraform/terraform.tfvars.example terraform/terraform.tfvars
PATH=$PWD/bin:$PATH make_there deploy > refused.log && fail 'it is deployed'
grep 'set architecture = "arm64" in' refused.log || { cat refused.log; fail 'it is built'; }
mv of-a-release.tfvars terraform/terraform.tfvars

say 'Deploy a release'
make_there deploy <<< yes > make.out || { cat make.out make.log; fail 'it is not deployed'; }

grep 'role               arn:aws:iam::' make.out || { cat make.out; fail 'it does not say what is next'; }

tf output -json > outputs.json

say 'The table takes a row, under the key id'
in_launch_region dynamodb put-item --table-name elephant-meetings \
  --item '{"id": {"S": "m-1"}, "status": {"S": "SCHEDULED"}}'
[ "$(in_launch_region dynamodb get-item --table-name elephant-meetings \
  --key '{"id": {"S": "m-1"}}' --query Item.status.S)" = SCHEDULED ] || fail 'there is no row'

say "The function has its role, and the role its policy"
role=$(in_launch_region lambda get-function-configuration --function-name "$stack" --query Role)
[ "$role" = "$(output launcher_role_arn)" ] || fail "the function runs as $role"
role=${role##*/}
[ "$(in_launch_region iam list-role-policies --role-name "$role" --query PolicyNames)" = launch ] ||
  fail 'the role has other policies'
in_launch_region iam get-role-policy --role-name "$role" --policy-name launch \
  --query 'PolicyDocument.Statement[].Sid'
default_subnets=$(in_launch_region ec2 describe-subnets --filters Name=default-for-az,Values=true \
  --query 'length(Subnets)')
allowed_subnets=$(in_launch_region iam get-role-policy --role-name "$role" --policy-name launch \
  --query "length(PolicyDocument.Statement[?Sid=='LaunchFrom'].Resource[] | [?contains(@, ':subnet/')])")
[ "$allowed_subnets" = "$default_subnets" ] ||
  fail "$allowed_subnets subnets are allowed, of $default_subnets default ones"

say 'The function has the subnets of its zones'
subnets=$(in_launch_region lambda get-function-configuration --function-name "$stack" \
  --query Environment.Variables.SUBNETS)
expected=
for zone in us-west-2a us-west-2b us-west-2c; do
  expected=$expected,$zone=$(in_launch_region ec2 describe-subnets --query 'Subnets[0].SubnetId' \
    --filters Name=default-for-az,Values=true "Name=availability-zone,Values=$zone")
done
[ "$subnets" = "${expected#,}" ] || fail "the function has the subnets $subnets"

say "EC2 tells the function of instances that end"
[ "$(in_launch_region events list-targets-by-rule --rule "$stack-ended" \
  --query 'Targets[].[Arn, DeadLetterConfig.Arn]')" = \
  "$(printf '%s\t%s' "$(output function_arn)" "$(output undelivered_queue_arn)")" ] ||
  fail 'the rule has other targets'

say 'The function can be invoked by hand'
make_there launch MEETING=m-1

# moto knows no conditions and no ARNs of a policy: what the role may do, make policy-check has seen.
say "Who has the function's role launches in the function's first subnet"
zone_and_subnet=${subnets%%,*}
launched=$(
  read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN < <(in_launch_region sts assume-role \
    --role-arn "$(output launcher_role_arn)" --role-session-name launch \
    --query 'Credentials.[AccessKeyId, SecretAccessKey, SessionToken]')
  export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
  in_launch_region ec2 run-instances --subnet-id "${zone_and_subnet#*=}" --instance-type t3.large \
    --image-id "$(in_launch_region ec2 describe-images --query 'Images[0].ImageId')" \
    --iam-instance-profile "Name=$profile" --client-token m-1-teacher \
    --tag-specifications "ResourceType=instance,Tags=[{Key=LaunchedBy,Value=$stack}]" \
    --query 'Instances[].[InstanceId, Placement.AvailabilityZone]'
)
[ "${launched#*	}" = "${zone_and_subnet%%=*}" ] || fail "it has launched $launched"
in_launch_region ec2 terminate-instances --instance-ids "${launched%%	*}" \
  --query 'TerminatingInstances[].CurrentState.Name'

say 'The booking function makes a schedule with what the outputs say'
in_launch_region scheduler create-schedule \
  --group-name "$(output schedule_group_name)" --name launch-m-2 \
  --schedule-expression 'at(2099-01-15T09:55:00)' --schedule-expression-timezone UTC \
  --flexible-time-window Mode=OFF --action-after-completion DELETE \
  --target "{
    \"Arn\": \"$(output function_arn)\",
    \"RoleArn\": \"$(output scheduler_role_arn)\",
    \"Input\": \"{\\\"meeting_id\\\": \\\"m-2\\\"}\",
    \"DeadLetterConfig\": {\"Arn\": \"$(output undelivered_queue_arn)\"},
    \"RetryPolicy\": {\"MaximumEventAgeInSeconds\": 3600}
  }"
[ "$(in_launch_region scheduler get-schedule --group-name "$stack" --name launch-m-2 \
  --query Target.Input)" = '{"meeting_id": "m-2"}' ] || fail 'the schedule has another input'
in_launch_region scheduler delete-schedule --group-name "$stack" --name launch-m-2

say 'The dashboard and the alarms are there'
in_launch_region cloudwatch get-dashboard --dashboard-name "$stack-us-west-2" --query DashboardBody |
  python3 -c 'import json, sys; print(len(json.load(sys.stdin)["widgets"]), "widgets")'
[ "$(in_launch_region cloudwatch describe-alarms --alarm-name-prefix "$stack-" \
  --query 'length(MetricAlarms)')" = "$(tf state list | grep -c '^aws_cloudwatch_metric_alarm')" ] ||
  fail 'moto does not have every alarm'

say 'Failed events are shown, sent again and deleted'
to_queue() {
  in_launch_region sqs send-message --endpoint-url "$endpoint" --queue-url "$(output "$1")" \
    --message-body "$2" --query MessageId "${@:3}"
}
redrive() {
  terraform/redrive.py "$(output function_name)" "$(output region)" \
    "$(output failures_queue_url)" "$(output undelivered_queue_url)" "$@"
}
to_queue failures_queue_url '{"requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
  "requestPayload": {"meeting_id": "m-1"}, "responsePayload": {"errorType": "NoSubnet", "errorMessage": "none"}}'
to_queue undelivered_queue_url '{"meeting_id": "m-2"}' --message-attributes '{
  "SCHEDULE_ARN": {"DataType": "String", "StringValue": "arn:aws:scheduler:us-west-2:123456789012:schedule/x/y"},
  "ERROR_CODE": {"DataType": "String", "StringValue": "AccessDeniedException"}}'
redrive <<< no && fail 'it ended well, and has sent nothing'
# moto answers what it is told to, one call after the other.
python3 - << 'END'
import json, os, urllib.request

reply = {"meeting_id": "m", "status": "LAUNCHED", "instances": {"teacher": "i-0123456789abcdef0"}}
urllib.request.urlopen(
    os.environ["AWS_ENDPOINT_URL"] + "/moto-api/static/lambda-simple/response",
    json.dumps({"region": "us-west-2", "results": [json.dumps(reply), json.dumps(reply)]}).encode(),
)
END
redrive yes || fail 'not every event was answered'
[ "$(redrive)" = 'Both failure queues are empty.' ] || fail 'the queues are not empty'

say 'The log tells why a launch failed'
in_launch_region logs create-log-stream --log-group-name "$(output log_group_name)" \
  --log-stream-name local
in_launch_region logs put-log-events --log-group-name "$(output log_group_name)" \
  --log-stream-name local --query nextSequenceToken --log-events "$(printf \
  '[{"timestamp": %s000, "message": "%s"}]' "$(date +%s)" \
  '{\"outcome\": \"LaunchFailed\", \"reason\": \"NoSubnet\", \"meetingId\": \"m-1\"}')"
# The runbook's commands, as they are there; only version 1 of the command line has an endpoint of its own for SQS.
of_the_runbook() {
  export AWS_DEFAULT_REGION=us-west-2 table=elephant-meetings
  eval "$(sed -n "/<!-- $1:/,/^\`\`\`$/p" ../../terraform/RUNBOOK.md | grep -v '^[`<]' |
    sed "s,aws sqs,& --endpoint-url $endpoint,")"
}
(of_the_runbook 'without the state') | tee without-state.log
[ "$(grep -cE '  LaunchFailed NoSubnet|^Both failure queues are empty' without-state.log)" = 3 ] || fail 'it shows nothing'

changes_nothing() {
  tf plan -input=false -out=second.tfplan > second-plan.log || { cat second-plan.log; exit 1; }
  tf show -json second.tfplan | python3 -c '
import json, sys

# What moto does not store.
NOT_STORED = {("aws_lambda_function.launcher", "logging_config")}

changed = set()
for resource in json.load(sys.stdin)["resource_changes"]:
    change = resource["change"]
    if change["actions"] not in (["no-op"], ["read"]):
        before, after = change["before"] or {}, change["after"] or {}
        changed |= {
            (resource["address"], name)
            for name in before.keys() | after.keys()
            if before.get(name) != after.get(name)
        }
for address, name in sorted(changed):
    print(f"{address} would change its {name}")
if changed - NOT_STORED:
    sys.exit("FAILED: the second plan is not empty")
if NOT_STORED - changed:
    sys.exit("FAILED: moto stores more than it used to; shorten the list")
'
}

say 'A second apply changes nothing'
changes_nothing
tf apply -input=false second.tfplan | tail -n 3
changes_nothing

say "An image of a parameter is the function's, and the one before stays allowed"
in_launch_region ssm put-parameter --type String --name /elephant/image --value ami-0ffffffffffffffff --query Version
sed 's,^ami_id .*,ami_ssm_parameter = "/elephant/image",' terraform/terraform.tfvars > with-parameter.tfvars
mv with-parameter.tfvars terraform/terraform.tfvars
tf apply -input=false -auto-approve | tail -n 3
[ "$(in_launch_region lambda get-function --function-name "$stack" \
  --query '[Configuration.Environment.Variables.AMI_ID, Tags.ImageBefore]')" = \
  "$(printf 'ami-0ffffffffffffffff\tami-0e7fd79d17e852d18')" ] || fail 'the function has another image'
[ "$(in_launch_region iam get-role-policy --role-name "$role" --policy-name launch \
  --query "length(PolicyDocument.Statement[?Sid=='LaunchFrom'].Resource[] | [?contains(@, ':image/')])")" = 2 ] ||
  fail 'not both images are allowed'
changes_nothing

say 'A meeting that Terraform is told of has its schedule'
tf apply -input=false -auto-approve -var 'meetings={m-3 = "2099-01-15T10:25:00Z"}'
[ "$(in_launch_region scheduler get-schedule --group-name "$stack" --name launch-m-3 \
  --query '[ScheduleExpression, Target.Input]')" = \
  "$(printf 'at(2099-01-15T10:25:00)\t{"meeting_id":"m-3"}')" ] || fail 'the schedule is another one'

say 'A deleted table comes back'
in_launch_region dynamodb create-backup --table-name elephant-meetings --backup-name deleted --query BackupDetails.BackupName
in_launch_region dynamodb update-table --table-name elephant-meetings --no-deletion-protection-enabled \
  --query TableDescription.TableStatus
in_launch_region dynamodb delete-table --table-name elephant-meetings --query TableDescription.TableStatus
(of_the_runbook restore) > restored.log
make_there deploy <<< yes > make.out || { cat restored.log make.out make.log; fail 'it is not deployed'; }
[ "$(in_launch_region dynamodb scan --table-name elephant-meetings --query 'Items[].id.S')" = m-1 ] || fail 'there is no row'

refuses_to() {
  make_there "$1" <<< yes > refused.log && fail "it does: $1"
  cat make.log >> refused.log
  grep -F "$2" refused.log || { cat refused.log; fail "it does not say: $2"; }
  [ "$(in_launch_region dynamodb list-tables --query TableNames)" = elephant-meetings ] || fail 'the table is gone'
}
with() {
  cp terraform/terraform.tfvars kept.tfvars
  printf '%s\n' "$1" >> terraform/terraform.tfvars
  "${@:2}"
  mv kept.tfvars terraform/terraform.tfvars
}

say 'Neither deploy nor destroy loses the table, or the stack by another region'
refuses_to destroy 'The table elephant-meetings is protected.'
with 'table_name = "bookings"' refuses_to deploy "terraform -chdir=terraform state rm 'aws_dynamodb_table.meetings[0]'"
with 'create_table = false' refuses_to deploy "terraform -chdir=terraform state rm 'aws_dynamodb_table.meetings[0]'"
with 'region = "eu-central-1"' refuses_to deploy "see 'Another region' in terraform/RUNBOOK.md"
with 'region = "eu-central-1"' refuses_to destroy "see 'Another region' in terraform/RUNBOOK.md"
AWS_EXECUTION_ENV=CloudShell refuses_to deploy 'keep it in S3, as backend.tf.example says'
[ -d /tmp/elephant-launch-ec2-terraform/providers ] || fail "the provider is in CloudShell's home directory"

say 'What goes with the stack is counted before it goes'
in_launch_region scheduler create-schedule --group-name "$stack" --name launch-m-4 \
  --schedule-expression 'at(2099-01-15T09:55:00)' --flexible-time-window Mode=OFF \
  --target "{\"Arn\": \"$(output function_arn)\", \"RoleArn\": \"$(output scheduler_role_arn)\"}"
to_queue failures_queue_url '{}'
in_launch_region ec2 run-instances --query 'Instances[].InstanceId' \
  --image-id "$(in_launch_region ec2 describe-images --query 'Images[0].ImageId')" \
  --tag-specifications "ResourceType=instance,Tags=[{Key=LaunchedBy,Value=$stack}]"
counts() {
  make_there "$@" <<< no > refused.log && fail 'it went on'
  for line in ' 1 schedules of meetings' ' 1 events in the queue of failures, 0 in' 'It leaves behind 1 instances'; do
    grep -F "$line" refused.log || { cat refused.log make.log; fail "it does not say: $line"; }
  done
}
printf '%s\n' 'table_deletion_protection = false' 'create_spot_service_linked_role = true' >> terraform/terraform.tfvars
make_there deploy <<< yes > make.out || { cat make.out make.log; fail 'it is not deployed'; }
with $'stack_name = "another"\ntags = { Stack = "elephant-launch-ec2" }' counts deploy
counts destroy

say "The stack's instances are terminated, as README.md does it"
eval "$(sed -n '/^out() /p; /^ids=/,/^test -z/p' ../../terraform/README.md)"
[ -z "$(in_launch_region ec2 describe-instances --filters Name=instance-state-name,Values=running,stopped \
  --query 'Reservations[].Instances[].InstanceId')" ] || fail 'an instance runs'

say 'Destroy'
make_there destroy <<< yes
in_launch_region lambda get-function --function-name "$stack" > /dev/null 2>&1 &&
  fail 'the function is still there'
[ -z "$(in_launch_region dynamodb list-tables --query TableNames)" ] || fail 'the table is still there'
[ "$(in_launch_region iam list-roles --path-prefix /aws-service-role/spot.amazonaws.com/ \
  --query 'length(Roles)')" = 1 ] || fail "the account's role for Spot is gone"

say 'Applied, looked at and destroyed on this machine'
