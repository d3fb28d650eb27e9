import type { RuleName } from './rules.ts'
import { longestFile, longestFunction, longestView } from './size-rules.ts'

export type Plant = { rule: RuleName; path: string; text: string; line: number }

/** Crossings, each of which its rule has to find on the named line. */
export const plants: Plant[] = []

/** Files without a fault that look like some. */
export const innocents: { path: string; text: string }[] = []

const plant = (rule: RuleName, path: string, text: string, line = 1) =>
  plants.push({ rule, path, text, line })

const fine = (path: string, text: string) => innocents.push({ path, text })

const rooms = 'rooms import only their own files and shared/'
plant(rooms, 'shared/p1.ts', `import { createApp } from '../server/app.ts'\nexport const app = createApp\n`)
plant(rooms, 'cli/commands/p2.ts', `export const a = 1\nexport { b } from '../../server/app.ts'\n`, 2)
plant(rooms, 'server/p3.ts', `import type { Send } from '../notifier/send.ts'\nexport type A = Send\n`)
plant(rooms, 'notifier/p4.ts', `export const load = () => import('../recurrer/app.ts')\n`)
plant(rooms, 'recurrer/p5.ts', `export const a = 1\nexport type A = import('../ops/kafka.ts').Kafka\n`, 2)
plant(rooms, 'ops/p6.ts', `import '../server/app.ts'\n`)
plant(
  rooms,
  'cli/local/p7.ts',
  `import { createApp } from '../../server/app.ts'\nexport const a = createApp\n`,
)
plant(rooms, 'server/p8.ts', `import { test } from '../test/support/cli.ts'\nexport const a = test\n`)
plant(rooms, 'server/p9.test.ts', `import { run } from '../cli/program.ts'\nrun()\n`)
plant(rooms, 'deploy/p10.ts', `import { run } from '../cli/program.ts'\nrun()\n`)
fine(
  'cli/local/f1.ts',
  `import type { Deps } from '../../server/deps.ts'\nexport const load = (): Promise<Deps> =>
  import('../../server/app.ts')\n`,
)
fine(
  'server/f2.test.ts',
  `import { a } from '../test/support/a.ts'\nimport { b } from '../shared/b.ts'\na(b)\n`,
)
fine(
  'test/e2e/f3.test.ts',
  `import { a } from '../../server/a.ts'\nimport { b } from '../../cli/b.ts'\na(b)\n`,
)

const packages = 'a package is used in its own room only'
plant(packages, 'server/p20.ts', `import postgres from 'postgres'\nexport const a = postgres\n`)
plant(packages, 'server/p21.ts', `export const a = 1\nexport const load = () => import('@dapr/dapr')\n`, 2)
plant(packages, 'shared/p22.ts', `import { Kafka } from 'kafkajs'\nexport const a = Kafka\n`)
plant(packages, 'cli/commands/p23.tsx', `import { Box } from 'ink'\nexport const a = Box\n`)
plant(packages, 'cli/p24.ts', `import { useState } from 'react'\nexport const a = useState\n`)
plant(
  packages,
  'recurrer/p25.ts',
  `import { CronExpressionParser } from 'cron-parser'\nexport const a = CronExpressionParser\n`,
)
plant(packages, 'server/p26.ts', `import type { Sql } from 'postgres'\nexport type A = Sql\n`)
plant(packages, 'test/support/p27.ts', `import { Kafka } from 'kafkajs'\nexport const a = Kafka\n`)
fine('shared/db/f20.ts', `import postgres from 'postgres'\nexport const a = postgres\n`)
fine('test/support/f21.ts', `import type { Admin } from 'kafkajs'\nexport type A = Admin\n`)
fine(
  'cli/tui/f22.tsx',
  `import { Box } from 'ink'\nimport { useState } from 'react'\nexport const a = [Box, useState]\n`,
)
fine(
  'shared/dapr/f23.ts',
  `export const load = () => import('@dapr/dapr')\nexport const path = '/v1.0/state/store'\n`,
)

const suffixes = 'a relative import names the file'
plant(suffixes, 'server/p30.ts', `import { a } from './tasks'\nexport const b = a\n`)
plant(suffixes, 'server/p31.ts', `import { a } from './tasks.js'\nexport const b = a\n`)

const environment = 'process.env is read in shared/config.ts only'
plant(environment, 'server/p40.ts', `export const a = process.env.PORT\n`)
plant(environment, 'scripts/p41.ts', `export const a = process['env']\n`)
plant(environment, 'bench/p42.ts', `import { env } from 'node:process'\nexport const a = env\n`)
plant(environment, 'cli/p43.test.ts', `const { env } = process\nenv.TZ = 'UTC'\n`)
fine('server/f40.ts', `export const a = { env: 1 }.env\nexport const b = 'process.env.PORT' // process.env\n`)

const exits = 'only entry files end the process'
plant(exits, 'server/p50.ts', `export const stop = () => process.exit(1)\n`)
plant(exits, 'scripts/p51.ts', `import { exit } from 'node:process'\nexit(1)\n`)
plant(exits, 'cli/p52.ts', `export const fail = () => {\n  process.exitCode = 1\n}\n`, 2)
plant(exits, 'shared/p53.ts', `export const fail = () => process.abort()\n`)
fine('scripts/f50.ts', `process.exitCode = 1\n`)
fine('notifier/main.ts', `process.exitCode = 1\nif (process.exitCode) process.exit()\n`)

const dapr = 'Dapr is known in shared/dapr only'
plant(dapr, 'server/p60.ts', `export const a = '/v1.0/publish/task-pubsub/task-events'\n`)
plant(
  dapr,
  'notifier/p61.ts',
  `export const a = (port: number) => \`http://localhost:\${port}/v1.0/state/x\`\n`,
)
plant(dapr, 'recurrer/p62.ts', `export const a = '/dapr/subscribe'\n`)
plant(dapr, 'ops/p63.ts', `export const a = 'DAPR_HTTP_PORT'\n`)
fine(
  'server/f60.ts',
  `// Dapr asks DAPR_HTTP_PORT and /dapr/subscribe elsewhere.\nexport const a = 'adapter'\n`,
)

const byDefault = 'nothing is exported by default'
plant(byDefault, 'server/p70.ts', `export default 1\n`)
plant(byDefault, 'server/p71.ts', `export default function a() {}\n`)
plant(byDefault, 'server/p72.ts', `const a = 1\nexport { a as default }\n`, 2)
plant(byDefault, 'server/p73.ts', `export default class AError extends Error {}\n`)

const barrels = 'no file only passes on what others define'
plant(barrels, 'server/p80.ts', `export * from './app.ts'\nexport const a = 1\n`)
plant(barrels, 'server/p81.ts', `export { a } from './a.ts'\nexport { b } from './b.ts'\n`, 2)
fine('server/f80.ts', `export { a } from './a.ts'\nexport const b = 1\n`)

const forms = 'no enums, no namespaces, no classes but errors'
plant(forms, 'server/p90.ts', `export enum Color { red }\n`)
plant(forms, 'server/p91.ts', `export class Service {}\n`)
plant(forms, 'server/p92.ts', `export const A = class extends Map {}\n`)
plant(forms, 'server/p93.ts', `export namespace Tasks { export const a = 1 }\n`)
fine(
  'shared/f90.ts',
  `export class LateError extends AppError {}\ndeclare module 'hono' {\n  interface A {}\n}\n`,
)

const names = 'files and folders have telling names'
plant(names, 'server/utils/p100.ts', `export const a = 1\n`)
plant(names, 'server/taskService.ts', `export const a = 1\n`)
plant(names, 'server/task_service.ts', `export const a = 1\n`)

const skipped = 'a skipped test gives its reason'
plant(skipped, 'server/p110.test.ts', `test.only('a', () => {})\n`)
plant(skipped, 'server/p111.test.ts', `test.skip('a', () => {})\n`)
plant(skipped, 'server/p112.test.ts', `const a = 1\ntest('a', { skip: true }, () => {})\n`, 2)
fine('server/f110.test.ts', `test('a', { skip: isRoot ? 'root may read everything' : false }, () => {})\n`)

const body = (lines: number) => '  a()\n'.repeat(lines)

const files = `a file has at most ${longestFile} lines`
plant(files, 'server/p120.ts', `${'export {}\n'.repeat(longestFile + 1)}`, longestFile + 1)
fine('server/f120.test.ts', 'export {}\n'.repeat(longestFile))

const functions = `a function has at most ${longestFunction} lines, a view ${longestView}`
plant(functions, 'server/p130.ts', `export function b() {\n${body(longestFunction - 1)}}\n`)
plant(functions, 'scripts/p131.ts', `\nexport const b = async () => {\n${body(longestFunction)}}\n`, 2)
plant(functions, 'server/p132.ts', `export const b = {\n  c() {\n${body(longestFunction)}  },\n}\n`, 2)
plant(functions, 'cli/tui/p133.tsx', `export function B() {\n${body(longestView - 1)}}\n`)
fine('server/f130.ts', `export function b() {\n${body(longestFunction - 2)}}\n`)
fine('cli/tui/f131.tsx', `export function B() {\n${body(longestView - 2)}}\n`)
fine('bench/f132.ts', `export function b() {\n${body(longestView)}}\n`)
