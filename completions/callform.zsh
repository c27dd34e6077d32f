#compdef callform
# Completion for zsh. Load it with: source <(callform completion zsh), after compinit; or save it as _callform in $fpath.
# The words come from `callform __complete`, which reads them from the program itself, so this file does not go stale.

_callform() {
  local line value meaning
  local -a lines values shown
  lines=("${(@f)$(callform __complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
  for line in "${(@)lines[2,-1]}"; do
    value=${line%%$'\t'*}
    meaning=${line#*$'\t'}
    values+=("$value")
    shown+=("$value${meaning:+  $meaning}")
  done
  case $lines[1] in
    files) _files ;;
    folders) _files -/ ;;
    *) compadd -l -d shown -a values ;;
  esac
}

if [[ $funcstack[1] == _callform ]]; then
  _callform "$@"
else
  compdef _callform callform
fi
