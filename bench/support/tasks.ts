import { createHash } from 'node:crypto'

/** One made-up task; the same `count` always gives the same tasks. */
export type SampleTask = {
  uuid: string
  title: string
  project: string
  tag: string
  priority: 'high' | 'medium' | 'low' | null
  dueDate: string | null
  createdAt: string
}

const words = 'write call fix review plan buy clean ship read test note mail'.split(' ')
const projects = ['home', 'work.api', 'work.web', 'garden', 'ops', 'ops.db']
export const sampleTags = ['urgent', 'phone', 'mail', 'bug', 'docs', 'later']
const priorities = ['high', 'medium', 'low', null] as const

const start = Date.UTC(2026, 0, 1)

/** A seeded generator (mulberry32): integers from 0 to below n. */
function createRandom(seed: number): (n: number) => number {
  let state = seed
  return (n) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n
  }
}

const uuidOf = (n: number): string => {
  const hash = createHash('sha1').update(`task ${n}`).digest('hex')
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}

export function sampleTasks(count: number): SampleTask[] {
  const random = createRandom(12_345)
  const one = <T>(list: readonly T[]): T => list[random(list.length)]!
  return Array.from({ length: count }, (_, n) => ({
    uuid: uuidOf(n),
    title: `${one(words)} ${one(words)} item ${n}`,
    project: one(projects),
    tag: one(sampleTags),
    priority: one(priorities),
    dueDate: random(3) === 0 ? null : new Date(start + random(365) * 86_400_000).toISOString().slice(0, 10),
    createdAt: new Date(start + n * 60_000).toISOString(),
  }))
}
