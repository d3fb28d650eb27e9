import { shown } from './command.ts'
import { doctlArgs } from './doctl-args.ts'
import { clusterSteps } from './install.ts'
import { costLines } from './prices.ts'
import { isOwnRegistry, namesOf, type Settings } from './settings.ts'

/** What `doks-up` would do, in its order, with its commands; nothing is asked or done, not even doctl is needed. */
export function planLines(settings: Settings): string[] {
  const names = namesOf(settings)
  const { kafka, door } = settings
  const doctl = (args: string[]) => `    $ ${shown('doctl', args)}`
  const admit = (name: 'postgres' | 'valkey' | 'kafka') => doctl(doctlArgs.admitCluster({}, name))
  return [
    `In ${settings.region}, unless it is there already:`,
    '',
    `  ${names.vpc}: a network of its own`,
    doctl(doctlArgs.createVpc(settings)),
    `  ${names.postgres}: Postgres ${settings.postgres.version}, everything that must not be lost`,
    doctl(doctlArgs.createPostgres(settings, {})),
    `  ${names.valkey}: Valkey ${settings.valkey.version}, claims and throttles`,
    doctl(doctlArgs.createValkey(settings, {})),
    ...(kafka.kind === 'managed'
      ? [`  ${names.kafka}: Kafka ${kafka.version}, the bus`, doctl(doctlArgs.createKafka(settings, {}))]
      : [`  no Kafka: the one at ${kafka.brokers} is used, SCRAM-${kafka.mechanism} over TLS`]),
    `  ${names.cluster}: the cluster`,
    doctl(doctlArgs.createCluster(settings, {})),
    doctl(doctlArgs.saveKubeconfig(settings, {})),
    ...(isOwnRegistry(settings)
      ? ["  it may read the account's own registry", doctl(doctlArgs.joinRegistry({}))]
      : []),
    '  only this cluster may connect to the databases',
    admit('postgres'),
    admit('valkey'),
    ...(kafka.kind === 'managed' ? [admit('kafka'), doctl(doctlArgs.createKafkaUser({}))] : []),
    doctl(doctlArgs.createSchema({})),
    '',
    `In the cluster (context ${names.context}):`,
    '',
    ...clusterSteps(settings).flatMap(({ what, command }) => [
      `  ${what}`,
      `    $ ${shown(command.program, command.args)}`,
    ]),
    '',
    door.kind === 'gateway'
      ? `Then ${door.host} must point to the address that it prints; its certificate comes by itself.`
      : `Then ${door.host} must point to the address that it prints.`,
    '',
    'Cost by the price list of autumn 2025, without traffic and backups beyond what is included:',
    '',
    ...costLines(settings),
    '',
    'Nothing was done. Do it: make doks-up',
  ]
}
