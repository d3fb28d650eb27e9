import { writeFileSync } from 'node:fs'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { createTestApi } from './test/support/api.ts'

const api = await createTestApi()
const { text } = await api.call('GET', '/openapi.json')
writeFileSync('/tmp/openapi.json', JSON.stringify(JSON.parse(text), null, 1))
const page = await api.call('GET', '/docs')
writeFileSync('/tmp/docs.html', page.text)
const config = await createConfig({ extends: ['recommended-strict'] })
const t = performance.now()
const problems = await lintFromString({ source: text, absoluteRef: '/openapi.json', config })
console.log(performance.now() - t)
const by = new Map()
for (const p of problems) by.set(p.ruleId + ' ' + p.severity, (by.get(p.ruleId + ' ' + p.severity) ?? 0) + 1)
console.log(by)
for (const p of problems.slice(0, 60)) console.log(p.severity, p.ruleId, p.message, p.location[0]?.pointer)
