import { writeFileSync } from 'node:fs'
import { datesDocument } from '../cli/dates/forms.ts'

writeFileSync(new URL('../docs/dates.md', import.meta.url), datesDocument())
