"""The function that Elephant had before, as a program to compare with: Python and boto3, and its
calls to AWS one after another. Around the handler is the loop that Lambda's runtime for Python has.

It launches a meeting's two instances where nothing goes wrong, and does nothing about what does.
"""

import http.client
import json
import os

import boto3

REGION = os.environ.get("LAUNCH_REGION", "us-west-2")
TABLE = os.environ.get("TABLE_NAME", "elephant-meetings")
ZONES = os.environ.get("AVAILABILITY_ZONES", "us-west-2a,us-west-2b,us-west-2c").split(",")
ROLES = os.environ.get("ROLES", "teacher,student").split(",")

ec2 = boto3.client("ec2", region_name=REGION)
dynamodb = boto3.client("dynamodb", region_name=REGION)


def run(meeting_id, role, subnet):
    tags = {
        "Name": f"{meeting_id}_{role}",
        "MeetingID": meeting_id,
        "Role": role,
        "Project": "Elephant",
    }
    answer = ec2.run_instances(
        ImageId=os.environ["AMI_ID"],
        InstanceType=os.environ["INSTANCE_TYPE"],
        KeyName=os.environ["KEY_NAME"],
        SecurityGroupIds=os.environ["SECURITY_GROUP_IDS"].split(","),
        SubnetId=subnet,
        IamInstanceProfile={"Name": os.environ["IAM_PROFILE"]},
        MinCount=1,
        MaxCount=1,
        InstanceInitiatedShutdownBehavior="terminate",
        ClientToken=f"{meeting_id}-{role}",
        BlockDeviceMappings=[
            {
                "DeviceName": "/dev/xvda",
                "Ebs": {"VolumeSize": 60, "VolumeType": "gp2", "DeleteOnTermination": True},
            }
        ],
        TagSpecifications=[
            {
                "ResourceType": "instance",
                "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
            }
        ],
    )
    return answer["Instances"][0]["InstanceId"]


def handle(event):
    meeting_id = event["meeting_id"].strip()
    vpcs = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])
    subnets = ec2.describe_subnets(
        Filters=[{"Name": "vpc-id", "Values": [vpcs["Vpcs"][0]["VpcId"]]}]
    )["Subnets"]
    subnet = next(
        one["SubnetId"]
        for zone in ZONES
        for one in subnets
        if one["AvailabilityZone"] == zone and one["DefaultForAz"]
    )
    row = dynamodb.get_item(TableName=TABLE, Key={"id": {"S": meeting_id}}, ConsistentRead=True)
    if "Item" not in row:
        raise LookupError(f"There is no meeting {meeting_id}")
    instances = {}
    for role in ROLES:
        instances[role] = run(meeting_id, role, subnet)
        dynamodb.update_item(
            TableName=TABLE,
            Key={"id": {"S": meeting_id}},
            UpdateExpression="SET #instance = :instance, #status = :status",
            ExpressionAttributeNames={"#instance": f"{role}_ec2_id", "#status": "status"},
            ExpressionAttributeValues={
                ":instance": {"S": instances[role]},
                ":status": {"S": "LAUNCHED"},
            },
        )
    return {"meeting_id": meeting_id, "status": "LAUNCHED", "instances": instances}


def poll():
    host, _, path = os.environ["AWS_LAMBDA_RUNTIME_API"].partition("/")
    base = f"{'/' + path if path else ''}/2018-06-01/runtime/invocation/"
    runtime = http.client.HTTPConnection(host)
    while True:
        runtime.request("GET", base + "next")
        response = runtime.getresponse()
        request_id = response.getheader("Lambda-Runtime-Aws-Request-Id")
        event = json.loads(response.read())
        try:
            outcome, body = "response", handle(event)
        except Exception as failure:
            outcome, body = (
                "error",
                {"errorType": type(failure).__name__, "errorMessage": str(failure)},
            )
        runtime.request(
            "POST",
            f"{base}{request_id}/{outcome}",
            json.dumps(body),
            {"Content-Type": "application/json"},
        )
        runtime.getresponse().read()


poll()
