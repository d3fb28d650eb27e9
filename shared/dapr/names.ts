import { type Service, type Topic, topics } from '../events.ts'

// Names that the YAML in deploy/chart/dapr repeats; a test beside this file compares the two.
export const pubsubName = 'task-pubsub'
export const stateStoreName = 'todo-statestore'
export const cronBinding = 'recurring-task-cron'

/** The app id of each service's sidecar; also the name of its consumer group. */
export const appIds = ['server', 'notifier', 'recurrer'] as const satisfies readonly Service[]

/** Which app reads which topic. */
export const consumers = [
  { app: 'notifier', topic: topics.tasks },
  { app: 'notifier', topic: topics.notifications },
  { app: 'recurrer', topic: topics.tasks },
] as const satisfies readonly { app: Service; topic: Topic }[]

/** Latency probes have a topic of their own, so that no consumer ever sees one. */
export const probeTopic = 'todo-probe'

/** Where a sidecar delivers the events of a topic. */
export const eventRoute = (topic: Topic) => `/events/${topic}` as const

/** One for each consumer and topic: nothing in a dead letter names the app that failed on it. */
export const deadLetterTopic = (topic: Topic, app: Service): string => `${topic}.${app}.dlq`
