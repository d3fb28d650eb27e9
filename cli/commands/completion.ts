import type { Verb } from '../command.ts'
import { scripts } from '../completion/scripts.ts'
import { usage } from '../errors.ts'

export const completion: Verb = {
  summary: 'Completions for your shell: bash, zsh, fish',
  usage: '<bash | zsh | fish>',
  examples: [
    ['eval "$(todo completion bash)"', 'in ~/.bashrc'],
    ['eval "$(todo completion zsh)"', 'in ~/.zshrc, behind compinit'],
    ['todo completion fish > ~/.config/fish/completions/todo.fish', 'once'],
    ['todo done <TAB>', 'then: ids with titles, tags, projects, dates, flags'],
  ],
  run: async ({ out }, [shell = '']) => {
    if (!Object.hasOwn(scripts, shell))
      throw usage(`There is no completion for ${JSON.stringify(shell)}.`, 'There are bash, zsh and fish.')
    out.text(scripts[shell as keyof typeof scripts])
    return undefined
  },
}
