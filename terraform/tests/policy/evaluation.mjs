// IAM's decision, by an evaluator that knows AWS's actions, resources and condition keys.

import { runSimulation } from '@cloud-copilot/iam-simulate'

const ACCOUNT = '123456789012'

/**
 * @returns whether the policy allows it, and the Sids of the statements by which
 * @throws if the evaluator does not know the action, or a condition key for it
 */
export async function evaluate(policy, { action, resource, context }) {
  const outcome = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:role/elephant-launch-ec2`,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: context
      },
      identityPolicies: [{ name: 'launch', policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: []
    },
    {}
  )
  if (outcome.resultType !== 'single') {
    throw new Error(`${action} on ${resource}: ${JSON.stringify(outcome.errors ?? outcome)}`)
  }
  const ignored = outcome.result.ignoredContextKeys ?? []
  if (ignored.length > 0) {
    throw new Error(`${action} on ${resource} has no condition key ${ignored.join(', ')}`)
  }
  return {
    allowed: outcome.overallResult === 'Allowed',
    statements: outcome.result.analysis.identityAnalysis.allowStatements.map((allowing) =>
      allowing.statement.sid()
    )
  }
}
