/** What a shell runs at each TAB: `todo __complete LINE` prints a candidate and its meaning a line, with a tab between. */
export const scripts: Record<'bash' | 'zsh' | 'fish', string> = {
  bash: `# todo completion bash: add to ~/.bashrc:  eval "$(todo completion bash)"
_todo() {
  local line="\${COMP_LINE:0:COMP_POINT}" word value prefix=""
  word="\${line##*[[:space:]]}"
  # Bash breaks words at : and =, so only what stands behind the last of them is to be replaced.
  [[ $word == *[:=]* ]] && prefix="\${word%"\${word##*[:=]}"}"
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    if [[ $value == ":files" ]]; then
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      return
    fi
    [[ -n $value ]] && COMPREPLY+=("\${value#"$prefix"}")
  done < <(todo __complete "$line" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[:.] ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _todo todo
`,
  zsh: `#compdef todo
# todo completion zsh: add to ~/.zshrc, behind compinit:  eval "$(todo completion zsh)"
_todo() {
  local line value
  local -a found pairs
  line="\${(j: :)\${(@q)words[1,CURRENT-1]}} $PREFIX"
  found=("\${(@f)$(todo __complete "$line" 2>/dev/null)}")
  if [[ $found[1] == :files* ]]; then
    _files
    return
  fi
  for value in $found; do
    pairs+=("\${\${value%%$'\\t'*}//:/\\\\:}:\${value#*$'\\t'}")
  done
  # -U: an id may stand for what was typed of a title.
  (( $#pairs )) && _describe -V 'todo' pairs -U -Q
}
compdef _todo todo
`,
  fish: `# todo completion fish: todo completion fish > ~/.config/fish/completions/todo.fish
function __todo_complete
    todo __complete (commandline -cp) 2>/dev/null | string match -v ':files*'
end
complete -c todo -f -a '(__todo_complete)'
complete -c todo -n '__fish_seen_subcommand_from import' -F
`,
}
