// Least privilege, both ways: the function may do what it has been seen to do, and no more.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { plannedPolicies } from './deployment.mjs'
import { evaluate, evaluateForService } from './evaluation.mjs'
import { named, recordedPermissions } from './permissions.mjs'

const policies = plannedPolicies(process.env.DEPLOYMENT, 'renders_the_policies_of_the_recorded_calls')
const launcher = policies['aws_iam_role_policy.launcher']
const launcherWithoutPreflight = plannedPolicies(
  process.env.DEPLOYMENT,
  'renders_the_policies_without_the_preflight'
)['aws_iam_role_policy.launcher']
const everyOption = plannedPolicies(process.env.DEPLOYMENT, 'renders_the_policies_of_every_option')
const recorded = recordedPermissions(process.env.PERMISSIONS)

const EC2 = 'arn:aws:ec2:us-west-2:123456789012:'
const TABLE = 'arn:aws:dynamodb:us-west-2:123456789012:table/elephant-meetings'

/** What a launch does not need. */
const FOR_A_PREFLIGHT_ALONE = [
  'dynamodb:DescribeTable',
  'ec2:DescribeImages',
  'ec2:DescribeInstanceTypeOfferings',
  'ec2:DescribeInstanceTypes',
  'ec2:DescribeKeyPairs',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets'
]

/** What a template may name beside EC2's own; RunInstances has no condition key for them. */
const inGroup = {
  action: 'ec2:RunInstances',
  resource: 'arn:aws:resource-groups:us-west-2:123456789012:group/reserved',
  context: {}
}
const underLicence = {
  action: 'ec2:RunInstances',
  resource: 'arn:aws:license-manager:us-west-2:123456789012:license-configuration:lic-0e1efa27000000001',
  context: {}
}

/** One of the recorded permissions, as a starting point for one that must be refused. */
function recording(action, resource) {
  const found = recorded.find((one) => one.action === action && one.resource.includes(resource))
  assert.ok(found, `no test has recorded ${action} on ${resource}`)
  return found
}

const onTable = (action, table = TABLE) => ({ action: `dynamodb:${action}`, resource: table, context: {} })

function withContext(permission, changes) {
  const context = { ...permission.context, ...changes }
  for (const key of Object.keys(context)) {
    if (context[key] === undefined) delete context[key]
  }
  return { ...permission, context }
}

/** The actions of each statement that none of these calls needs. */
async function unusedOf(policy, calls) {
  const used = new Set()
  for (const call of calls) {
    for (const sid of (await evaluate(policy, call)).statements) used.add(`${sid} ${call.action}`)
  }
  return policy.Statement.flatMap(({ Sid, Action }) => [Action].flat().map((action) => `${Sid} ${action}`)).filter(
    (one) => !used.has(one)
  )
}

describe('The role that Terraform makes', () => {
  test('has been used by the end-to-end and fault tests', () => {
    const actions = new Set(recorded.map((one) => one.action))
    for (const action of [
      ...FOR_A_PREFLIGHT_ALONE,
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
      'ec2:CreateTags',
      'ec2:DescribeInstances',
      'ec2:RunInstances',
      'ec2:TerminateInstances',
      'iam:PassRole'
    ]) {
      assert.ok(actions.has(action), `no test has recorded ${action}`)
    }
  })

  for (const permission of recorded) {
    test(`allows ${named(permission)}`, async () => {
      const { allowed } = await evaluate(launcher, permission)
      assert.ok(allowed)
    })
  }

  test('has nothing that no call needs', async () => {
    assert.deepEqual(await unusedOf(launcher, recorded), [])
  })
})

describe('The role that Terraform makes refuses', () => {
  const instance = () => recording('ec2:RunInstances', ':instance/')
  const volume = () => recording('ec2:RunInstances', ':volume/')
  const tags = () => recording('ec2:CreateTags', ':instance/')
  const termination = () => recording('ec2:TerminateInstances', ':instance/')
  const launchOf = (resource, to) => () => ({
    ...recording('ec2:RunInstances', resource),
    resource: to
  })
  const onInstance = (action) => () => ({
    ...termination(),
    action: `ec2:${action}`
  })

  const refused = {
    // The table.
    'reading another table': () => onTable('GetItem', `${TABLE}-archive`),
    'writing another table': () => onTable('UpdateItem', `${TABLE}-archive`),
    'reading the table in another region': () => onTable('GetItem', TABLE.replace('us-west-2', 'us-east-1')),
    'making a row': () => onTable('PutItem'),
    'deleting a row': () => onTable('DeleteItem'),
    'querying the table': () => onTable('Query'),
    'scanning the table': () => onTable('Scan'),
    'writing many rows': () => onTable('BatchWriteItem'),
    'deleting the table': () => onTable('DeleteTable'),

    // What is launched.
    'another image': launchOf('::image/', 'arn:aws:ec2:us-west-2::image/ami-0aaaaaaaaaaaaaaaa'),
    'an image of another region': launchOf('::image/', 'arn:aws:ec2:us-east-1::image/ami-0e7fd79d17e852d18'),
    'another key pair': launchOf(':key-pair/', `${EC2}key-pair/somebody-elses`),
    'another security group': launchOf(':security-group/', `${EC2}security-group/sg-0aaaaaaaaaaaaaaaa`),
    'a subnet that is not a default one': launchOf(':subnet/', `${EC2}subnet/subnet-0a55555555555555a`),
    'a subnet of another VPC': launchOf(':subnet/', `${EC2}subnet/subnet-0a77777777777777a`),
    'a network interface in another subnet': () =>
      withContext(recording('ec2:RunInstances', ':network-interface/'), {
        'ec2:Subnet': `${EC2}subnet/subnet-0a77777777777777a`
      }),
    'a launch template': () => ({
      action: 'ec2:RunInstances',
      resource: `${EC2}launch-template/lt-0aaaaaaaaaaaaaaaa`,
      context: {}
    }),
    'a group of capacity reservations without a template': () => inGroup,
    'a licence configuration without a template': () => underLicence,
    'an instance in another region': launchOf(':instance/', `${EC2.replace('us-west-2', 'us-east-1')}instance/i-0`),
    'another type': () => withContext(instance(), { 'ec2:InstanceType': 'p5.48xlarge' }),
    'another instance profile': () =>
      withContext(instance(), {
        'ec2:InstanceProfile': 'arn:aws:iam::123456789012:instance-profile/Administrator'
      }),
    'an instance without a profile': () => withContext(instance(), { 'ec2:InstanceProfile': undefined }),
    'IMDSv1': () => withContext(instance(), { 'ec2:MetadataHttpTokens': 'optional' }),
    'a Spot instance': () => withContext(instance(), { 'ec2:InstanceMarketType': 'spot' }),
    'a volume that is not encrypted': () => withContext(volume(), { 'ec2:Encrypted': 'false' }),
    'a volume that is too large': () => withContext(volume(), { 'ec2:VolumeSize': '61' }),
    'a volume of another type': () => withContext(volume(), { 'ec2:VolumeType': 'io2' }),

    // Tags.
    ...Object.fromEntries(
      [instance, volume].flatMap((resource) =>
        ['Project', 'MeetingID', 'Role', 'LaunchedBy'].map((tag) => [
          `${resource === instance ? 'an instance' : 'a volume'} without the tag ${tag}`,
          () => withContext(resource(), { [`aws:RequestTag/${tag}`]: undefined })
        ])
      )
    ),
    'an instance without any tag': () =>
      withContext(instance(), {
        ...Object.fromEntries(
          Object.keys(instance().context)
            .filter((key) => key.startsWith('aws:RequestTag/'))
            .map((key) => [key, undefined])
        ),
        'aws:TagKeys': undefined
      }),
    'an instance of another project': () => withContext(instance(), { 'aws:RequestTag/Project': 'Mammoth' }),
    'an instance of another stack': () => withContext(instance(), { 'aws:RequestTag/LaunchedBy': 'another' }),
    'an instance of another role': () => withContext(instance(), { 'aws:RequestTag/Role': 'administrator' }),
    'an instance with an empty meeting': () => withContext(instance(), { 'aws:RequestTag/MeetingID': '' }),
    'tagging an instance that runs': () => withContext(tags(), { 'ec2:CreateAction': undefined }),
    'tagging what another call makes': () => withContext(tags(), { 'ec2:CreateAction': 'CreateVolume' }),
    'tagging with a key of its own': () =>
      withContext(tags(), {
        'aws:RequestTag/Owner': 'me',
        'aws:TagKeys': [...tags().context['aws:TagKeys'], 'Owner']
      }),
    'tagging an image': () => ({ ...tags(), resource: 'arn:aws:ec2:us-west-2::image/ami-0e7fd79d17e852d18' }),
    'untagging an instance': () => ({
      action: 'ec2:DeleteTags',
      resource: `${EC2}instance/i-1`,
      context: { 'aws:ResourceTag/LaunchedBy': 'elephant-launch-ec2' }
    }),

    // Instances that run.
    'terminating an instance of another stack': () =>
      withContext(termination(), { 'aws:ResourceTag/LaunchedBy': 'another' }),
    'terminating an instance that nobody tagged': () =>
      withContext(termination(), { 'aws:ResourceTag/LaunchedBy': undefined }),
    'terminating in another region': () => ({
      ...termination(),
      resource: `${EC2.replace('us-west-2', 'us-east-1')}instance/i-1`
    }),
    'stopping an instance': onInstance('StopInstances'),
    'starting an instance': onInstance('StartInstances'),
    'rebooting an instance': onInstance('RebootInstances'),

    // The rest of the account.
    'passing another role': () => ({
      ...recording('iam:PassRole', ':role/'),
      resource: 'arn:aws:iam::123456789012:role/Administrator'
    }),
    'passing the role to another service': () =>
      withContext(recording('iam:PassRole', ':role/'), { 'iam:PassedToService': 'lambda.amazonaws.com' }),
    'looking at volumes': () => ({ action: 'ec2:DescribeVolumes', resource: '*', context: {} }),
    'looking at another table': () => onTable('DescribeTable', `${TABLE}-archive`),
    'looking at the instance profile': () => ({
      action: 'iam:GetInstanceProfile',
      resource: 'arn:aws:iam::123456789012:instance-profile/EC2-S3-ReadOnly-Role',
      context: {}
    }),
    'looking at a quota': () => ({
      action: 'servicequotas:GetServiceQuota',
      resource: 'arn:aws:servicequotas:us-west-2:123456789012:ec2/L-1216C47A',
      context: {}
    }),
    'changing an image': () => ({
      action: 'ec2:ModifyImageAttribute',
      resource: 'arn:aws:ec2:us-west-2::image/ami-0e7fd79d17e852d18',
      context: {}
    }),
    'changing a security group': () => ({
      action: 'ec2:AuthorizeSecurityGroupIngress',
      resource: `${EC2}security-group/sg-0e1efa27000000001`,
      context: {}
    }),
    'writing another log': () => ({
      ...recording('logs:PutLogEvents', ':log-group:'),
      resource: 'arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/another:log-stream:1'
    }),
    'making a log group': () => ({
      action: 'logs:CreateLogGroup',
      resource: 'arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/another',
      context: {}
    }),
    'sending to another queue': () => ({
      ...recording('sqs:SendMessage', ':elephant'),
      resource: 'arn:aws:sqs:eu-central-1:123456789012:another'
    }),
    'invoking a function': () => ({
      action: 'lambda:InvokeFunction',
      resource: 'arn:aws:lambda:eu-central-1:123456789012:function:elephant-launch-ec2',
      context: {}
    })
  }

  for (const [what, permission] of Object.entries(refused)) {
    test(what, async () => {
      assert.equal((await evaluate(launcher, permission())).allowed, false)
    })
  }
})

test('The role that Terraform makes where preflight is false refuses what only a preflight needs', async () => {
  const refused = new Set()
  for (const permission of recorded) {
    if (!(await evaluate(launcherWithoutPreflight, permission)).allowed) refused.add(permission.action)
  }
  assert.deepEqual([...refused].sort(), FOR_A_PREFLIGHT_ALONE)
})

describe('A call that AWS does not know', () => {
  const unknown = {
    'an action': onTable('GetItems'),
    'a resource of the action': onTable('GetItem', `${EC2}instance/i-1`),
    'a condition key of the resource': { ...onTable('GetItem'), context: { 'ec2:Region': 'us-west-2' } }
  }
  for (const [what, permission] of Object.entries(unknown)) {
    test(`is an error: ${what}`, () => assert.rejects(evaluate(launcher, permission)))
  }
})

describe('The role that Terraform makes with every option', () => {
  const policy = everyOption['aws_iam_role_policy.launcher']
  const TEMPLATE = `${EC2}launch-template/lt-0e1efa27000000001`
  const KEY = 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab'
  const SUBNET = `${EC2}subnet/subnet-0a55555555555555a`

  /** A recorded launch's, as it is by the template: what the request names overrides it. */
  const byTemplate = (permission) =>
    withContext(permission, {
      'ec2:LaunchTemplate': TEMPLATE,
      'ec2:IsLaunchTemplateResource': 'false'
    })
  const ofTemplate = (resource) => ({
    action: 'ec2:RunInstances',
    resource,
    context: { 'ec2:LaunchTemplate': TEMPLATE, 'ec2:IsLaunchTemplateResource': 'true' }
  })
  const onKey = (action, more = {}) => ({
    action: `kms:${action}`,
    resource: KEY,
    context: { 'kms:ViaService': 'ec2.us-west-2.amazonaws.com', ...more }
  })
  const instance = byTemplate(recording('ec2:RunInstances', ':instance/'))
  const networkInterface = byTemplate(
    withContext(recording('ec2:RunInstances', ':network-interface/'), { 'ec2:Subnet': SUBNET })
  )
  const tags = recording('ec2:CreateTags', ':instance/')
  const grant = onKey('CreateGrant', { 'kms:GrantIsForAWSResource': 'true' })

  const planned = {
    'the template': { action: 'ec2:RunInstances', resource: TEMPLATE, context: {} },
    'its capacity reservation': ofTemplate(`${EC2}capacity-reservation/cr-0e1efa27000000001`),
    'its placement group': ofTemplate(`${EC2}placement-group/desktops`),
    'its snapshot': ofTemplate('arn:aws:ec2:us-west-2::snapshot/snap-0e1efa27000000001'),
    'its group of capacity reservations': inGroup,
    'its licence configuration': underLicence,
    "the organization's tag": withContext(tags, {
      'aws:RequestTag/CostCentre': '4711',
      'aws:TagKeys': [...tags.context['aws:TagKeys'], 'CostCentre']
    }),
    'the image': byTemplate(recording('ec2:RunInstances', '::image/')),
    'a subnet that is not a default one': byTemplate({
      ...recording('ec2:RunInstances', ':subnet/'),
      resource: SUBNET
    }),
    'a network interface in it': networkInterface,
    'an instance': instance,
    'a Spot instance': withContext(instance, { 'ec2:InstanceMarketType': 'spot' }),
    'a volume': byTemplate(recording('ec2:RunInstances', ':volume/')),
    'using the key to decrypt': onKey('Decrypt'),
    'describing the key': onKey('DescribeKey'),
    "making a volume's key": onKey('GenerateDataKeyWithoutPlaintext'),
    'encrypting again from the key': onKey('ReEncryptFrom'),
    'encrypting again to the key': onKey('ReEncryptTo'),
    'a grant for a volume': grant,
    'a segment of a trace': { action: 'xray:PutTraceSegments', resource: '*', context: {} },
    'telemetry of a trace': { action: 'xray:PutTelemetryRecords', resource: '*', context: {} }
  }

  for (const [what, permission] of Object.entries(planned)) {
    test(`allows ${what}`, async () => {
      assert.ok((await evaluate(policy, permission)).allowed)
    })
  }

  test('has nothing that no recorded or planned call needs', async (t) => {
    const unused = await unusedOf(policy, recorded)
    assert.deepEqual(await unusedOf(policy, [...recorded, ...Object.values(planned)]), [])
    t.diagnostic(`only planned calls need ${unused.join(', ')}`)
  })

  const anotherTemplate = { 'ec2:LaunchTemplate': `${EC2}launch-template/lt-0aaaaaaaaaaaaaaaa` }
  const refused = {
    'another template': {
      ...planned['the template'],
      resource: anotherTemplate['ec2:LaunchTemplate']
    },
    "another template's capacity reservation": withContext(
      planned['its capacity reservation'],
      anotherTemplate
    ),
    'a capacity reservation that the request names': withContext(planned['its capacity reservation'], {
      'ec2:IsLaunchTemplateResource': 'false'
    }),
    'a capacity reservation without a template': withContext(planned['its capacity reservation'], {
      'ec2:LaunchTemplate': undefined,
      'ec2:IsLaunchTemplateResource': undefined
    }),
    "the template's own type": withContext(instance, {
      'ec2:InstanceType': 'p5.48xlarge',
      'ec2:IsLaunchTemplateResource': 'true'
    }),
    "the template's own instance profile": withContext(instance, {
      'ec2:InstanceProfile': 'arn:aws:iam::123456789012:instance-profile/Administrator'
    }),
    "the template's larger volume": withContext(planned['a volume'], { 'ec2:VolumeSize': '61' }),
    'a default subnet': byTemplate(recording('ec2:RunInstances', ':subnet/')),
    'a network interface in a default subnet': byTemplate(
      recording('ec2:RunInstances', ':network-interface/')
    ),
    'a subnet of a third VPC': {
      ...planned['a subnet that is not a default one'],
      resource: `${EC2}subnet/subnet-0a77777777777777a`
    },
    'the key for the function itself': withContext(onKey('Decrypt'), { 'kms:ViaService': undefined }),
    'the key for another service': withContext(onKey('Decrypt'), {
      'kms:ViaService': 's3.us-west-2.amazonaws.com'
    }),
    'the key for EC2 in another region': withContext(onKey('Decrypt'), {
      'kms:ViaService': 'ec2.us-east-1.amazonaws.com'
    }),
    'another key': {
      ...onKey('Decrypt'),
      resource: 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-000000000000'
    },
    'a grant for somebody': withContext(grant, { 'kms:GrantIsForAWSResource': 'false' }),
    'a grant that the function makes itself': withContext(grant, { 'kms:ViaService': undefined }),
    'deleting the key': onKey('ScheduleKeyDeletion')
  }

  for (const [what, permission] of Object.entries(refused)) {
    test(`refuses ${what}`, async () => {
      assert.equal((await evaluate(policy, permission)).allowed, false)
    })
  }
})

describe('The other policies that Terraform makes', () => {
  const ARN = (service, name) => `arn:aws:${service}:eu-central-1:123456789012:${name}`
  const FUNCTION = ARN('lambda', 'function:elephant-launch-ec2')
  const UNDELIVERED = ARN('sqs', 'elephant-launch-ec2-undelivered')
  const BUS = ARN('events', 'event-bus/default')
  const ENDED = ARN('events', 'rule/elephant-launch-ec2-ended')
  const INTERRUPTED = ARN('events', 'rule/elephant-launch-ec2-interrupted')
  const call = (action, resource, source) => ({
    action,
    resource,
    context: source ? { 'aws:SourceArn': source } : {}
  })
  const invoking = (source, resource = FUNCTION) => call('lambda:InvokeFunction', resource, source)
  const sending = (source, resource = UNDELIVERED) => call('sqs:SendMessage', resource, source)
  const putting = (bus) => call('events:PutEvents', bus)

  /** The role's policy, and what it allows and refuses. */
  const roles = {
    'the scheduler': [
      policies['aws_iam_role_policy.scheduler'],
      [invoking(), sending()],
      [
        invoking(undefined, ARN('lambda', 'function:another')),
        sending(undefined, ARN('sqs', 'elephant-launch-ec2-failures'))
      ]
    ],
    // The recorded function is in another region than the one that it launches in.
    'the forwarding rules': [
      policies['aws_iam_role_policy.forwarder[0]'],
      [putting(BUS)],
      [
        putting(BUS.replace('eu-central-1', 'us-west-2')),
        putting(BUS.replace('default', 'another')),
        putting(BUS.replace('123456789012', '210987654321')),
        invoking()
      ]
    ]
  }
  for (const [who, [policy, allowed, refused]] of Object.entries(roles)) {
    for (const permission of [...allowed, ...refused]) {
      test(`${allowed.includes(permission) ? 'allow' : 'refuse'} ${who} ${named(permission)}`, async () => {
        assert.equal((await evaluate(policy, permission)).allowed, allowed.includes(permission))
      })
    }
  }

  /** The resource's policy, and what it allows and refuses a rule of EventBridge's. */
  const onFunction = (options, name) => options[`aws_lambda_permission.recovery["${name}"]`]
  const onQueue = (options) => options['aws_sqs_queue_policy.undelivered[0]']
  const resources = {
    'on the function': [
      onFunction(policies, 'ended'),
      [invoking(ENDED)],
      [invoking(INTERRUPTED), invoking(), call('lambda:UpdateFunctionCode', FUNCTION, ENDED)]
    ],
    'on the function, with Spot': [onFunction(everyOption, 'interrupted'), [invoking(INTERRUPTED)], [invoking(ENDED)]],
    'on the queue': [
      onQueue(policies),
      [sending(ENDED)],
      [sending(INTERRUPTED), sending(), sending(ENDED, `${UNDELIVERED}-2`)]
    ],
    'on the queue, with Spot': [onQueue(everyOption), [sending(ENDED), sending(INTERRUPTED)], [sending()]]
  }
  for (const [where, [policy, allowed, refused]] of Object.entries(resources)) {
    for (const permission of [...allowed, ...refused]) {
      test(`${allowed.includes(permission) ? 'allow' : 'refuse'} a rule ${where} ${named(permission)}`, async () => {
        assert.equal(
          await evaluateForService('events.amazonaws.com', policy, permission),
          allowed.includes(permission)
        )
        assert.equal(await evaluateForService('sns.amazonaws.com', policy, permission), false)
      })
    }
  }

  test('give a rule for Spot nothing where there is none', () => {
    assert.equal(onFunction(policies, 'interrupted'), undefined)
  })
})
