// What the end-to-end and fault tests needed: written by the stand-ins, a file for each run.

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** @returns every permission once */
export function recordedPermissions(directory) {
  const files = readdirSync(directory).filter((name) => name.endsWith('.json'))
  const recorded = files.flatMap((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')))
  return [...new Map(recorded.map((one) => [JSON.stringify(one), one])).values()]
}

/** @returns the permission under a name that tells it from the others */
export function named({ action, resource, context }) {
  return `${action} on ${resource} with ${JSON.stringify(context)}`
}
