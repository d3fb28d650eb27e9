import { readFileSync } from 'node:fs'

export type Step = { command: string; printed: string }
export type Recipe = { title: string; steps: Step[] }

/** The recipes of a page: below each heading a console block of commands behind `$ ` and what they print. */
export function readRecipes(file: string): Recipe[] {
  const sections = readFileSync(file, 'utf8').split(/^## /m).slice(1)
  return sections.map((section) => {
    const [title = ''] = section.split('\n', 1)
    const [, block = ''] = /```console\n([\s\S]*?)```/.exec(section) ?? []
    const steps = block.split(/^\$ /m).slice(1)
    return {
      title,
      steps: steps.map((step) => {
        const end = step.indexOf('\n')
        return { command: step.slice(0, end), printed: step.slice(end + 1) }
      }),
    }
  })
}
