import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import { consumers, deadLetterTopic, probeTopic } from '../shared/dapr/names.ts'
import { topics } from '../shared/events.ts'
import { topicResource } from './kafka.ts'

/** A topic as it should be. The number of partitions of a live keyed topic must never change: keys would move. */
export type TopicPlan = { name: string; partitions: number; config: Record<string, string> }

export type TopicDrift = {
  topic: string
  fault: 'missing' | 'differs'
  what: string
  wanted: string
  found: string
}

const day = 24 * 60 * 60 * 1000
const keep = (days: number) => ({ 'cleanup.policy': 'delete', 'retention.ms': String(days * day) })

/** The one list of topics. A consumer works on the partitions of a topic side by side and on each in order. */
export const plannedTopics: TopicPlan[] = [
  { name: topics.tasks, partitions: 12, config: keep(7) },
  { name: topics.notifications, partitions: 6, config: keep(7) },
  ...consumers.map(({ app, topic }) => ({
    name: deadLetterTopic(topic, app),
    partitions: 3,
    config: keep(30),
  })),
  { name: probeTopic, partitions: 1, config: keep(1) },
]

/** What differs from the plan: missing topics, other partitions, other settings. */
export async function diffTopics(admin: Admin, plan = plannedTopics): Promise<TopicDrift[]> {
  const present = new Set(await admin.listTopics())
  const there = plan.filter((topic) => present.has(topic.name))
  const drift: TopicDrift[] = plan
    .filter((topic) => !present.has(topic.name))
    .map(({ name, partitions }) => ({
      topic: name,
      fault: 'missing' as const,
      what: 'topic',
      wanted: `${partitions} partitions`,
      found: 'nothing',
    }))
  if (there.length === 0) return drift
  const { topics: found } = await admin.fetchTopicMetadata({ topics: there.map((topic) => topic.name) })
  const resources = there.map((topic) => ({ type: topicResource, name: topic.name }))
  const { resources: configs } = await admin.describeConfigs({ resources, includeSynonyms: false })
  for (const topic of there) {
    const partitions = found.find((entry) => entry.name === topic.name)?.partitions.length ?? 0
    const entries = configs.find((entry) => entry.resourceName === topic.name)?.configEntries ?? []
    const compare = (what: string, wanted: string, actual: string) => {
      if (wanted !== actual) drift.push({ topic: topic.name, fault: 'differs', what, wanted, found: actual })
    }
    compare('partitions', String(topic.partitions), String(partitions))
    for (const [name, value] of Object.entries(topic.config)) {
      compare(name, value, entries.find((entry) => entry.configName === name)?.configValue ?? 'unset')
    }
  }
  return drift
}

const leadersMs = 30_000

/** Waits until each partition has a leader, so that the first publication finds one. */
async function leadersOf(admin: Admin, wanted: { topic: string; numPartitions: number }[]): Promise<void> {
  const end = Date.now() + leadersMs
  for (;;) {
    const isLed = await admin.fetchTopicMetadata({ topics: wanted.map(({ topic }) => topic) }).then(
      ({ topics }) =>
        wanted.every(({ topic, numPartitions }) => {
          const partitions = topics.find(({ name }) => name === topic)?.partitions ?? []
          return partitions.length === numPartitions && partitions.every(({ leader }) => leader >= 0)
        }),
      () => false,
    )
    if (isLed) return
    if (Date.now() > end) throw new Error(`the new topics have no leader after ${leadersMs / 1000} s`)
    await sleep(100)
  }
}

export type Applied = { created: string[]; changed: string[]; refused: TopicDrift[] }

/**
 * Creates what is missing and sets what differs. Partitions are left alone (`refused`): more of them would move the
 * keys, and the order of a task's events with them.
 */
export async function applyTopics(
  admin: Admin,
  options: { replicationFactor?: number; plan?: TopicPlan[] } = {},
): Promise<Applied> {
  const { replicationFactor = -1, plan = plannedTopics } = options
  const drift = await diffTopics(admin, plan)
  const faultyOf = (fault: TopicDrift['fault']) => drift.filter((entry) => entry.fault === fault)
  const missing = plan.filter((topic) => faultyOf('missing').some((entry) => entry.topic === topic.name))
  if (missing.length > 0) {
    const wanted = missing.map((topic) => ({
      topic: topic.name,
      numPartitions: topic.partitions,
      replicationFactor,
      configEntries: Object.entries(topic.config).map(([name, value]) => ({ name, value })),
    }))
    // The client's own wait for leaders ends with an error when the broker does not know the new topics yet.
    await admin.createTopics({ topics: wanted, waitForLeaders: false })
    await leadersOf(admin, wanted)
  }
  const refused = faultyOf('differs').filter((entry) => entry.what === 'partitions')
  const settings = faultyOf('differs').filter((entry) => entry.what !== 'partitions')
  const changed = plan.filter((topic) => settings.some((entry) => entry.topic === topic.name))
  if (changed.length > 0) {
    // The call replaces all settings of a topic, so that all wanted ones are sent each time.
    const resources = changed.map((topic) => ({
      type: topicResource,
      name: topic.name,
      configEntries: Object.entries(topic.config).map(([name, value]) => ({ name, value })),
    }))
    await admin.alterConfigs({ validateOnly: false, resources })
  }
  return { created: missing.map((topic) => topic.name), changed: changed.map((topic) => topic.name), refused }
}
